"""How unequal a distribution is: Gini coefficient and Lorenz curve."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise


def gini(shares: Sequence[tuple[float, float]]) -> Decimal:
    """The Gini coefficient of a Lorenz curve: points (share of members, share of coins), both rising from 0 to 1.

    One minus twice the area under the curve, by trapezoids (Gini 1912; Gastwirth 1972): 0 equal, towards 1 unequal.
    """
    area = sum((right[0] - left[0]) * (right[1] + left[1]) / 2 for left, right in pairwise(shares))
    return Decimal(max(0.0, 1 - 2 * area)).quantize(Decimal("0.00001"))
