from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Postings are their owner's, for every role but the owner of the tables."""

    dependencies = [("economy", "0060_faster_movements")]

    operations = [run_file(__file__, "0065_own_postings")]
