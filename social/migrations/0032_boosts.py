from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("social", "0031_boost_table"), ("economy", "0011_lighter_movements")]

    operations = [run_file(__file__, "0032_boosts")]
