"""Pure rules of the vault."""

from datetime import datetime
from decimal import Decimal

from config.lib.money import down


def put_away(earned: Decimal, *, rate: Decimal) -> Decimal:
    """The part of an earning that is locked, rounded down to 0.01: of 2.01 at 10 % it is 0.20, of 0.09 nothing."""
    return down(earned * rate)


def part_waited(*, since: datetime, until: datetime, at: datetime) -> float:
    """How much of its time a deposit has waited, from 0 to 1."""
    whole = (until - since).total_seconds()
    if whole <= 0:
        return 1.0
    return min(1.0, max(0.0, (at - since).total_seconds() / whole))
