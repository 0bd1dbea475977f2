from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("social", "0009_tips_are_told"), ("economy", "0020_vault_and_withdrawals")]

    operations = [run_file(__file__, "0020_tips_fill_the_vault")]
