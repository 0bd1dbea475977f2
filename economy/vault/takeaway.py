"""What the vault adds to a copy of a member's data."""

from collections.abc import Iterable
from typing import Any

from accounts.departures import parts
from accounts.departures.takeaway import values
from accounts.members.models import User
from economy.vault.models import VaultDeposit


def register() -> None:
    """Add the part; called from `ready()`."""
    parts.register("vault", _deposits, says="What waits in your vault, or has waited there.")


def _deposits(member: User) -> Iterable[dict[str, Any]]:
    return values(
        VaultDeposit.objects.filter(wallet__user=member).order_by("id"),
        "amount",
        "source_kind",
        "source_transfer_id",
        "created_at",
        "unlock_at",
        "unlocked_at",
    )
