"""A part of what tips bring waits in the vault (economy.md, examples)."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from constance.test import override_config

from accounts.wallets.models import Wallet
from economy.ledger.models import Lock, Transfer
from economy.ledger.queries import violations
from economy.vault.models import VaultDeposit
from economy.vault.operations import open_vault
from social.feed import operations

pytestmark = pytest.mark.django_db

DAY = timedelta(hours=24)


def wallet(member):
    return Wallet.objects.get(user=member)


@pytest.mark.parametrize(
    ("coins", "creator", "locked"), [("10.00", "6.00", "0.60"), ("3.33", "2.01", "0.20"), ("1.00", "0.60", "0.06")]
)
def test_a_tenth_of_a_settled_tip_is_locked_for_thirty_days(coins, creator, locked, alice, bob, write, tip, noon):
    given = tip(bob, write(alice), coins)
    operations.settle_tips(at=noon + DAY)
    deposit = VaultDeposit.objects.get()
    settlement = Transfer.objects.get(kind="TIP_SETTLEMENT")
    assert (deposit.amount, deposit.unlock_at) == (D(locked), noon + 31 * DAY)
    assert (deposit.source_transfer_id, deposit.source_kind) == (settlement.pk, "TIP_SETTLEMENT")
    assert settlement.reference_id == given.id
    mine = wallet(alice)
    assert (mine.balance, mine.locked_balance) == (D("100.00") + D(creator), D(locked))
    assert mine.lock_version == 3
    assert violations() == []
    assert open_vault(at=noon + 31 * DAY) == 1
    assert wallet(alice).locked_balance == D("0.00")
    assert violations() == []


def test_a_tip_that_is_pending_or_taken_back_locks_nothing(alice, bob, write, tip, noon):
    given = tip(bob, write(alice), "10.00")
    operations.settle_tips(at=noon + DAY - timedelta(seconds=1))
    operations.take_back(spender=bob, tip_id=given.id, channel=Transfer.Channel.WEB, at=noon + timedelta(hours=1))
    operations.settle_tips(at=noon + DAY)
    assert Lock.objects.count() == 0


def test_each_tip_of_a_chunk_is_a_deposit_of_its_own(alice, bob, mallory, write, tip, noon):
    first, second = write(alice), write(alice)
    for spender, target, coins in ((bob, first, "10.00"), (mallory, first, "5.00"), (bob, second, "1.50")):
        tip(spender, target, coins, at=noon + timedelta(hours=1))
    assert operations.settle_tips(at=noon + 2 * DAY) == 3
    # 6.00, 3.00 and 0.90 of them are the creator's
    amounts = VaultDeposit.objects.order_by("-amount").values_list("amount", flat=True)
    assert list(amounts) == [D("0.60"), D("0.30"), D("0.09")]
    assert wallet(alice).locked_balance == D("0.99")
    assert violations() == []


def test_with_a_rate_of_nothing_there_is_no_vault(alice, bob, write, tip, noon):
    with override_config(VAULT_RATE=D("0.00")):
        tip(bob, write(alice), "10.00")
        operations.settle_tips(at=noon + DAY)
    assert VaultDeposit.objects.count() == Lock.objects.count() == 0
    assert wallet(alice).available == D("106.00")


def test_settling_twice_locks_once(alice, bob, write, tip, noon):
    tip(bob, write(alice), "10.00")
    assert [operations.settle_tips(at=noon + DAY) for _run in range(2)] == [1, 0]
    assert VaultDeposit.objects.count() == 1
