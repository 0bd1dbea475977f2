"""How unequal a distribution is: Gini coefficient and Lorenz curve."""

from collections.abc import Sequence
from decimal import Decimal


def gini(shares: Sequence[tuple[float, float]]) -> Decimal:
    """The Gini coefficient of a Lorenz curve given as points (share of members, share of coins), both rising from 0 to 1.

    One minus twice the area under the curve, by trapezoids (Gini 1912; Gastwirth 1972). 0 is equal, towards 1 is unequal.
    """
    area = sum(
        (right[0] - left[0]) * (right[1] + left[1]) / 2 for left, right in zip(shares[:-1], shares[1:], strict=True)
    )
    return Decimal(max(0.0, 1 - 2 * area)).quantize(Decimal("0.00001"))
