from django.conf import settings
from django.db import models
from django.db.models import Value

from config.lib.rows import ChangingRow


class Draft(ChangingRow):
    """A post in the making, as its form stood."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", db_index=False, help_text="Whose."
    )
    title = models.CharField(max_length=200, blank=True, help_text="Heading so far.")
    content = models.TextField(blank=True, help_text="Text so far, at most 2,000 characters.")
    key = models.CharField(  # noqa: DJ001
        max_length=255, null=True, blank=True, editable=False, help_text="The form it was first kept from."
    )
    rest = models.JSONField(
        default=dict,
        db_default=Value({}, output_field=models.JSONField()),
        help_text="What else stood in the form, by the names of its fields.",
    )

    class Meta(ChangingRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"], condition=models.Q(key__isnull=False), name="social_draft_key_once"
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="social_draft_user")]

    def __str__(self) -> str:
        return self.title or self.content[:60]
