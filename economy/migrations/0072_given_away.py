from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """What is given away otherwise than as a gift counts among the gifts of its day."""

    dependencies = [("economy", "0071_set_aside")]

    operations = [run_file(__file__, "0072_given_away")]
