from django.conf import settings
from django.db import models
from django.db.models import Q

from config.lib.rows import ChangingRow


class CoAuthor(ChangingRow):
    """A page that is to share in the tips of a post."""

    class Answer(models.TextChoices):
        WAITING = "WAITING"
        YES = "YES"
        NO = "NO"

    post = models.ForeignKey(
        "social.Post", models.CASCADE, related_name="coauthors", db_index=False, help_text="Of which post."
    )
    page = models.ForeignKey("accounts.Page", models.PROTECT, related_name="+", help_text="Named as.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="coauthored", help_text="The account behind it."
    )
    share = models.DecimalField(
        max_digits=5, decimal_places=4, help_text="Of the creator's share; 0.2500 is a quarter."
    )
    answer = models.CharField(
        max_length=7, choices=Answer.choices, default=Answer.WAITING, help_text="What they have said to it."
    )
    answered_at = models.DateTimeField(null=True, blank=True, help_text="When they said it.")

    class Meta(ChangingRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["post", "user"], name="social_coauthor_once"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lt=1), name="social_coauthor_share"),
        ]

    @property
    def percent(self) -> int:
        """The share in whole percents, as it was asked."""
        return int(self.share * 100)

    def __str__(self) -> str:
        return f"{self.page_id} of {self.post_id}"
