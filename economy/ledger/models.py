from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.lib.money import CoinsField
from config.lib.rows import ChangingRow, Row
from config.lib.walls import Walled


class Fund(models.TextChoices):
    """An account of the community, not of a member."""

    ISSUANCE = "issuance", _("issuance")
    TREASURY = "treasury", _("treasury")
    CONTENT = "content", _("tips and bounties on content")
    ORDERS = "orders", _("orders in their refund window")
    BURNED = "burned", _("burned")
    PAYOUT = "payout", _("paid out")


class TransferKind(models.TextChoices):
    """What a movement of coins is (economy.md, movements)."""

    SIGNUP_GRANT = "SIGNUP_GRANT", _("Welcome grant")
    STAFF_GRANT = "STAFF_GRANT", _("Grant by staff")
    DEPOSIT = "DEPOSIT", _("Deposit")
    TIP = "TIP", _("Tip")
    TIP_REFUND = "TIP_REFUND", _("Tip returned")
    TIP_SETTLEMENT = "TIP_SETTLEMENT", _("Tip received")
    COMMENT_FEE = "COMMENT_FEE", _("Paid comment")
    POST_FEE = "POST_FEE", _("Rapid post")
    BOOST = "BOOST", _("Boost")
    BOUNTY = "BOUNTY", _("Bounty")
    BOUNTY_AWARD = "BOUNTY_AWARD", _("Bounty received")
    BOUNTY_RETURN = "BOUNTY_RETURN", _("Bounty returned")
    GIFT = "GIFT", _("Gift")
    TAX = "TAX", _("Weekly tax")
    STIPEND = "STIPEND", _("Weekly stipend")
    REWARD = "REWARD", _("Reward")
    PURCHASE = "PURCHASE", _("Purchase")
    PURCHASE_REFUND = "PURCHASE_REFUND", _("Purchase refunded")
    SALE_SETTLEMENT = "SALE_SETTLEMENT", _("Sale settled")
    WITHDRAWAL = "WITHDRAWAL", _("Withdrawal")
    DEPOSIT_FORFEITED = "DEPOSIT_FORFEITED", _("Proposal deposit forfeited")
    TREASURY_PAYMENT = "TREASURY_PAYMENT", _("Payment from the treasury")
    LEFT_BEHIND = "LEFT_BEHIND", _("Left to the treasury")
    CORRECTION = "CORRECTION", _("Correction")


