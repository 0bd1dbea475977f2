from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes on the table of members, built while members go on."""

    atomic = False

    dependencies = [("accounts", "0004_accounts_to_live_with")]

    operations = [
        AddIndexConcurrently(
            model_name="user",
            index=models.Index(
                condition=models.Q(("status", "SUSPENDED")), fields=["status_until"], name="accounts_user_suspended"
            ),
        ),
        AddIndexConcurrently(
            model_name="user",
            index=models.Index(
                condition=models.Q(("erased_at", None), ("status", "CLOSED")),
                fields=["erased_after"],
                name="accounts_user_closing",
            ),
        ),
    ]
