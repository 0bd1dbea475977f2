from django.db import migrations

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Whoever posts has posted last now."""

    dependencies = [("social", "0069_similar_names"), ("accounts", "0021_last_posted_at")]

    operations = [run_file(__file__, "0070_last_posted_at")]
