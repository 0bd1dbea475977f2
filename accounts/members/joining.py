"""What else happens when a member joins; apps above add to it in `ready()` (the ledger grants the welcome coins)."""

from collections.abc import Callable
from datetime import datetime

from accounts.members.models import User
from accounts.wallets.models import Wallet

Joiner = Callable[[User, Wallet, datetime], None]

_joiners: list[Joiner] = []


def on_join(joiner: Joiner) -> None:
    """Register a part of joining. It runs in the joining transaction: if it fails, nobody has joined."""
    if joiner not in _joiners:
        _joiners.append(joiner)


def everything_else(*, member: User, wallet: Wallet, at: datetime) -> None:
    """Run all parts, in the order in which they were registered."""
    for joiner in _joiners:
        joiner(member, wallet, at)
