from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("social", "0006_one_touch_for_all"), ("accounts", "0005_indexes_beside_readers")]

    operations = [run_file(__file__, "0007_boundaries")]
