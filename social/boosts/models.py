from django.conf import settings
from django.db import models
from django.db.models import F, Q

from config.lib.money import CoinsField
from config.lib.rows import Row


class Boost(Row):
    """A boost of a post by its author; it has the id of its transfer."""

    post = models.ForeignKey(
        "social.Post", models.PROTECT, related_name="boosts", db_index=False, help_text="Which post."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="boosts", db_index=False, help_text="Who paid for it."
    )
    amount = CoinsField(help_text="What it cost.")
    ends_at = models.DateTimeField(help_text="Until when it runs: the post can be boosted again then.")
    level_before = models.SmallIntegerField(help_text="The level that the post was on.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="social_boost_amount"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("created_at")), name="social_boost_ends"),
        ]
        indexes = [
            models.Index(fields=["post", "-ends_at"], name="social_boost_post"),
            models.Index(fields=["user", "-ends_at"], name="social_boost_user"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} until {self.ends_at:%Y-%m-%d %H:%M}"
