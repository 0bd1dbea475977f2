from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Co-authors have a part of what their post is tipped."""

    dependencies = [
        ("social", "0051_threads_of_old"),
        ("accounts", "0020_lighter_indexes"),
        ("economy", "0020_vault_and_withdrawals"),
    ]

    operations = [run_file(__file__, "0052_tips_are_shared")]
