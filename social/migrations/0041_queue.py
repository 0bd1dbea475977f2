from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """The queue of levels runs; trending posts and hidden gems have their scores."""

    dependencies = [("social", "0040_queue_levels")]

    operations = [run_file(__file__, "0041_queue")]
