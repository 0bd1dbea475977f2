from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.members import boundaries
from accounts.notifications.models import Notification, OwedNotice
from accounts.notifications.operations import gather
from economy.ledger.operations import GiftLimitReached, give


def gift(giver, receiver, coins="5.00", **given):
    facts = {"memo": "For the bread", "key": None, "channel": "WEB", "at": timezone.now()}
    return give(giver=giver.wallet, receiver=receiver.wallet, coins=Decimal(coins), **{**facts, **given})


def heard(member):
    gather(at=timezone.now())
    return list(Notification.objects.filter(user=member).exclude(type="welcome"))


@pytest.mark.django_db(transaction=True)
def test_who_is_given_coins_hears_of_it(alice, bob):
    gift(bob, alice)
    (notice,) = heard(alice)
    assert (notice.type, notice.title, notice.message) == ("gift", "Bob gave you 5.00", "For the bread")
    assert notice.data["path"] == "/wallet/?kind=GIFT"
    assert notice.data["who"] == [{"id": str(bob.primary_page.pk), "name": "Bob"}]
    assert heard(bob) == []


@pytest.mark.django_db
def test_gifts_of_one_giver_are_gathered(alice, bob, mallory, now):
    for minute, (giver, coins) in enumerate(((bob, "5.00"), (bob, "7.50"), (mallory, "1.00"))):
        gift(giver, alice, coins, at=now + timedelta(minutes=minute))
    titles = sorted(notice.title for notice in heard(alice))
    assert titles == ["Bob gave you 12.50 in 2 gifts", "Mallory gave you 1.00"]


@pytest.mark.django_db
def test_a_gift_found_under_its_key_is_not_told_again(alice, bob):
    for _time in range(2):
        gift(bob, alice, key="once")
    assert OwedNotice.objects.filter(type="gift").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_gift_that_is_refused_owes_nothing(alice, bob):
    from constance.test import override_config

    with override_config(GIFT_DAILY_MAX=Decimal("2.00")), pytest.raises(GiftLimitReached):
        gift(bob, alice)
    assert not OwedNotice.objects.filter(type="gift").exists()


@pytest.mark.django_db
def test_a_gift_of_a_muted_member_moves_coins_and_says_nothing(alice, bob, now):
    boundaries.mute(member=alice, page=bob.primary_page, at=now)
    gift(bob, alice)
    assert heard(alice) == []
