from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Of tips that were taken back no more is told."""

    dependencies = [("social", "0077_bounties_of_a_day")]

    operations = [run_file(__file__, "0078_take_backs_are_told")]
