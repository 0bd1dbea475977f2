from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Who stood on the other side is told behind the wall too, to the owner of the asking wallet."""

    dependencies = [("economy", "0065_own_postings")]

    operations = [run_file(__file__, "0066_behind_the_wall")]
