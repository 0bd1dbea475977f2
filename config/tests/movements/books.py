"""What everybody and every fund gained within a few lines, to the cent; and that what is refused moves nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from accounts.wallets.models import Wallet
from config.lib.refusals import Refused
from economy.ledger.queries import fund_balances, violations


def standing() -> dict[str, Decimal]:
    """Every wallet by its member's username, every fund by its name."""
    primary = Wallet.objects.filter(user__pages__is_primary=True)
    return dict(primary.values_list("user__pages__username", "balance")) | fund_balances()


@contextmanager
def moves(**expected: str) -> Iterator[None]:
    """Exactly this is gained, by members and funds; whoever is not named stands as before, and the books are right."""
    before = standing()
    yield
    after = standing()
    gained = {name: after[name] - before.get(name, Decimal(0)) for name in after}
    assert {name: coins for name, coins in gained.items() if coins} == {n: Decimal(c) for n, c in expected.items()}
    with connection.cursor() as cursor:  # what is checked at commit, now
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert violations() == []


@contextmanager
def refuses(refusal: type[Refused], **facts: Any) -> Iterator[None]:
    """It is refused so, for these facts, and nothing moves."""
    with moves(), pytest.raises(refusal) as refused:
        yield
    assert {name: refused.value.facts.get(name) for name in facts} == facts


def tied_up(member: Any) -> tuple[str, str]:
    """What is locked of a wallet, and what is left to spend."""
    wallet = Wallet.objects.get(user=member)
    return str(wallet.locked_balance), str(wallet.available)
