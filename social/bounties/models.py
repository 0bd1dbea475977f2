from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from config.lib.money import CoinsField
from config.lib.rows import ChangingRow


class Bounty(ChangingRow):
    """Coins that wait for the best answer to a post."""

    post = models.OneToOneField("social.Post", models.PROTECT, related_name="bounty", help_text="Which post promises.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="bounties", help_text="Who put the coins in."
    )
    amount = CoinsField(help_text="How much.")
    ends_at = models.DateTimeField(help_text="Until when an answer can be chosen; then the coins go back.")
    transfer_id = models.UUIDField(help_text="The movement into the content fund.")
    comment = models.ForeignKey(
        "social.Comment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bounties",
        help_text="The chosen answer.",
    )
    awarded_at = models.DateTimeField(null=True, blank=True, help_text="When it was paid for the answer.")
    returned_at = models.DateTimeField(null=True, blank=True, help_text="When it went back.")
    resolved_by = models.UUIDField(null=True, blank=True, help_text="The movement out of the content fund.")

    class Meta(ChangingRow.Meta):
        verbose_name_plural = "bounties"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="social_bounty_amount"),
            models.CheckConstraint(
                condition=Q(awarded_at=None) | Q(returned_at=None), name="social_bounty_resolved_once"
            ),
            models.CheckConstraint(
                condition=Q(awarded_at=None, comment=None) | Q(awarded_at__isnull=False, comment__isnull=False),
                name="social_bounty_chosen",
            ),
            models.CheckConstraint(
                condition=Q(awarded_at=None, returned_at=None, resolved_by=None) | Q(resolved_by__isnull=False),
                name="social_bounty_moved",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], name="social_bounty_open", condition=Q(awarded_at=None, returned_at=None)),
            models.Index(Coalesce("awarded_at", "returned_at"), name="social_bounty_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.post_id}"
