"""Tiers: days of activity, renewed once a day."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from constance.test import override_config

from accounts.badges.models import UserActivity
from accounts.members.models import User
from accounts.notifications.models import OwedNotice
from economy.ledger.queries import violations
from economy.withdrawals import operations, queries
from economy.withdrawals.tests.conftest import NOON, together, wallet

pytestmark = pytest.mark.django_db


def active(member, days, first=NOON):
    UserActivity.objects.filter(user=member).delete()
    UserActivity.objects.bulk_create(
        UserActivity(user=member, day=(first - timedelta(days=2 * number)).date()) for number in range(days)
    )


def tier(member):
    mine = wallet(member)
    return mine.loyalty_tier, mine.withdrawal_fee


@pytest.mark.parametrize(
    ("days", "name", "fee"),
    [
        (0, "BRONZE", "0.07"),
        (21, "BRONZE", "0.07"),
        (22, "SILVER", "0.05"),
        (45, "GOLD", "0.03"),
        (67, "PLATINUM", "0.01"),
        (90, "DIAMOND", "0.00"),
        (130, "DIAMOND", "0.00"),
    ],
)
def test_days_with_activity_make_the_tier_in_a_row_or_not(days, name, fee, alice):
    active(alice, days)
    operations.renew_tiers(at=NOON)
    assert tier(alice) == (name, D(fee))


def test_no_version_rises_and_no_coin_moves(alice):
    active(alice, 45)
    before = wallet(alice)
    assert operations.renew_tiers(at=NOON) == 1
    after = wallet(alice)
    assert (after.lock_version, after.balance, after.last_activity) == (
        before.lock_version,
        before.balance,
        before.last_activity,
    )
    assert violations() == []


def test_a_new_tier_is_told_once_and_the_same_one_is_not(alice, bob):
    active(alice, 22)
    assert [operations.renew_tiers(at=NOON) for _run in range(3)] == [1, 0, 0]
    told = OwedNotice.objects.filter(type="tier")
    assert [(one.user_id, one.data) for one in told] == [(alice.pk, {"tier": "SILVER", "fee": "0.05"})]


def test_other_settings_are_other_tiers(alice):
    active(alice, 10)
    with override_config(LOYALTY_DAYS_SILVER=10, LOYALTY_FEE_SILVER=D("0.0450")):
        operations.renew_tiers(at=NOON)
        assert tier(alice) == ("SILVER", D("0.0450"))
    operations.renew_tiers(at=NOON)
    assert tier(alice) == ("BRONZE", D("0.07"))


def test_another_fee_of_the_same_tier_is_written_and_not_told(alice):
    with override_config(LOYALTY_FEE_BRONZE=D("0.08")):
        assert operations.renew_tiers(at=NOON) == 1
    assert tier(alice) == ("BRONZE", D("0.08"))
    assert OwedNotice.objects.filter(type="tier").count() == 0


def test_chunks_reach_everybody(join):
    members = [join(f"member_{number}") for number in range(7)]
    for member in members:
        active(member, 22)
    assert operations.renew_tiers(at=NOON, chunk=2) == 7
    assert {tier(member)[0] for member in members} == {"SILVER"}


def test_those_who_are_gone_hear_of_nothing(alice):
    active(alice, 22)
    User.objects.filter(pk=alice.pk).update(status=User.Status.CLOSED)
    operations.renew_tiers(at=NOON)
    assert tier(alice)[0] == "SILVER"
    assert OwedNotice.objects.filter(type="tier").count() == 0


def test_progress_is_read_from_the_days(alice):
    active(alice, 30)
    found = queries.progress_of(wallet(alice))
    assert (found.days, found.present.name, found.missing) == (30, "SILVER", 15)


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_beside_gifts_agree(alice, bob):
    from economy.ledger import operations as ledger
    from economy.ledger.models import Transfer

    active(alice, 90)
    active(bob, 45)

    def gift():
        given = {"giver": alice.wallet, "receiver": bob.wallet, "coins": D("1.00"), "memo": "", "key": None}
        return ledger.give(**given, channel=Transfer.Channel.WEB, at=NOON)

    together(*[lambda: operations.renew_tiers(at=NOON, chunk=1)] * 3, *[gift] * 5)
    assert (tier(alice)[0], tier(bob)[0]) == ("DIAMOND", "GOLD")
    assert wallet(alice).balance == D("95.00")
    assert OwedNotice.objects.filter(type="tier").count() == 2
    assert violations() == []
