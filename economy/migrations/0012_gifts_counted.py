from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("economy", "0011_lighter_movements")]

    operations = [run_file(__file__, "0012_gifts_counted")]
