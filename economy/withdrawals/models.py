import json

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.wallets.models import Wallet
from config.lib.answers import LONGEST_KEY
from config.lib.crypto import SealedTextField
from config.lib.money import CoinsField
from config.lib.rows import ChangingRow
from economy.withdrawals import rules


class WithdrawalRequest(ChangingRow):
    """Coins that a member wants paid out; locked until staff have decided."""

    class Method(models.TextChoices):
        BANK = "BANK", _("Bank transfer")
        PAYPAL = "PAYPAL", _("PayPal")
        CRYPTO = "CRYPTO", _("Blockchain address")
        GIFT_CARD = "GIFT_CARD", _("Gift card")

    class Status(models.TextChoices):
        PENDING = "PENDING", _("waiting for staff")
        APPROVED = "APPROVED", _("approved, to be paid")
        PAID = "PAID", _("paid")
        REJECTED = "REJECTED", _("rejected")
        CANCELLED = "CANCELLED", _("cancelled")

    wallet = models.ForeignKey(
        "accounts.Wallet", models.PROTECT, related_name="+", db_index=False, help_text="Whose coins."
    )
    lock = models.OneToOneField(
        "economy.Lock", models.PROTECT, related_name="withdrawal_request", help_text="What ties them up."
    )
    amount = CoinsField(help_text="Coins that leave the wallet.")
    fee = CoinsField(help_text="What the treasury keeps of them.")
    net_amount = CoinsField(help_text="What is paid out: amount less fee.")
    tier = models.CharField(max_length=10, choices=Wallet.Tier.choices, help_text="The member's tier when asking.")
    fee_rate = models.DecimalField(max_digits=5, decimal_places=4, help_text="Share kept, by that tier.")
    method = models.CharField(max_length=10, choices=Method.choices, help_text="How it is paid.")
    details = SealedTextField(
        blank=True, help_text="Where to, as JSON; encrypted. Emptied when the member's account is erased."
    )
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.PENDING, help_text="Where it stands."
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who of the staff approved or rejected it.",
    )
    reviewed_at = models.DateTimeField(null=True, blank=True, help_text="When.")
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was approved or rejected.")
    payer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who of the staff paid it.",
    )
    paid_at = models.DateTimeField(null=True, blank=True, help_text="When it was marked as paid.")
    reference = models.CharField(max_length=100, blank=True, help_text="Of the payment: what the other side shows.")
    transfer_id = models.UUIDField(null=True, blank=True, help_text="The transfer that took the coins.")
    cancelled_at = models.DateTimeField(
        null=True, blank=True, help_text="When the member, or the end of their account, took it back."
    )
    key = models.CharField(  # noqa: DJ001 - one without key is no duplicate of another
        max_length=LONGEST_KEY, null=True, blank=True, help_text="The command's key: sent again, it finds this row."
    )

    class Meta(ChangingRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, fee__gte=0, net_amount__gte=0, net_amount=F("amount") - F("fee")),
                name="economy_withdrawal_net",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["PENDING", "CANCELLED"])
                | Q(reviewer__isnull=False, reviewed_at__isnull=False) & ~Q(reason=""),
                name="economy_withdrawal_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(status="PAID", transfer_id__isnull=False, payer__isnull=False, paid_at__isnull=False)
                & ~Q(reference="")
                | ~Q(status="PAID") & Q(transfer_id=None, paid_at=None),
                name="economy_withdrawal_paid",
            ),
            models.CheckConstraint(
                condition=Q(status="CANCELLED", cancelled_at__isnull=False)
                | ~Q(status="CANCELLED") & Q(cancelled_at=None),
                name="economy_withdrawal_cancelled",
            ),
            models.UniqueConstraint(fields=["wallet", "key"], name="economy_withdrawal_once"),
        ]
        indexes = [
            models.Index(fields=["wallet", "-id"], name="economy_withdrawal_wallet"),
            models.Index(
                fields=["id"], name="economy_withdrawal_open", condition=Q(status__in=["PENDING", "APPROVED"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.pk}"

    @property
    def details_given(self) -> dict[str, str]:
        """Where to, by name of the field; empty once the account is erased."""
        try:
            return json.loads(self.details) if self.details else {}
        except ValueError:
            return {}  # sealed with a key that is gone

    @property
    def where_to(self) -> str:
        """Where to, by its ends: for lists that somebody may look over one's shoulder at."""
        return rules.shortened(self.method, self.details_given)

    @property
    def is_pending(self) -> bool:
        return self.status == self.Status.PENDING

    @property
    def is_off(self) -> bool:
        """Whether nothing of it is paid out: rejected or cancelled."""
        return self.status in (self.Status.REJECTED, self.Status.CANCELLED)
