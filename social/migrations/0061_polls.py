from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Votes are counted, polls are closed."""

    dependencies = [("social", "0060_polls_close"), ("accounts", "0020_lighter_indexes")]

    operations = [run_file(__file__, "0061_polls")]
