from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("social", "0007_boundaries"), ("accounts", "0007_departures")]

    operations = [run_file(__file__, "0008_words_of_the_erased")]
