"""What the tests of withdrawals share: who has how much, who asks for what, and threads that start together."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import connection

from accounts.wallets.models import Wallet
from config.lib.refusals import Refused
from economy.ledger import operations as ledger
from economy.ledger.models import Fund, Transfer, TransferKind
from economy.withdrawals import operations

IBAN = "DE89370400440532013000"
BANK = {"holder": "Alice Example", "iban": IBAN}
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def fund(member: Any, coins: str) -> None:
    """Let a member have exactly so many coins."""
    missing = D(coins) - wallet(member).balance
    ledger.move(
        kind=TransferKind.CORRECTION,
        at=NOON,
        wallets=[(member.wallet.pk, missing)],
        funds=[(Fund.ISSUANCE, -missing)],
        actor=None,
        channel=Transfer.Channel.ADMIN,
    )


def wallet(member: Any) -> Wallet:
    return Wallet.objects.get(user=member)


def figures_of(member: Any) -> tuple[D, D, D]:
    """Balance, locked, available."""
    mine = wallet(member)
    return mine.balance, mine.locked_balance, mine.available


def ask(member: Any, coins: str = "500.00", **given: Any) -> Any:
    """A withdrawal that a member asks for, by bank unless told otherwise."""
    return operations.ask_for_withdrawal(
        member=member, amount=D(coins), **{"method": "BANK", "details": BANK, "at": NOON, **given}
    )


@pytest.fixture
def rich(alice: Any) -> Any:
    """Alice, with 2,000.00 coins."""
    fund(alice, "2000.00")
    return alice


def together(*calls: Any) -> list[Any]:
    """Released at once, each on a connection of its own; what each gave, or the refusal it met."""
    gate = threading.Barrier(len(calls))

    def run(call: Any) -> Any:
        try:
            gate.wait(10)
            return call()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
