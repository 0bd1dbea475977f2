from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("social", "0003_uncounted_tips"), ("economy", "0002_ledger"), ("config", "0002_ids_and_months")]

    operations = [run_file(__file__, "0004_feed")]
