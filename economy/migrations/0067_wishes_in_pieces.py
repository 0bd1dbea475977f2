from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """A run of stipends takes no more memory for more members, and pays without touching an index."""

    dependencies = [("economy", "0066_behind_the_wall")]

    operations = [
        migrations.RemoveIndex(model_name="stipenddistribution", name="economy_stipend_owed"),
        run_file(__file__, "0067_wishes_in_pieces"),
    ]
