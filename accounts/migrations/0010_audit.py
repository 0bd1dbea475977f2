from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_proofs_in_sessions"),
        ("config", "0003_touch"),
        ("constance", "0003_drop_pickle"),
    ]

    operations = [run_file(__file__, "0010_audit")]
