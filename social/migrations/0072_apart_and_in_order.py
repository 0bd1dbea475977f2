from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Nothing of a tip reaches a co-author across a block; boosts take their locks in the order of all others."""

    dependencies = [("social", "0071_bounties_in_plural"), ("accounts", "0022_names_in_order")]

    operations = [run_file(__file__, "0072_apart_and_in_order")]
