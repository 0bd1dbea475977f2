"""What a withdrawal costs."""

from dataclasses import dataclass
from decimal import Decimal

from config.lib.money import down


@dataclass(frozen=True)
class Cost:
    """The two parts of a withdrawal; together they are its amount."""

    fee: Decimal
    net: Decimal


def cost_of(amount: Decimal, *, rate: Decimal) -> Cost:
    """The fee rounded down to 0.01, the rest paid out: 500.00 at 7 % is 35.00 and 465.00."""
    fee = down(amount * rate)
    return Cost(fee=fee, net=amount - fee)
