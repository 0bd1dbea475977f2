from django.db import models
from django.db.models import Q

from config.lib.money import CoinsField
from config.lib.rows import ChangingRow


class VaultDeposit(ChangingRow):
    """The part of one earning that waits in the vault; it has the id of its lock."""

    wallet = models.ForeignKey(
        "accounts.Wallet", models.PROTECT, related_name="+", db_index=False, help_text="Whose coins."
    )
    lock = models.OneToOneField(
        "economy.Lock", models.PROTECT, related_name="vault_deposit", help_text="What ties them up."
    )
    source_transfer_id = models.UUIDField(help_text="The transfer that brought the earning.")
    source_kind = models.CharField(max_length=20, help_text="What was earned: the kind of that transfer.")
    amount = CoinsField(help_text="How many coins.")
    unlock_at = models.DateTimeField(help_text="When they come free.")
    unlocked_at = models.DateTimeField(null=True, blank=True, help_text="When they came free; empty while locked.")

    class Meta(ChangingRow.Meta):
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="economy_vaultdeposit_amount")]
        indexes = [models.Index(fields=["wallet", "-id"], name="economy_vaultdeposit_wallet")]

    def __str__(self) -> str:
        return f"{self.amount} until {self.unlock_at:%Y-%m-%d}"
