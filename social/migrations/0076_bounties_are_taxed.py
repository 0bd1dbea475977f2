from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """The tax counts what is promised until it is awarded."""

    dependencies = [("social", "0075_bounties_that_ended"), ("economy", "0071_set_aside")]

    operations = [run_file(__file__, "0076_bounties_are_taxed")]
