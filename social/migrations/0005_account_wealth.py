from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("social", "0004_feed"), ("accounts", "0001_initial")]

    operations = [run_file(__file__, "0005_account_wealth")]
