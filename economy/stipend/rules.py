"""The stipend as arithmetic (economy.md, stipend): pure, exact, rounded down to 0.01.

The set-based run does the same in SQL (`queries.py`, migrations/0003_weekly_cycle.sql); tests hold the two against
each other.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import TypeVar

from config.lib.money import CENT, ZERO, down

Member = TypeVar("Member")

NEW_MEMBER_WEEKS = 4
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Wanted:
    """The three parts of a stipend."""

    base: Decimal
    engagement: Decimal = ZERO
    new_member: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.base + self.engagement + self.new_member


def counted(tips: Iterable[tuple[Member, Member, Decimal]], *, pair_max: Decimal) -> dict[Member, Decimal]:
    """What counts of the tips settled to each member: (giver, receiver, coins) → coins per receiver.

    A pair of members is one account between the two: what went one way cancels what came back, and what is left counts
    for its receiver up to `pair_max`. So two who tip each other earn nothing by it, and one generous friend counts for
    no more than `pair_max`.
    """
    between: dict[frozenset[Member], dict[Member, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for giver, receiver, coins in tips:
        pair = between[frozenset((giver, receiver))]
        pair[receiver] += coins
        pair[giver] -= coins
    result: dict[Member, Decimal] = defaultdict(lambda: ZERO)
    for pair in between.values():
        for member, net in pair.items():
            if net > 0:
                result[member] += min(net, pair_max)
    return dict(result)


def engagement_bonus(coins: Decimal, *, share: Decimal, most: Decimal) -> Decimal:
    """The bonus for the coins that count: `share` of them, rounded down, at most `most`."""
    return min(down(coins * share), most)


def week_of_membership(*, joined: datetime, end: datetime) -> int:
    """Which week since sign-up (1, 2 …) a period's last moment lies in. `end` itself is not part of the period."""
    return -(-(end - joined) // _WEEK)


def new_member_bonus(*, joined: datetime, end: datetime, first: Decimal) -> Decimal:
    """`first` in the first week since sign-up, a coin less in each of the next three, then nothing; never below 0."""
    week = week_of_membership(joined=joined, end=end)
    if not 1 <= week <= NEW_MEMBER_WEEKS:
        return ZERO
    return max(first - (week - 1), ZERO)


def budget(treasury: Decimal, *, share: Decimal) -> Decimal:
    """The most that a run may pay of the treasury."""
    return max(down(treasury * share), ZERO)


def scaled(part: Decimal, *, budget: Decimal, wanted: Decimal) -> Decimal:
    """One part of a stipend when all together want `wanted`: part × budget / wanted, rounded down; whole when it fits.

    Counted in cents and divided once, because a scale rounded beforehand would turn 3.00 into 2.99.
    """
    if wanted <= budget:
        return part
    cents = (part * 100) * (budget * 100) // (wanted * 100)
    return (cents * CENT).quantize(CENT)


def scale(*, budget: Decimal, wanted: Decimal) -> Decimal:
    """budget / wanted, at most 1, to 12 decimals, rounded down: for the record; `scaled` does not lean on it."""
    if wanted <= budget:
        return Decimal(1)
    return (budget / wanted).quantize(Decimal("0.000000000001"), rounding=ROUND_DOWN)
