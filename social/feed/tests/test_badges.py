"""What writing and tipping earn, rule by rule."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from accounts.badges.models import UserBadge
from accounts.badges.operations import give_earned
from social.feed import operations
from social.feed.models import Tip
from social.feed.tests.conftest import WEB

pytestmark = pytest.mark.django_db
A_DAY = timedelta(hours=25)


def held(member):
    rows = UserBadge.objects.filter(user=member).exclude(badge__slug="early-adopter").select_related("badge")
    return {row.badge.slug: row.times for row in rows}


def test_a_first_post_earns_a_badge_once(alice, bob, write, noon):
    write(alice), write(alice)
    give_earned(at=noon)
    assert (held(alice), held(bob)) == ({"first-post": 1}, {})


def test_a_post_that_is_gone_earns_nothing(alice, write, noon):
    post = write(alice)
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    give_earned(at=noon)
    assert held(alice) == {}


def test_a_first_comment_earns_a_badge(alice, bob, write, say, noon):
    say(bob, write(alice))
    give_earned(at=noon)
    assert held(bob) == {"first-comment": 1}


def test_a_first_tip_counts_when_it_stands(alice, bob, write, tip, noon):
    tip(bob, write(alice), "2.00")
    give_earned(at=noon)
    assert held(bob) == {}
    operations.settle_tips(at=noon + A_DAY)
    give_earned(at=noon + A_DAY)
    assert held(bob) == {"first-tip": 1}


def test_a_tip_that_was_taken_back_earns_nothing(alice, bob, write, tip, noon):
    given = tip(bob, write(alice), "2.00")
    operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon)
    operations.settle_tips(at=noon + A_DAY)
    give_earned(at=noon + A_DAY)
    assert held(bob) == {}


def settled(spender, recipient, post, count, at):
    Tip.objects.bulk_create(
        Tip(
            spender=spender,
            recipient=recipient,
            post=post,
            amount=Decimal("1.00"),
            to_creator=Decimal("0.60"),
            to_treasury=Decimal("0.20"),
            burned=Decimal("0.20"),
            transfer_id=uuid4(),
            can_unlike_until=at,
            settled_at=at,
        )
        for _number in range(count)
    )


@pytest.mark.parametrize(("count", "times"), [(99, 0), (100, 1), (199, 1), (200, 2)])
def test_every_hundred_tips_count(alice, bob, write, noon, count, times):
    settled(bob, alice, write(alice), count, noon)
    give_earned(at=noon)
    assert held(bob).get("hundred-tips", 0) == times


@pytest.mark.parametrize(("people", "has_it"), [(9, False), (10, True)])
def test_tipped_by_ten_counts_people_and_not_tips(alice, join, write, noon, people, has_it):
    post = write(alice)
    for number in range(people):
        settled(join(f"fan_{number}"), alice, post, 3, noon)
    give_earned(at=noon)
    assert ("tipped-by-ten" in held(alice)) is has_it
