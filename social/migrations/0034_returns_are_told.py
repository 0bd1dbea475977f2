from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Tips that come back are told of."""

    dependencies = [("social", "0033_tips_counted"), ("accounts", "0020_lighter_indexes")]

    operations = [run_file(__file__, "0034_returns_are_told")]
