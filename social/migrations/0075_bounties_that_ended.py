from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    """Bounties are found by when they ended; built beside readers and writers."""

    atomic = False

    dependencies = [("social", "0074_words_anew")]

    operations = [
        AddIndexConcurrently(
            model_name="bounty", index=models.Index(Coalesce("awarded_at", "returned_at"), name="social_bounty_ended")
        ),
    ]
