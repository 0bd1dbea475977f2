"""What the ledger adds to a copy of a member's data."""

from collections.abc import Iterable
from typing import Any

from accounts.departures import parts
from accounts.departures.takeaway import values
from accounts.members.models import User
from accounts.wallets.models import Wallet
from economy.ledger import queries


def register() -> None:
    """Add the parts; called from `ready()`."""
    parts.register("wallet", _wallet, says="Your wallet as it is now.")
    parts.register("statement", _statement, says="Every movement of your coins, oldest first.")


def _wallet(member: User) -> Iterable[dict[str, Any]]:
    return values(
        Wallet.objects.filter(user=member),
        "balance",
        "locked_balance",
        "total_earned",
        "total_spent",
        "total_tax_paid",
        "total_stipend_received",
        "loyalty_tier",
        "created_at",
    )


def _statement(member: User) -> Iterable[dict[str, Any]]:
    """The member's own side of each movement, with the words that came with it."""
    fields = ("created_at", "kind", "amount", "balance_before", "balance_after", "transfer_id")
    for wallet in Wallet.objects.filter(user=member):
        for some in queries.in_pieces(queries.statement(wallet=wallet), size=1000):
            for line in some:
                yield {name: getattr(line, name) for name in fields} | {"words": line.transfer.description}
