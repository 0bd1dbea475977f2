from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Notices of members with whom their reader keeps apart are neither shown nor counted."""

    dependencies = [
        ("accounts", "0022_names_in_order"),
    ]

    operations = [run_file(__file__, "0023_notices_apart")]
