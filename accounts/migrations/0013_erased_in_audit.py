from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_applications_that_led_to_joining")]

    operations = [run_file(__file__, "0013_erased_in_audit")]
