from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """What is found no longer depends on how its letters are put together."""

    dependencies = [("social", "0072_apart_and_in_order")]

    operations = [run_file(__file__, "0073_words_of_one_form")]
