from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("economy", "0009_grants_by_two"), ("accounts", "0013_erased_in_audit")]

    operations = [run_file(__file__, "0010_brackets_in_audit")]
