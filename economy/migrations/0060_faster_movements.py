from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """A movement costs the same however many there were that day."""

    dependencies = [("economy", "0040_statement"), ("accounts", "0020_lighter_indexes")]

    operations = [
        migrations.RemoveIndex(model_name="rewardrule", name="economy_rewardrule_trigger"),
        run_file(__file__, "0060_faster_movements"),
    ]
