from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("social", "0008_words_of_the_erased"), ("accounts", "0015_owing")]

    operations = [run_file(__file__, "0009_tips_are_told")]
