from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """How often a member tips is counted where the tips are."""

    dependencies = [("social", "0032_boosts"), ("economy", "0066_behind_the_wall")]

    operations = [run_file(__file__, "0033_tips_counted")]
