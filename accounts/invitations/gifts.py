"""How an invitation's gift is paid. The ledger, which stands above this room, registers itself in `ready()`."""

from collections.abc import Callable

# Takes inviter, member, coins, invitation_id and at, all by keyword; may refuse with whatever a gift refuses with.
Payer = Callable[..., None]

_payers: list[Payer] = []


def on_gift(payer: Payer) -> None:
    """Register who pays gifts. It runs in the joining transaction: if it refuses, nobody has joined."""
    if payer not in _payers:
        _payers.append(payer)


def payers() -> list[Payer]:
    """Everyone who has a part in paying."""
    return list(_payers)
