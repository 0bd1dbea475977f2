"""Movements of coins, one at a time and all at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
from constance.test import override_config
from django.db import connection, transaction
from django.utils import timezone

from accounts.wallets.models import Wallet
from config.lib.refusals import Busy, KeyReused, NotAllowed, StaleVersion
from economy.ledger import operations, queries
from economy.ledger.models import Fund, Lock, Posting, Transfer, TransferKind

WEB = Transfer.Channel.WEB


def give(giver, receiver, coins, key=None, **more):
    return operations.give(
        giver=giver.wallet,
        receiver=receiver.wallet,
        coins=D(coins),
        memo="",
        key=key,
        channel=WEB,
        at=timezone.now(),
        **more,
    )


def balance(member):
    return Wallet.objects.get(user=member).balance


def test_joining_grants_100_coins_out_of_issuance(alice):
    assert balance(alice) == D("100.00")
    assert queries.fund_balances()["issuance"] == D("-100.00")
    assert queries.violations() == []


def test_without_a_grant_one_joins_with_nothing(join):
    with override_config(SIGNUP_GRANT=D("0.00")):
        poor = join("poor")
    assert balance(poor) == D("0.00")
    assert not Posting.objects.exists()


def test_give_moves_coins_and_says_what_is_left(alice, bob):
    movement = give(alice, bob, "30.00")
    assert (balance(alice), balance(bob)) == (D("70.00"), D("130.00"))
    assert movement.balance_after == D("70.00")
    wallet = Wallet.objects.get(user=bob)
    assert (wallet.total_earned, Wallet.objects.get(user=alice).total_spent) == (D("30.00"), D("30.00"))
    assert queries.violations() == []


def test_postings_chain_in_the_order_of_lock_version(alice, bob):
    for coins in ("1.00", "2.00", "3.00"):
        give(alice, bob, coins)
    lines = Posting.objects.filter(wallet=alice.wallet).order_by("lock_version")
    assert [line.balance_before for line in lines] == [D("0"), D("100"), D("99"), D("97")]
    assert [line.balance_after for line in lines] == [D("100"), D("99"), D("97"), D("94")]
    assert [line.lock_version for line in lines] == [1, 2, 3, 4]


def test_give_more_than_available_is_refused_and_moves_nothing(alice, bob):
    operations.hold(wallet=alice.wallet, kind=Lock.Kind.STAKE, coins=D("60.00"), at=timezone.now())
    with pytest.raises(operations.NotEnoughCoins) as refusal, transaction.atomic():
        give(alice, bob, "40.01")
    assert refusal.value.facts == {"needed": "40.01", "available": "40.00"}
    assert (balance(alice), balance(bob)) == (D("100.00"), D("100.00"))
    give(alice, bob, "40.00")
    assert queries.violations() == []


def test_give_to_oneself_is_refused(alice):
    with pytest.raises(operations.GiftToOneself):
        give(alice, alice, "1.00")


def test_give_to_a_wallet_that_is_not_there_is_refused(alice):
    with pytest.raises(operations.NoSuchWallet), transaction.atomic():
        operations.give(
            giver=alice.wallet,
            receiver=Wallet(user_id=alice.pk),
            coins=D("1.00"),
            memo="",
            key=None,
            channel=WEB,
            at=timezone.now(),
        )
    assert balance(alice) == D("100.00")


def test_one_key_moves_coins_once(alice, bob):
    first = give(alice, bob, "5.00", key="k")
    again = give(alice, bob, "5.00", key="k")
    assert (first.is_replay, again.is_replay) == (False, True)
    assert again.transfer_id == first.transfer_id
    assert balance(alice) == D("95.00")


def test_one_key_for_another_gift_is_refused(alice, bob, mallory):
    give(alice, bob, "5.00", key="k")
    with pytest.raises(KeyReused), transaction.atomic():
        give(alice, mallory, "5.00", key="k")
    assert balance(mallory) == D("100.00")


def test_the_same_key_of_another_member_is_another_key(alice, bob, mallory):
    give(alice, bob, "5.00", key="k")
    assert not give(mallory, bob, "5.00", key="k").is_replay


def test_a_stale_version_is_refused_and_the_present_one_passes(alice, bob):
    read = Wallet.objects.get(user=alice).lock_version
    give(alice, bob, "1.00", expected_version=read)
    with pytest.raises(StaleVersion), transaction.atomic():
        give(alice, bob, "1.00", expected_version=read)
    assert balance(alice) == D("99.00")


def test_gifts_of_a_day_stop_at_the_limit_and_begin_anew_at_midnight(alice, bob, admin_member):
    operations.grant_by_staff(
        staff=admin_member,
        receiver=alice.wallet,
        coins=D("1000.00"),
        reason="prize",
        key=None,
        at=timezone.now(),
    )
    evening = datetime(2026, 11, 19, 23, 59, tzinfo=UTC)

    def give_at(coins, at):
        return operations.give(
            giver=alice.wallet, receiver=bob.wallet, coins=D(coins), memo="", key=None, channel=WEB, at=at
        )

    give_at("499.99", evening)
    with pytest.raises(operations.GiftLimitReached) as refusal, transaction.atomic():
        give_at("0.02", evening)
    assert refusal.value.facts == {"most": "500.00", "left": "0.01"}
    give_at("0.01", evening)
    midnight = evening + timedelta(minutes=1)
    give_at("400.00", midnight)
    with pytest.raises(operations.GiftLimitReached) as refusal, transaction.atomic():
        give_at("200.00", midnight - timedelta(milliseconds=1))  # overtaken by the one before
    assert refusal.value.facts == {"most": "500.00", "left": "100.00"}
    give_at("100.00", midnight)
    assert balance(alice) == D("100.00")


def test_a_grant_needs_an_admin_and_a_reason(alice, mallory, admin_member, now):
    with pytest.raises(NotAllowed):
        operations.grant_by_staff(staff=mallory, receiver=mallory.wallet, coins=D("9"), reason="me", key=None, at=now)
    with pytest.raises(NotAllowed):
        operations.grant_by_staff(staff=admin_member, receiver=alice.wallet, coins=D("9"), reason=" ", key=None, at=now)
    assert balance(mallory) == D("100.00")


def test_hold_and_release_tie_up_coins_once(alice, now):
    lock = operations.hold(wallet=alice.wallet, kind=Lock.Kind.VAULT, coins=D("10.00"), at=now, unlock_at=now)
    assert Wallet.objects.get(user=alice).available == D("90.00")
    with pytest.raises(operations.NotEnoughCoins), transaction.atomic():
        operations.hold(wallet=alice.wallet, kind=Lock.Kind.VAULT, coins=D("90.01"), at=now)
    assert operations.release(lock_id=lock, at=now) is True
    assert operations.release(lock_id=lock, at=now) is False
    assert Wallet.objects.get(user=alice).available == D("100.00")
    assert queries.violations() == []


def test_hold_on_a_wallet_that_is_not_there_is_refused(alice, now):
    with pytest.raises(operations.NoSuchWallet), transaction.atomic():
        operations.hold(wallet=Wallet(user_id=alice.pk), kind=Lock.Kind.VAULT, coins=D("1.00"), at=now)


def test_rolling_up_keeps_the_funds_figures(alice, bob):
    before = queries.fund_balances()
    assert operations.roll_up_funds() == 2
    assert queries.fund_balances() == before
    assert operations.roll_up_funds() == 0
    assert queries.violations() == []


@pytest.mark.django_db(transaction=True)
def test_a_movement_that_stands_alone_is_one_round_trip(join, django_assert_num_queries):
    alice, bob = join("alice"), join("bob")
    giver, receiver = queries.wallet_of(alice), queries.wallet_of(bob)
    with django_assert_num_queries(1):  # the look for a block is part of it; no BEGIN, no COMMIT
        operations.give(
            giver=giver, receiver=receiver, coins=D("1.00"), memo="", key="k", channel=WEB, at=timezone.now()
        )


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Real connections at once."""

    @pytest.fixture(autouse=True)
    def _no_limits_in_the_way(self):
        with override_config(GIFTS_PER_MINUTE=100_000):
            yield

    def together(self, calls):
        """Run calls at the same moment, each on a connection of its own; results, or the exception raised."""
        start = threading.Barrier(len(calls))

        def one(call):
            try:
                start.wait(timeout=30)
                return call()
            except Exception as error:
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))

    def test_twenty_gifts_of_ten_from_a_hundred_exactly_ten_pass(self, join):
        alice, bob = join("alice"), join("bob")
        results = self.together([lambda: give(alice, bob, "10.00")] * 20)
        passed = [r for r in results if isinstance(r, operations.Movement)]
        refused = [r for r in results if isinstance(r, operations.NotEnoughCoins)]
        assert (len(passed), len(refused)) == (10, 10)
        assert (balance(alice), balance(bob)) == (D("0.00"), D("200.00"))
        assert queries.violations() == []

    def test_without_the_lock_the_same_race_overdraws(self, join):
        """The control: read, check, write as tutorials do it lets more than ten through; only CHECK would stop it."""
        alice = join("alice")
        spent = []

        def careless():
            available = Wallet.objects.get(user=alice).available
            threading.Event().wait(0.05)
            if available >= 10:
                spent.append(10)

        self.together([careless] * 20)
        assert sum(spent) > 100

    def test_one_key_twenty_times_at_once_moves_once(self, join):
        alice, bob = join("alice"), join("bob")
        results = self.together([lambda: give(alice, bob, "10.00", key="same")] * 20)
        assert {type(r) for r in results} == {operations.Movement}
        assert len({r.transfer_id for r in results}) == 1
        assert sum(not r.is_replay for r in results) == 1
        assert balance(alice) == D("90.00")

    def test_crossing_gifts_meet_no_deadlock(self, join):
        alice, bob = join("alice"), join("bob")

        def many(giver, receiver):
            return lambda: [give(giver, receiver, "0.10") for _ in range(25)]

        results = self.together([many(alice, bob), many(bob, alice)] * 4)
        assert [r for r in results if isinstance(r, Exception)] == []
        assert balance(alice) + balance(bob) == D("200.00")
        assert queries.violations() == []

    def test_a_wallet_that_stays_locked_is_busy_not_broken(self, join):
        alice, bob = join("alice"), join("bob")
        with transaction.atomic():
            Wallet.objects.select_for_update().get(user=alice)

            def impatient():
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '100ms'")
                return give(alice, bob, "1.00")

            (result,) = self.together([impatient])
        assert isinstance(result, Busy)


def test_move_to_a_fund_appends_and_locks_nothing(alice, now):
    operations.move(
        kind=TransferKind.BOOST,
        at=now,
        wallets=[(alice.wallet.pk, D("-10.00"))],
        funds=[(Fund.TREASURY, D("10.00"))],
        actor=alice.pk,
        channel=WEB,
    )
    assert queries.fund_balances()["treasury"] == D("10.00")
