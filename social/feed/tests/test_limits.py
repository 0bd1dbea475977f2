"""How much a member may tip and take back in a minute and a day; a new one less."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.members.models import User
from accounts.wallets.models import Wallet
from config.lib import limits
from config.lib.refusals import NotThere
from economy.ledger.operations import NotEnoughCoins
from economy.ledger.slowly import NewMemberLimit
from social.feed import operations
from social.feed.models import Tip
from social.feed.tests.conftest import WEB, together

pytestmark = pytest.mark.django_db
MINUTE = timedelta(seconds=60)


@pytest.fixture
def posts(alice, join, write):
    """Posts of alice, as many as asked for."""

    def some(number):
        return [write(alice) for _each in range(number)]

    return some


def test_so_many_tips_a_minute(bob, posts, tip, figure):
    figure(TIPS_PER_MINUTE=3)
    some = posts(4)
    for post in some[:3]:
        tip(bob, post, "1.00")
    with pytest.raises(operations.TooManyTips) as refused:
        tip(bob, some[3], "1.00")
    assert (refused.value.status, refused.value.slug) == (429, "too-many-tips")
    assert 0 < refused.value.retry_after <= 60
    assert Tip.objects.count() == 3


def test_so_many_tips_a_day(bob, posts, tip, figure):
    figure(TIPS_PER_DAY=2)
    some = posts(3)
    for post in some[:2]:
        tip(bob, post, "1.00")
    with pytest.raises(operations.TooManyTips) as refused:
        tip(bob, some[2], "1.00")
    assert refused.value.retry_after > 86_000


def test_thirty_a_minute_and_three_hundred_a_day_is_what_it_is_set_to(settings):
    kept = settings.CONSTANCE_CONFIG
    figures = ("TIPS_PER_MINUTE", "TIPS_PER_DAY", "TAKE_BACKS_PER_DAY", "GIFTS_PER_MINUTE")
    assert [kept[name][0] for name in figures] == [30, 300, 5, 10]


def test_a_tip_that_was_refused_does_not_count(bob, alice, posts, tip, figure):
    figure(TIPS_PER_MINUTE=1)
    (post,) = posts(1)
    for _number in range(3):
        with pytest.raises(operations.TipLimitReached):
            tip(bob, post, "10.01")
        with pytest.raises(operations.OwnContent):
            tip(alice, post, "1.00")
    tip(bob, post, "1.00")


def test_a_tip_found_again_under_its_key_does_not_count(bob, posts, tip, figure, noon):
    figure(TIPS_PER_MINUTE=2)
    some = posts(3)
    for seconds in range(5):
        tip(bob, some[0], "1.00", key="one", at=noon + timedelta(seconds=seconds))
    tip(bob, some[1], "1.00")
    with pytest.raises(operations.TooManyTips):
        tip(bob, some[2], "1.00")


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_as_many_pass_as_there_is_room_for(bob, posts, tip, figure):
    figure(TIPS_PER_MINUTE=5)
    outcomes = together(*[partial(tip, bob, post, "1.00") for post in posts(20)])
    assert sum(isinstance(outcome, Tip) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, operations.TooManyTips) for outcome in outcomes) == 15


def test_tips_are_counted_without_redis_too(bob, posts, tip, figure, monkeypatch):
    figure(TIPS_PER_MINUTE=1)
    monkeypatch.setattr(limits, "is_pausing", lambda: True)
    first, second = posts(2)
    tip(bob, first, "1.00")
    with pytest.raises(operations.TooManyTips):
        tip(bob, second, "1.00")


def test_there_is_room_again_when_the_first_tip_is_a_minute_old(bob, posts, tip, figure, noon):
    figure(TIPS_PER_MINUTE=2)
    some = posts(3)
    tip(bob, some[0], "1.00", at=noon)
    tip(bob, some[1], "1.00", at=noon + timedelta(seconds=30))
    with pytest.raises(operations.TooManyTips) as refused:
        tip(bob, some[2], "1.00", at=noon + timedelta(seconds=45))
    assert refused.value.retry_after == 15
    tip(bob, some[2], "1.00", at=noon + timedelta(seconds=60))


def test_a_clock_that_was_set_back_keeps_nobody_waiting_for_it(bob, posts, tip, figure, noon):
    figure(TIPS_PER_MINUTE=1)
    first, second = posts(2)
    tip(bob, first, "1.00", at=noon)
    tip(bob, second, "1.00", at=noon - timedelta(hours=1))


# -- Taking back ----------------------------------------------------------------------------------


def test_five_tips_may_be_taken_back_a_day(bob, posts, tip, noon):
    tips = [tip(bob, post, "1.00") for post in posts(6)]
    for given in tips[:5]:
        operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon)
    with pytest.raises(operations.TooManyTakeBacks) as refused:
        operations.take_back(spender=bob, tip_id=tips[5].pk, channel=WEB, at=noon)
    assert "5 tips a day" in str(refused.value)


def test_what_could_not_be_taken_back_does_not_count(bob, mallory, posts, tip, figure, noon):
    figure(TAKE_BACKS_PER_DAY=1)
    given, other = (tip(bob, post, "1.00") for post in posts(2))
    for _number in range(3):
        with pytest.raises(NotThere):
            operations.take_back(spender=mallory, tip_id=given.pk, channel=WEB, at=noon)
        with pytest.raises(operations.RefundWindowOver):
            operations.take_back(spender=bob, tip_id=other.pk, channel=WEB, at=noon + timedelta(hours=25))
    operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon)


# -- New members ----------------------------------------------------------------------------------


def test_a_new_member_tips_five_times_a_day(bob, posts, tip, figure):
    figure(NEW_MEMBER_HOURS=72)
    some = posts(6)
    for post in some[:5]:
        tip(bob, post, "1.00", at=bob.created_at)
    with pytest.raises(operations.NewMemberTips) as refused:
        tip(bob, some[5], "1.00", at=bob.created_at)
    assert refused.value.slug == "new-member-limit"
    assert "5 a day and 50.00 coins" in str(refused.value)


def test_a_new_member_tips_fifty_coins_a_day(bob, posts, tip, figure):
    figure(NEW_MEMBER_HOURS=72, NEW_MEMBER_TIPS_PER_DAY=100)
    some = posts(7)
    for post in some[:5]:
        tip(bob, post, "9.99", at=bob.created_at)  # 49.95
    with pytest.raises(operations.NewMemberTips):
        tip(bob, some[5], "1.00", at=bob.created_at)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_tips_of_ten_at_once_a_new_member_gives_fifty_coins(bob, posts, tip, figure):
    figure(NEW_MEMBER_HOURS=72, NEW_MEMBER_TIPS_PER_DAY=100)
    outcomes = together(*[partial(tip, bob, post, "10.00", at=bob.created_at) for post in posts(20)])
    assert sum(isinstance(outcome, Tip) for outcome in outcomes) == 5


def test_after_seventy_two_hours_a_member_is_new_no_more(bob, posts, tip, figure):
    figure(NEW_MEMBER_HOURS=72, NEW_MEMBER_TIPS_PER_DAY=0)
    (post,) = posts(1)
    old_enough = bob.created_at + timedelta(hours=72)
    with pytest.raises(operations.NewMemberTips):
        tip(bob, post, "1.00", at=old_enough - timedelta(seconds=1))
    tip(bob, post, "1.00", at=old_enough)


def test_on_ones_own_machine_nobody_is_new(bob, posts, tip, figure):
    figure(NEW_MEMBER_HOURS=0, NEW_MEMBER_TIPS_PER_DAY=0)
    tip(bob, *posts(1), "1.00", at=bob.created_at)


def test_whose_coins_are_held_tips_like_a_new_member(bob, posts, tip, figure, noon):
    figure(NEW_MEMBER_TIPS_PER_DAY=1)
    bob.coins_held_until = noon + timedelta(hours=1)
    first, second = posts(2)
    tip(bob, first, "1.00")
    with pytest.raises(operations.NewMemberTips):
        tip(bob, second, "1.00")
    tip(bob, second, "1.00", at=noon + timedelta(hours=1))


def test_comments_are_no_way_out_for_coins_that_are_held(bob, posts, figure, noon):
    figure(FREE_COMMENTS_PER_DAY=0, NEW_MEMBER_TIP_COINS_PER_DAY=Decimal("1.00"))
    bob.coins_held_until = noon + timedelta(hours=1)
    (post,) = posts(1)

    def say(words, at=noon):
        return operations.write_comment(author=bob, post_id=post.pk, content=words, channel=WEB, at=at)

    say("One")
    say("Two")  # 0.50 each
    with pytest.raises(NewMemberLimit) as refused:
        say("Three")
    assert "at most 1.00 coins a day" in str(refused.value)
    assert Wallet.objects.get(user=bob).balance == Decimal("99.00")
    say("Three", at=noon + timedelta(hours=1))


def test_tips_and_comments_of_a_new_member_are_counted_together(bob, posts, tip, figure):
    figure(NEW_MEMBER_HOURS=72, FREE_COMMENTS_PER_DAY=1, NEW_MEMBER_TIP_COINS_PER_DAY=Decimal("2.00"))
    (first,) = posts(1)
    tip(bob, first, "2.00", at=bob.created_at)
    free = {"author": bob, "post_id": first.pk, "channel": WEB, "at": bob.created_at}
    operations.write_comment(content="Costs nothing", **free)
    with pytest.raises(NewMemberLimit):
        operations.write_comment(content="Costs something", **free)


def test_a_refused_tip_of_a_new_member_is_given_back_everywhere(bob, posts, tip, figure):
    figure(NEW_MEMBER_HOURS=72, NEW_MEMBER_TIPS_PER_DAY=1, TIPS_PER_MINUTE=1)
    User.objects.filter(pk=bob.pk).update(created_at=bob.created_at)
    (post,) = posts(1)
    for _number in range(3):
        with pytest.raises((operations.TipLimitReached, NotEnoughCoins)):
            tip(bob, post, "10.01", at=bob.created_at)
    tip(bob, post, "1.00", at=bob.created_at)


# -- Both doors -----------------------------------------------------------------------------------


def test_the_api_says_when_the_next_tip_is_possible(bob, posts, figure):
    figure(TIPS_PER_MINUTE=1)
    client = APIClient()
    client.force_login(bob)
    answers = [client.post(f"/api/v1/posts/{post.pk}/tips", {"amount": "1.00"}) for post in posts(2)]
    assert [answer.status_code for answer in answers] == [201, 429]
    assert answers[1].json()["type"] == "too-many-tips"
    assert 0 < int(answers[1].headers["Retry-After"]) <= 60


def test_the_page_says_it_too(bob, posts, figure):
    figure(TIPS_PER_MINUTE=0)
    client = Client()
    client.force_login(bob)
    (post,) = posts(1)
    refused = client.post(f"/p/{post.pk}/tip/", {"amount": "1.00"})
    assert refused.status_code == 429
    assert "You can give the next one in" in refused.content.decode()
