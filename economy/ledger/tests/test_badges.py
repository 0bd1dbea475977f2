"""What giving and taking part earn, rule by rule."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from accounts.badges.models import UserBadge
from accounts.badges.operations import give_earned
from economy.ledger.models import Transfer
from economy.ledger.operations import give
from economy.stipend.models import StipendDistribution, StipendRun

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def held(member):
    rows = UserBadge.objects.filter(user=member).exclude(badge__slug="early-adopter").select_related("badge")
    return {row.badge.slug: row.times for row in rows}


def test_a_first_gift_earns_its_giver_a_badge_once(alice, bob):
    for memo in ("for the bread", "for the salt"):
        give(
            giver=alice.wallet,
            receiver=bob.wallet,
            coins=Decimal("1.00"),
            memo=memo,
            key=None,
            channel=Transfer.Channel.WEB,
            at=NOON,
        )
    give_earned(at=NOON)
    assert (held(alice), held(bob)) == ({"first-gift": 1}, {})


@pytest.mark.parametrize(("weeks", "unpaid", "times"), [(9, 5, 0), (10, 0, 1), (19, 3, 1), (20, 0, 2)])
def test_every_ten_stipends_that_were_paid_count(alice, weeks, unpaid, times):
    for number in range(weeks + unpaid):
        run = StipendRun.objects.create(
            period=f"20{number:02}-W01",
            period_start=NOON,
            period_end=NOON + timedelta(days=7),
            treasury_before=0,
            budget=0,
        )
        is_paid = number < weeks
        StipendDistribution.objects.create(
            run=run,
            wallet=alice.wallet,
            transfer_id=uuid4() if is_paid else None,
            wanted_base=10,
            wanted_engagement=0,
            wanted_new_member=0,
            base_stipend=10,
            total_stipend=10,
            paid_at=NOON if is_paid else None,
        )
    give_earned(at=NOON)
    assert held(alice).get("ten-stipends", 0) == times
