from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Awards count among the gifts of a day, and one member has only so many bounties open."""

    dependencies = [("social", "0076_bounties_are_taxed"), ("economy", "0072_given_away")]

    operations = [run_file(__file__, "0077_bounties_of_a_day")]
