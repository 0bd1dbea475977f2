from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Answers know the thread that they stand in."""

    dependencies = [("social", "0046_words_to_render")]

    operations = [run_file(__file__, "0050_threads_are_kept")]
