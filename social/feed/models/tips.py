from django.conf import settings
from django.db import models
from django.db.models import F, Q

from config.lib.money import CoinsField
from config.lib.rows import ChangingRow, Row


class Tip(ChangingRow):
    """Coins given to a post or comment; they wait in the content fund until one of three things happens."""

    spender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="tips_given",
        db_index=False,
        help_text="Who gave.",
    )
    spender_page = models.ForeignKey(
        "accounts.Page",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The page it was given as.",
    )
    post = models.ForeignKey(
        "social.Post",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tips",
        db_index=False,
        help_text="The post tipped,",
    )
    comment = models.ForeignKey(
        "social.Comment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tips",
        db_index=False,
        help_text="or the comment.",
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="tips_received",
        db_index=False,
        help_text="Who wrote it.",
    )
    recipient_page = models.ForeignKey(
        "accounts.Page",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The page it was written as.",
    )
    amount = CoinsField(help_text="What was given.")
    to_creator = CoinsField(help_text="The writer's share at settlement.")
    to_treasury = CoinsField(help_text="The treasury's share at settlement.")
    burned = CoinsField(help_text="The share that is burned at settlement.")
    transfer_id = models.UUIDField(help_text="The movement into the content fund, whose id the tip has as well.")
    can_unlike_until = models.DateTimeField(help_text="Until when it can be taken back.")
    unliked_at = models.DateTimeField(null=True, blank=True, help_text="When it went back to its giver.")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When it was settled.")

    class Meta(ChangingRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, to_creator__gte=0, to_treasury__gte=0, burned__gte=0)
                & Q(amount=F("to_creator") + F("to_treasury") + F("burned")),
                name="social_tip_split",
            ),
            models.CheckConstraint(condition=~Q(spender=F("recipient")), name="social_tip_not_oneself"),
            models.CheckConstraint(
                condition=Q(post__isnull=False, comment__isnull=True) | Q(post__isnull=True, comment__isnull=False),
                name="social_tip_one_target",
            ),
            models.CheckConstraint(condition=Q(unliked_at=None) | Q(settled_at=None), name="social_tip_resolved_once"),
        ]
        indexes = [
            models.Index(fields=["spender", "-id"], name="social_tip_spender"),
            models.Index(fields=["recipient", "settled_at"], name="social_tip_recipient"),
            models.Index(fields=["post", "spender"], name="social_tip_post", condition=Q(post__isnull=False)),
            models.Index(fields=["comment", "spender"], name="social_tip_comment", condition=Q(comment__isnull=False)),
            models.Index(
                fields=["can_unlike_until"],
                name="social_tip_open",
                condition=Q(unliked_at=None, settled_at=None),
            ),
            models.Index(fields=["settled_at"], name="social_tip_settled", condition=Q(settled_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} by {self.spender_id}"


class TipShare(Row):
    """A co-author's part of the creator's share of a tip, fixed when the tip was given. The writer has what is left."""

    tip = models.ForeignKey(Tip, models.PROTECT, related_name="shares", db_index=False, help_text="Of which tip.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tip_shares", help_text="Whose part."
    )
    coins = CoinsField(help_text="How much of it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tip", "user"], name="social_tipshare_once"),
            models.CheckConstraint(condition=Q(coins__gt=0), name="social_tipshare_coins"),
        ]

    def __str__(self) -> str:
        return f"{self.coins} to {self.user_id}"


class UncountedTip(models.Model):
    """A tip that its post's figures do not hold yet, so that those who tip one post at once need not queue up.

    Made in the transaction of the tip, deleted by the one that counts it, right after or else within a minute.
    """

    tip_id = models.UUIDField(primary_key=True, help_text="The tip.")
    is_first = models.BooleanField(help_text="Whether its giver had no other tip on the post.")

    def __str__(self) -> str:
        return str(self.tip_id)
