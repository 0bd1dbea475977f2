from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("economy", "0030_rewards_tables"), ("accounts", "0015_owing")]

    operations = [run_file(__file__, "0031_rewards")]
