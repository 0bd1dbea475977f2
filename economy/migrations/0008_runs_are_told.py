from uuid import UUID

from django.db import migrations, models

_UPTO = "The last wallet whose member is owed a notice of it."
_AT = "When all its members were owed a notice of it."


class Migration(migrations.Migration):
    dependencies = [("economy", "0007_left_behind"), ("accounts", "0015_owing")]

    operations = [
        operation
        for model in ("taxrun", "stipendrun")
        for operation in (
            migrations.AddField(
                model,
                "told_upto",
                models.UUIDField(default=UUID(int=0), db_default=UUID(int=0), help_text=_UPTO),
            ),
            migrations.AddField(model, "told_at", models.DateTimeField(null=True, blank=True, help_text=_AT)),
            # What happened before there were notices is no news.
            migrations.RunSQL(
                f"UPDATE economy_{model} SET told_at = finished_at WHERE status = 'DONE'",  # noqa: S608
                migrations.RunSQL.noop,
            ),
        )
    ]