class Transfer(Row):
    """One movement of coins; never edited. Partitioned by month of its id."""

    class Status(models.TextChoices):
        COMPLETED = "COMPLETED", _("completed")

    class Channel(models.TextChoices):
        WEB = "WEB", _("page")
        API = "API", _("API")
        ADMIN = "ADMIN", _("staff")
        JOB = "JOB", _("job")

    kind = models.CharField(max_length=20, choices=TransferKind.choices, help_text="What it is; the source's type.")
    trigger = models.CharField(max_length=100, help_text="What caused it, as kind and reference name it.")
    channel = models.CharField(max_length=10, choices=Channel.choices, help_text="Which door it came through.")
    description = models.CharField(max_length=300, blank=True, help_text="Words of the member or of staff.")
    metadata = models.JSONField(default=dict, help_text="Facts of the kind, such as the formula's figures.")
    reference_type = models.CharField(max_length=50, blank=True, help_text="Kind of row that caused it.")
    reference_id = models.UUIDField(null=True, help_text="Row that caused it.")
    status = models.CharField(
        max_length=10,
        choices=Status.choices,
        default=Status.COMPLETED,
        db_default="COMPLETED",
        help_text="A transfer is written when it is done.",
    )
    transaction_hash = models.CharField(max_length=100, blank=True, db_default="", help_text="Hash on another network.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who did it; empty for jobs.",
    )
    reverses = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="reversed_by",
        db_index=False,
        help_text="The transfer that it mends.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["kind", "id"], name="economy_transfer_kind"),
            models.Index(
                fields=["reference_id", "reference_type"],
                name="economy_transfer_cause",
                condition=Q(reference_id__isnull=False),
            ),
            models.Index(fields=["reverses"], name="economy_transfer_reverses", condition=Q(reverses__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Posting(Row):
    """One line of a transfer, on a wallet or on a fund; never edited. Partitioned by month of its id.

    Its id begins with the same milliseconds as its transfer's, so both lie in the same month. Of what is `served_to` a
    member the database shows their own alone.
    """

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="postings", help_text="The movement.")
    wallet = models.ForeignKey(
        "accounts.Wallet",
        models.PROTECT,
        null=True,
        related_name="postings",
        db_index=False,
        help_text="Whose wallet.",
    )
    fund = models.CharField(max_length=10, choices=Fund.choices, null=True, help_text="Or which fund.")  # noqa: DJ001
    kind = models.CharField(max_length=20, choices=TransferKind.choices, help_text="The transfer's kind, for filters.")
    amount = CoinsField(help_text="Signed: what the wallet or fund gained.")
    balance_before = CoinsField(null=True, help_text="The wallet's balance before.")
    balance_after = CoinsField(null=True, help_text="The wallet's balance after.")
    lock_version = models.BigIntegerField(null=True, help_text="The wallet's version after; orders its postings.")

    objects = Walled.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="economy_posting_moves"),
            models.CheckConstraint(
                condition=Q(
                    wallet__isnull=False,
                    fund__isnull=True,
                    lock_version__isnull=False,
                    balance_before__isnull=False,
                    balance_after=F("balance_before") + F("amount"),
                    balance_after__gte=0,
                )
                | Q(
                    wallet__isnull=True,
                    fund__isnull=False,
                    lock_version__isnull=True,
                    balance_before__isnull=True,
                    balance_after__isnull=True,
                ),
                name="economy_posting_one_side",
            ),
            models.CheckConstraint(condition=Q(fund__in=Fund.values) | Q(fund=None), name="economy_posting_fund"),
        ]
        indexes = [
            models.Index(fields=["wallet", "-lock_version"], name="economy_posting_statement"),
            models.Index(fields=["fund", "id"], name="economy_posting_fund_id", condition=Q(fund__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.pk}"


class TransferKey(Row):
    """An idempotency key that has moved coins. A table of its own, because uniqueness cannot span partitions."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, help_text="Whose key."
    )
    key = models.CharField(max_length=255, help_text="The key as the caller gave it.")
    fingerprint = models.CharField(max_length=32, help_text="Digest of what was to be moved.")
    transfer_id = models.UUIDField(help_text="The movement that the key made.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="economy_transferkey_once")]

    def __str__(self) -> str:
        return self.key


class FundBalance(models.Model):
    """What a fund held when its entries were last rolled up. Its balance is this plus the entries still waiting."""

    fund = models.CharField(max_length=10, choices=Fund.choices, primary_key=True, help_text="Which fund.")
    balance = CoinsField(help_text="Sum of all entries rolled up so far.")
    rolled_up_at = models.DateTimeField(help_text="When that was.")

    def __str__(self) -> str:
        return f"{self.fund}: {self.balance}"


class FundEntry(models.Model):
    """What a movement added to a fund and the roll-up has not collected yet. Appended, so nobody waits for a fund."""

    id = models.BigAutoField(primary_key=True, help_text="Number of the entry.")
    fund = models.CharField(max_length=10, choices=Fund.choices, help_text="Which fund.")
    amount = CoinsField(help_text="Signed: what the fund gained.")

    class Meta:
        verbose_name_plural = "fund entries"

    def __str__(self) -> str:
        return f"{self.fund} {self.amount}"


class UnbalancedTransfer(models.Model):
    """A transfer that is not in balance at this moment of a transaction; looked at again, and refused, at commit."""

    transfer_id = models.UUIDField(primary_key=True, help_text="The transfer.")

    def __str__(self) -> str:
        return str(self.transfer_id)


class Lock(ChangingRow):
    """A reason why part of a wallet is tied up."""

    class Kind(models.TextChoices):
        VAULT = "vault", _("vault")
        STAKE = "stake", _("stake")
        WITHDRAWAL = "withdrawal", _("withdrawal")
        DEPOSIT = "deposit", _("deposit")

    wallet = models.ForeignKey("accounts.Wallet", models.PROTECT, related_name="locks", help_text="Whose coins.")
    kind = models.CharField(max_length=10, choices=Kind.choices, help_text="Why.")
    amount = CoinsField(help_text="How many coins.")
    unlock_at = models.DateTimeField(null=True, blank=True, help_text="When it opens by itself, if it does.")
    released_at = models.DateTimeField(null=True, blank=True, help_text="When it was opened; open locks have none.")
    reference_type = models.CharField(max_length=50, blank=True, help_text="Kind of row that asked for it.")
    reference_id = models.UUIDField(null=True, blank=True, help_text="Row that asked for it.")

    class Meta(ChangingRow.Meta):
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="economy_lock_amount")]
        indexes = [
            models.Index(fields=["unlock_at"], name="economy_lock_due", condition=Q(released_at=None)),
            models.Index(fields=["reference_type", "reference_id"], name="economy_lock_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
