from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.lib.money import ZERO, CoinsField
from config.lib.rows import ChangingRow


class Wallet(ChangingRow):
    """The coins of one member. Written by the SQL functions of economy.ledger and by nothing else."""

    class Tier(models.TextChoices):
        BRONZE = "BRONZE", _("bronze")
        SILVER = "SILVER", _("silver")
        GOLD = "GOLD", _("gold")
        PLATINUM = "PLATINUM", _("platinum")
        DIAMOND = "DIAMOND", _("diamond")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="wallet",
        help_text="The member whose coins these are.",
    )
    balance = CoinsField(default=ZERO, db_default=ZERO, help_text="All coins that are theirs.")
    locked_balance = CoinsField(default=ZERO, db_default=ZERO, help_text="The part that is tied up by open locks.")
    lock_version = models.BigIntegerField(
        default=0, db_default=0, help_text="Rises by one with each change; postings carry it."
    )
    total_earned = CoinsField(default=ZERO, db_default=ZERO, help_text="Coins ever earned from others.")
    total_spent = CoinsField(
        default=ZERO, db_default=ZERO, help_text="Coins ever spent on others, less what came back."
    )
    total_tax_paid = CoinsField(default=ZERO, db_default=ZERO, help_text="Weekly tax ever paid.")
    total_stipend_received = CoinsField(default=ZERO, db_default=ZERO, help_text="Weekly stipends ever received.")
    last_tax_collected_at = models.DateTimeField(null=True, blank=True, help_text="When tax was last taken.")
    last_stipend_received_at = models.DateTimeField(null=True, blank=True, help_text="When a stipend was last paid.")
    loyalty_tier = models.CharField(
        max_length=10,
        choices=Tier.choices,
        default=Tier.BRONZE,
        db_default="BRONZE",
        help_text="Tier by loyal days.",
    )
    withdrawal_fee = models.DecimalField(
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.0700"),
        db_default=Decimal("0.0700"),
        help_text="Share kept of a withdrawal, by tier.",
    )
    last_activity = models.DateTimeField(null=True, blank=True, help_text="When coins last moved.")

    class Meta(ChangingRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(locked_balance__gte=0, balance__gte=F("locked_balance")),
                name="accounts_wallet_covers_locks",
            ),
        ]
        indexes = [
            models.Index(fields=["-balance"], name="accounts_wallet_balance", condition=Q(balance__gt=0)),
            models.Index(fields=["loyalty_tier"], name="accounts_wallet_tier"),
        ]

    def __str__(self) -> str:
        return f"wallet of {self.user_id}"

    @property
    def available(self) -> Decimal:
        """What can be spent now."""
        return self.balance - self.locked_balance
