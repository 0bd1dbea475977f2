from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("economy", "0002_ledger")]

    operations = [run_file(__file__, "0003_weekly_cycle")]
