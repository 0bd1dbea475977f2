from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """From now on words are kept by triggers."""

    dependencies = [("social", "0065_words_tables")]

    operations = [run_file(__file__, "0066_words_found")]
