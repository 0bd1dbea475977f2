"""Rewards with real threads: each pays once, whatever runs beside it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest

from config.lib.tests.threads import together
from economy.cycle.tests.weeks import LONG_AGO, WEEK, fill_treasury, wallet_of, was_active
from economy.ledger.models import Transfer, TransferKind
from economy.ledger.operations import move
from economy.ledger.queries import fund_balances, violations
from economy.rewards import operations
from economy.rewards.models import Reward
from economy.stipend.operations import TreasuryShort, pay_stipends

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def test_jobs_at_once_pay_each_reward_once_and_keep_the_caps(join, rule, owed):
    fill_treasury("1000.00")
    rule("thread", "2.00", daily_cap="6.00")
    members = [join(f"member_{n}") for n in range(5)]
    for member in members:
        for _number in range(5):
            owed(member, "thread", at=NOON)
    paid = together(*[lambda: operations.pay_rewards(at=NOON, chunk=3) for _job in range(4)])
    assert sum(paid) == D("30.00")
    assert {wallet_of(member).balance for member in members} == {D("106.00")}
    assert Transfer.objects.filter(kind="REWARD").count() == 15
    assert violations() == []


def test_the_treasury_never_pays_more_than_it_holds(join, rule, owed):
    fill_treasury("7.00")
    rule("thread", "2.00")
    for number in range(8):
        owed(join(f"member_{number}"), "thread", at=NOON)
    together(*[lambda: operations.pay_rewards(at=NOON, chunk=2) for _job in range(4)])
    assert fund_balances()["treasury"] == D("1.00")
    assert Reward.objects.filter(status="PAID").count() == 3


def test_a_removal_beside_the_payment_leaves_no_coins(join, rule, owed):
    fill_treasury("1000.00")
    rule("thread", "2.00")
    alice = join("alice")
    for _round in range(15):
        reward = owed(alice, "thread", at=NOON)
        cause = ("thread", reward.cause_id)
        outcomes = together(
            lambda: operations.pay_rewards(at=NOON),
            lambda cause=cause: operations.withdraw(cause=cause, at=NOON + timedelta(minutes=1)),
        )
        assert not any(isinstance(one, Exception) for one in outcomes)
        operations.pay_rewards(at=NOON)
        operations.take_back_rewards(at=NOON)
    assert set(Reward.objects.values_list("status", flat=True)) <= {"SKIPPED", "TAKEN_BACK"}
    assert wallet_of(alice).balance == D("100.00")
    assert violations() == []


def test_taking_back_beside_spending_never_goes_below_nothing(join, rule, owed):
    fill_treasury("1000.00")
    rule("thread", "50.00")
    alice, bob = join("alice"), join("bob")
    rewards = [owed(alice, "thread", at=NOON) for _number in range(2)]
    operations.pay_rewards(at=NOON)
    for reward in rewards:
        operations.withdraw(cause=("thread", reward.cause_id), at=NOON)

    def spend():
        move(
            kind=TransferKind.GIFT,
            at=NOON,
            wallets=[(alice.wallet.pk, D("-150.00")), (bob.wallet.pk, D("150.00"))],
            actor=alice.pk,
            channel=Transfer.Channel.WEB,
        )

    together(spend, lambda: operations.take_back_rewards(at=NOON), lambda: operations.take_back_rewards(at=NOON))
    assert wallet_of(alice).balance >= 0
    assert Reward.objects.filter(status="TAKEN_BACK").count() == 2
    assert violations() == []


def test_rewards_and_stipends_at_once_leave_no_hole_in_the_treasury(join, rule, owed):
    """12.00 are there, stipends may take half of them, rewards want 10.00: each sees what the other has paid."""
    for turn in range(3):
        fill_treasury(str(D("12.00") - fund_balances()["treasury"]))
        rule("thread", "2.00")
        member = join(f"member_{turn}", at=LONG_AGO)
        was_active(member)
        for _number in range(5):
            owed(member, "thread", at=NOON)
        week = WEEK if turn == 0 else [WEEK.previous, WEEK.previous.previous][turn - 1]
        outcomes = together(
            lambda: operations.pay_rewards(at=NOON, chunk=1),
            lambda week=week: pay_stipends(period=week, end=week.end, at=NOON),
        )
        assert not [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, TreasuryShort)]
        assert fund_balances()["treasury"] >= 0
    assert violations() == []
