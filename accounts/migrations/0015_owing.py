from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_notices_by_time"), ("config", "0002_ids_and_months")]

    operations = [run_file(__file__, "0015_owing")]
