from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Bounties are promised, paid and given back."""

    dependencies = [("social", "0061_polls"), ("economy", "0070_bounties")]

    operations = [run_file(__file__, "0062_bounties")]
