from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Hashtags are counted, and changed comments are marked as posts are."""

    dependencies = [("social", "0042_scores_of_posts")]

    operations = [run_file(__file__, "0045_words")]
