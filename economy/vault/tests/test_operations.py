"""Putting away and opening. What tips put away is told in social/feed/tests/test_vault.py."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from constance.test import override_config
from django.db import IntegrityError, connection, transaction

from accounts.notifications.models import OwedNotice
from accounts.wallets.models import Wallet
from economy.ledger import operations as ledger
from economy.ledger.models import Fund, Lock, Posting, Transfer, TransferKind
from economy.ledger.queries import violations
from economy.vault import operations, queries
from economy.vault.models import VaultDeposit

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
OPENS = NOON + timedelta(days=30)


def sell(seller: Any, coins: str, at: datetime = NOON) -> Any:
    """A sale that is settled: the seller's part of it, and of that the vault's."""
    moved = ledger.move(
        kind=TransferKind.SALE_SETTLEMENT,
        at=at,
        wallets=[(seller.wallet.pk, D(coins))],
        funds=[(Fund.ISSUANCE, -D(coins))],
        actor=None,
        channel=Transfer.Channel.JOB,
    )
    operations.put_away(earned=[earned(seller, moved.transfer_id, coins)], at=at)
    return moved.transfer_id


def earned(member: Any, transfer_id: Any, coins: str) -> operations.Earned:
    return operations.Earned(member.wallet.pk, transfer_id, TransferKind.SALE_SETTLEMENT, D(coins))


def wallet(member: Any) -> Wallet:
    return Wallet.objects.get(user=member)


def test_of_a_sale_of_85_00_8_50_are_locked_for_thirty_days(alice):
    transfer_id = sell(alice, "85.00")
    deposit = VaultDeposit.objects.get()
    assert (deposit.amount, deposit.unlock_at, deposit.unlocked_at) == (D("8.50"), OPENS, None)
    assert (deposit.source_transfer_id, deposit.source_kind) == (transfer_id, "SALE_SETTLEMENT")
    lock = deposit.lock
    assert (lock.kind, lock.amount, lock.unlock_at, lock.wallet_id) == ("vault", D("8.50"), OPENS, alice.wallet.pk)
    assert (lock.reference_type, lock.reference_id) == ("vault", deposit.pk)
    mine = wallet(alice)
    assert (mine.balance, mine.locked_balance, mine.available) == (D("185.00"), D("8.50"), D("176.50"))
    assert mine.lock_version == 3  # the welcome grant, the sale, the lock
    assert violations() == []


def test_of_nine_cents_nothing_is_locked(alice):
    sell(alice, "0.09")
    assert VaultDeposit.objects.count() == Lock.objects.count() == 0
    assert wallet(alice).lock_version == 2


def test_what_is_locked_cannot_be_given_away(alice, bob):
    sell(alice, "85.00")
    for coins, fits in (("176.51", False), ("176.50", True)):
        gift = {"giver": alice.wallet, "receiver": bob.wallet, "coins": D(coins), "memo": "", "key": None}
        if fits:
            ledger.give(**gift, channel=Transfer.Channel.WEB, at=NOON)
        else:
            with pytest.raises(ledger.NotEnoughCoins):
                ledger.give(**gift, channel=Transfer.Channel.WEB, at=NOON)
    assert violations() == []


def test_it_comes_free_after_thirty_days_and_not_a_second_before(alice):
    sell(alice, "85.00")
    assert operations.open_vault(at=OPENS - timedelta(seconds=1)) == 0
    assert wallet(alice).locked_balance == D("8.50")
    assert operations.open_vault(at=OPENS) == 1
    deposit = VaultDeposit.objects.get()
    assert deposit.unlocked_at == deposit.lock.released_at == OPENS
    mine = wallet(alice)
    assert (mine.balance, mine.locked_balance, mine.lock_version) == (D("185.00"), D("0.00"), 4)
    assert violations() == []


def test_it_comes_free_once(alice):
    sell(alice, "85.00")
    assert [operations.open_vault(at=OPENS) for _run in range(3)] == [1, 0, 0]
    assert OwedNotice.objects.filter(type="vault").count() == 1


def test_opening_moves_no_coins(alice):
    sell(alice, "85.00")
    before = Posting.objects.count()
    operations.open_vault(at=OPENS)
    assert Posting.objects.count() == before


def test_the_rate_and_the_days_are_settings(alice):
    with override_config(VAULT_RATE=D("0.25"), VAULT_DAYS=7):
        sell(alice, "10.00")
    deposit = VaultDeposit.objects.get()
    assert (deposit.amount, deposit.unlock_at) == (D("2.50"), NOON + timedelta(days=7))
    with override_config(VAULT_RATE=D("0.00")):
        sell(alice, "10.00")
    assert VaultDeposit.objects.count() == 1


def test_many_earnings_of_one_wallet_at_once_are_as_many_deposits(alice, bob):
    transfers = [sell(alice, "0.09") for _number in range(3)] + [sell(bob, "0.09")]
    made = operations.put_away(
        earned=[
            earned(alice, transfers[0], "10.00"),
            earned(alice, transfers[1], "20.00"),
            earned(alice, transfers[2], "0.05"),
            earned(bob, transfers[3], "40.00"),
        ],
        at=NOON,
    )
    assert made == 3
    amounts = VaultDeposit.objects.order_by("amount").values_list("amount", "source_transfer_id")
    assert list(amounts) == [(D("1.00"), transfers[0]), (D("2.00"), transfers[1]), (D("4.00"), transfers[3])]
    assert (wallet(alice).locked_balance, wallet(bob).locked_balance) == (D("3.00"), D("4.00"))
    assert wallet(alice).lock_version == 1 + 3 + 2
    assert violations() == []


def test_one_notice_tells_of_all_that_came_free(alice, bob):
    for coins in ("20.00", "40.00"):
        sell(alice, coins)
    sell(bob, "10.00")
    operations.open_vault(at=OPENS)
    told = OwedNotice.objects.filter(type="vault").order_by("coins").values_list("user", "coins")
    assert list(told) == [(bob.pk, D("1.00")), (alice.pk, D("6.00"))]


def test_chunks_open_all_of_it(alice, bob):
    for number in range(7):
        sell(alice if number % 2 else bob, "10.00", NOON + timedelta(minutes=number))
    assert operations.open_vault(at=OPENS + timedelta(minutes=5), chunk=2) == 6
    assert operations.open_vault(at=OPENS + timedelta(minutes=6), chunk=2) == 1
    assert violations() == []


def test_a_job_that_dies_in_between_leaves_the_rest_to_the_next(alice, monkeypatch):
    for _number in range(4):
        sell(alice, "10.00")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT economy_open_vault(%s, 2)", [OPENS])
        transaction.set_rollback(True)  # killed before its commit
    assert wallet(alice).locked_balance == D("4.00")
    assert operations.open_vault(at=OPENS) == 4
    assert violations() == []


def test_a_lock_that_was_opened_by_other_means_is_not_opened_again(alice):
    sell(alice, "85.00")
    ledger.release(lock_id=VaultDeposit.objects.get().lock_id, at=NOON)
    operations.open_vault(at=OPENS)
    assert wallet(alice).locked_balance == D("0.00")
    assert OwedNotice.objects.filter(type="vault").count() == 0
    assert violations() == []


def test_the_summary_says_what_comes_free_next(alice, bob):
    sell(alice, "20.00")
    sell(alice, "30.00")
    sell(alice, "40.00", NOON + timedelta(days=1))
    sell(bob, "500.00")
    found = queries.summary_of(wallet(alice))
    assert (found.total, found.count, found.next_amount, found.next_at) == (D("9.00"), 3, D("5.00"), OPENS)
    operations.open_vault(at=OPENS + timedelta(days=2))
    found = queries.summary_of(wallet(alice))
    assert (found.total, found.count, found.next_amount, found.next_at) == (D("0.00"), 0, D("0.00"), None)


def test_a_deposit_of_nothing_is_refused_by_the_database(alice):
    sell(alice, "85.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        VaultDeposit.objects.update(amount=0)


def test_more_than_there_is_cannot_be_put_away(alice):
    transfer_id = sell(alice, "0.09")
    with pytest.raises(IntegrityError), transaction.atomic():
        operations.put_away(earned=[earned(alice, transfer_id, "2000.00")], at=NOON)
    assert violations() == []


# -- Races ------------------------------------------------------------------------------------------------------------


def together(*calls: Any) -> list[Any]:
    """Released at once, each on a connection of its own."""
    gate = threading.Barrier(len(calls))

    def run(call: Any) -> Any:
        try:
            gate.wait(10)
            return call()
        except ledger.NotEnoughCoins as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_four_jobs_at_once_open_each_deposit_once(alice, bob):
    for number in range(40):
        sell(alice if number % 2 else bob, "10.00")
    opened = together(*[lambda: operations.open_vault(at=OPENS, chunk=3)] * 4)
    assert sum(opened) == 40
    assert VaultDeposit.objects.filter(unlocked_at=None).count() == 0
    told = OwedNotice.objects.filter(type="vault").values_list("coins", flat=True)
    assert sum(told) == D("40.00")
    assert (wallet(alice).locked_balance, wallet(bob).locked_balance) == (D("0.00"), D("0.00"))
    assert violations() == []


@pytest.mark.django_db(transaction=True)
def test_gifts_beside_the_job_spend_what_is_free_and_no_more(alice, bob):
    with override_config(GIFTS_PER_MINUTE=1000):
        for _number in range(10):
            sell(alice, "10.00")

        def gift() -> Any:
            given = {"giver": alice.wallet, "receiver": bob.wallet, "coins": D("25.00"), "memo": "", "key": None}
            return ledger.give(**given, channel=Transfer.Channel.WEB, at=OPENS)

        together(*[gift] * 10, *[lambda: operations.open_vault(at=OPENS, chunk=2)] * 3)
    assert wallet(alice).locked_balance == D("0.00")
    assert wallet(alice).balance >= 0
    assert violations() == []
