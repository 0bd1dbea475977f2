"""Reads about the vault."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Min, QuerySet, Sum

from accounts.wallets.models import Wallet
from config.lib.ids import first_id_at
from config.lib.money import ZERO
from config.lib.pagination import Keyset
from economy.ledger.models import Posting
from economy.vault.models import VaultDeposit

DEPOSITS = Keyset("-id")


@dataclass(frozen=True)
class Summary:
    """What a wallet has in the vault, and what comes free next: how much, when (None when the vault is empty)."""

    total: Decimal
    count: int
    next_amount: Decimal
    next_at: datetime | None


def deposits_of(wallet: Wallet) -> QuerySet[VaultDeposit]:
    """All deposits of a wallet, locked and free, to be read in the order of DEPOSITS (newest first)."""
    return VaultDeposit.objects.filter(wallet=wallet)


def deposit_from(earning: Posting) -> VaultDeposit | None:
    """What of an earning went to the vault, if it is of a kind that does. Ids carry the time, so few rows are read."""
    if earning.amount <= ZERO or earning.wallet_id is None:
        return None
    later = VaultDeposit.objects.filter(wallet=earning.wallet_id, id__gte=first_id_at(earning.created_at))
    return later.filter(source_transfer_id=earning.transfer_id).first()


def summary_of(wallet: Wallet) -> Summary:
    """What is locked, and what comes free next: together, what the first of them comes free with."""
    locked = deposits_of(wallet).filter(unlocked_at=None)
    found = locked.aggregate(total=Sum("amount"), count=Count("id"), next_at=Min("unlock_at"))
    next_amount = ZERO
    if found["next_at"] is not None:
        next_amount = locked.filter(unlock_at=found["next_at"]).aggregate(total=Sum("amount"))["total"] or ZERO
    return Summary(
        total=found["total"] or ZERO, count=found["count"], next_amount=next_amount, next_at=found["next_at"]
    )
