"""Loyalty tiers: the more days on which a member was active since they joined, the less a withdrawal costs.

"Days since sign-up with activity" (economy.md) is read as the number of days on which they were active, in a row or
not: somebody who comes back every weekend gets there, somebody who signed up long ago and stayed away does not.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_LABELS = {
    "BRONZE": _("bronze"),
    "SILVER": _("silver"),
    "GOLD": _("gold"),
    "PLATINUM": _("platinum"),
    "DIAMOND": _("diamond"),
}
TIERS = tuple(_LABELS)


@dataclass(frozen=True)
class Tier:
    """One tier: from how many days of activity on, and the share that a withdrawal costs there."""

    name: str
    days: int
    fee: Decimal

    @property
    def label(self) -> Promise:
        """Its name in the reader's language."""
        return _LABELS[self.name]


def tiers_of(figures: Any) -> tuple[Tier, ...]:
    """The tiers as the runtime settings have them, lowest first. Everybody begins at the lowest, with no day at all."""
    return tuple(
        Tier(
            name=name,
            days=0 if name == TIERS[0] else getattr(figures, f"LOYALTY_DAYS_{name}"),
            fee=getattr(figures, f"LOYALTY_FEE_{name}"),
        )
        for name in TIERS
    )


def tier_after(days: int, tiers: tuple[Tier, ...]) -> Tier:
    """The highest tier that so many days of activity have reached."""
    return [tier for tier in tiers if tier.days <= days][-1]


@dataclass(frozen=True)
class Progress:
    """Where a member stands: the tier they have, the next one (None at the top), and the days still missing for it."""

    days: int
    present: Tier
    next: Tier | None
    missing: int
    part: float  # of the way from the present tier's days to the next one's, 0 to 1


def progress(days: int, tiers: tuple[Tier, ...]) -> Progress:
    """How far somebody with so many days of activity has come."""
    present = tier_after(days, tiers)
    above = [tier for tier in tiers[tiers.index(present) + 1 :] if tier.days > days]
    if not above:
        return Progress(days=days, present=present, next=None, missing=0, part=1.0)
    following = min(above, key=lambda tier: tier.days)
    way = following.days - present.days
    return Progress(
        days=days, present=present, next=following, missing=following.days - days, part=(days - present.days) / way
    )
