from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """A tip is answered as columns."""

    dependencies = [("social", "0034_returns_are_told")]

    operations = [run_file(__file__, "0035_tips_in_columns")]
