from django.conf import settings
from django.db import models

from config.lib.rows import Row


class Follow(Row):
    """An account follows a page."""

    follower = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="follows",
        db_index=False,
        help_text="Who follows.",
    )
    page = models.ForeignKey("accounts.Page", models.CASCADE, related_name="followers", help_text="Which page.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follower", "page"], name="social_follow_once")]

    def __str__(self) -> str:
        return f"{self.follower_id} → {self.page_id}"
