from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.wallets import rules
from config.lib.money import ZERO, CoinsField
from config.lib.rows import ChangingRow, Row


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
    # What a gift asks about the gifts before it. Here it costs nothing: the row is written anyway, under its lock.
    gifts_on = models.DateField(null=True, blank=True, help_text="UTC day of the last gift.")
    gifts_coins = CoinsField(default=ZERO, db_default=ZERO, help_text="Coins given away as gifts on that day.")
    gifts_since = models.DateTimeField(null=True, blank=True, help_text="Beginning of the minute that is counted.")
    gifts_times = models.PositiveIntegerField(default=0, db_default=0, help_text="Gifts since then.")

    class Meta(ChangingRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(locked_balance__gte=0, balance__gte=F("locked_balance")),
                name="accounts_wallet_covers_locks",
            ),
        ]
        indexes = [
            models.Index(fields=["loyalty_tier"], name="accounts_wallet_tier"),
        ]

    def __str__(self) -> str:
        return f"wallet of {self.user_id}"

    @property
    def available(self) -> Decimal:
        """What can be spent now."""
        return self.balance - self.locked_balance


class Network(models.TextChoices):
    """Networks whose addresses sign as EIP-191 says; one key has the same address on all of them."""

    ETHEREUM = "ethereum", "Ethereum"
    POLYGON = "polygon", "Polygon"
    ARBITRUM = "arbitrum", "Arbitrum"
    OPTIMISM = "optimism", "Optimism"
    BASE = "base", "Base"
    GNOSIS = "gnosis", "Gnosis"


class WalletAddress(ChangingRow):
    """An address on another network that a member has proved to hold the key of."""

    class Type(models.TextChoices):
        EVM = "EVM", _("Ethereum account")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="wallet_addresses",
        db_index=False,
        help_text="Whose it is.",
    )
    address = models.CharField(max_length=42, help_text="With the capitals of its checksum (EIP-55).")
    network = models.CharField(max_length=20, choices=Network.choices, help_text="On which network.")
    type = models.CharField(max_length=10, choices=Type.choices, default=Type.EVM, help_text="Kind of account.")
    is_primary = models.BooleanField(default=False, help_text="The one to use on its network.")
    is_verified = models.BooleanField(default=False, help_text="Whether the member signed with its key.")
    verified_at = models.DateTimeField(null=True, blank=True, help_text="When they did.")

    class Meta(ChangingRow.Meta):
        verbose_name_plural = "wallet addresses"
        constraints = [
            models.UniqueConstraint(Lower("address"), "network", name="accounts_walletaddress_once"),
            models.UniqueConstraint(
                fields=["user", "network"], condition=Q(is_primary=True), name="accounts_walletaddress_one_primary"
            ),
        ]
        indexes = [models.Index(fields=["user"], name="accounts_walletaddress_user")]

    def __str__(self) -> str:
        return f"{self.address} on {self.network}"

    @property
    def shortened(self) -> str:
        """Its ends, for sentences."""
        return rules.shortened(self.address)


class AddressChallenge(Row):
    """A text that a member was asked to sign with the key of an address; good once, for ten minutes."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, help_text="Who was asked."
    )
    address = models.CharField(max_length=42, help_text="Whose key is to sign.")
    network = models.CharField(max_length=20, choices=Network.choices, help_text="On which network.")
    words = models.TextField(help_text="The exact text to sign: site, address, nonce, expiry.")
    expires_at = models.DateTimeField(help_text="Useless after.")
    used_at = models.DateTimeField(null=True, blank=True, help_text="When a signature was looked at.")

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at"], name="accounts_challenge_user"),
            models.Index(fields=["expires_at"], name="accounts_challenge_expiry"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def shortened(self) -> str:
        """The address's ends, for sentences."""
        return rules.shortened(self.address)
