"""How much one person may grant. Pure."""

from decimal import Decimal

# Not a runtime setting: whoever may change settings is whom it binds.
MOST_BY_ONE_PERSON = Decimal("1000.00")


def needs_a_second_person(coins: Decimal, *, granted_lately: Decimal) -> bool:
    """Whether these coins, with what the same person granted alone in the last 24 hours, are more than one may."""
    return coins + granted_lately > MOST_BY_ONE_PERSON
