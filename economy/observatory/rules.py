"""How unequal a distribution is, and how lively coins are: pure arithmetic."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

_PLACES = Decimal("0.00001")


def gini(*, members: int, total: Decimal, weighted: Decimal) -> Decimal:
    """The Gini coefficient, to 5 decimals: 0 when all have the same, towards 1 when one has everything.

    `weighted` is Σ rank × balance with ranks from 1, poorest first: G = 2 · weighted / (members · total) −
    (members + 1) / members (Gini 1912; the discrete form, exact for every member). 0 where nobody has anything.
    """
    if members == 0 or total <= 0:
        return Decimal(0).quantize(_PLACES)
    exact = 2 * Fraction(weighted) / (members * Fraction(total)) - Fraction(members + 1, members)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_PLACES)


def velocity(days: Sequence[tuple[Decimal, Decimal]], *, span: int = 7) -> list[Decimal | None]:
    """How often a coin changed hands in the `span` days up to each day: what moved in them / the mean supply of them.

    `days` are (moved, supply), oldest first; the first days, whose span had not begun yet, have None. 4 decimals.
    """
    found: list[Decimal | None] = []
    for end in range(1, len(days) + 1):
        window = days[max(0, end - span) : end]
        supply = sum((supply for _moved, supply in window), Decimal(0)) / len(window)
        moved = sum((moved for moved, _supply in window), Decimal(0))
        is_whole = len(window) == span and supply > 0
        found.append((moved / supply).quantize(Decimal("0.0001")) if is_whole else None)
    return found
