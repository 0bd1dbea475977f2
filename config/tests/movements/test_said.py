"""Movements that come of joining and of what members say: tips, comments, posts, boosts."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from constance.test import override_config
from rest_framework.test import APIClient

from accounts.members.models import Page, User
from config.lib import limits
from config.lib.refusals import NotAllowed, NotThere
from config.tests.movements.books import moves, refuses
from economy.cycle.tests.weeks import hold
from economy.ledger import operations as ledger
from economy.ledger.operations import GiftLimitReached, NotEnoughCoins
from social.boosts.operations import BoostLimit, BoostRunning, boost_post
from social.bounties import operations as bounties
from social.bounties.operations import BountyOutOfBounds, BountyOver, BountyResolved, OwnAnswer, TooManyBounties
from social.coauthors import operations as coauthors
from social.feed import operations
from social.feed.operations.posts import DuplicatePost
from social.feed.operations.tips import (
    OwnContent,
    RefundWindowOver,
    SharedContent,
    TipLimitReached,
    TipResolved,
    TipTooSmall,
)
from social.feed.tests.conftest import WEB, drain

pytestmark = pytest.mark.django_db

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(hours=24)


def test_a_phone_verified_for_the_first_time(phone):
    """issuance → wallet 100.00; the first members are early adopters; a number is welcomed once."""
    with moves(ana="100.00", issuance="-100.00"):
        assert phone.sign_in(username="ana")["created"] is True
    assert User.objects.get(phone_number=phone.number).is_early_adopter
    limits.forget_all()  # a minute has passed
    asked = phone.ask(APIClient())
    with moves():  # a wrong code
        wrong = {"verification_id": asked["verification_id"], "code": phone.wrong_code, "username": "other"}
        assert APIClient().post("/api/v1/auth/verify-code", wrong).status_code == 422
    with moves():  # the second time
        right = {"verification_id": asked["verification_id"], "code": phone.code}
        assert APIClient().post("/api/v1/auth/verify-code", right).json()["created"] is False


def test_the_first_thousand_are_early_adopters(join, alice):
    with override_config(EARLY_ADOPTER_LIMIT=2):
        assert [join(name).is_early_adopter for name in ("second", "third")] == [True, False]


def test_a_tip(alice, bob, write, say, tip):
    """spender → content, X ≥ 1.00, at most 10.00 per spender and target, never on one's own content."""
    post = write(alice)
    with moves(bob="-3.33", content="3.33"):
        tip(bob, post, "3.33")
    with moves(bob="-6.67", content="6.67"):
        tip(bob, post, "6.67")
    with refuses(TipLimitReached):
        tip(bob, post, "1.00")
    with moves(bob="-1.00", content="1.00"):  # a comment is a target of its own
        tip(bob, say(alice, post), "1.00")
    for coins in ("0.99", "0.00", "-1.00"):
        with refuses(TipTooSmall):
            tip(bob, write(alice), coins)
    with refuses(TipLimitReached):
        tip(bob, write(alice), "10.01")


def test_a_tip_on_ones_own_content_is_refused_whatever_page_wrote_it(alice, write, say, tip):
    night = Page.objects.create(user=alice, username="alice_by_night", display_name="N", is_primary=False)
    for own in (write(alice), write(alice, page=night), say(alice, write(alice), page=night)):
        with refuses(OwnContent):
            tip(alice, own, "5.00")


def test_a_tip_that_the_wallet_does_not_cover(alice, bob, write, tip, noon):
    drain(bob, to="4.99", at=noon)
    with refuses(NotEnoughCoins, needed="5.00", available="4.99"):
        tip(bob, write(alice), "5.00")


def test_a_tip_taken_back(alice, bob, mallory, write, tip, noon):
    """content → spender, all of it, within 24 h; once, and by its spender alone."""

    def take_back(member, given, at):
        return operations.take_back(spender=member, tip_id=given.pk, channel=WEB, at=at)

    post = write(alice)
    given, late = tip(bob, post, "3.33"), tip(bob, post, "5.00")
    for other in (mallory, alice):
        with refuses(NotThere):
            take_back(other, given, noon + HOUR)
    with moves(content="-3.33", bob="3.33"):
        take_back(bob, given, noon + DAY - MINUTE)
    with refuses(TipResolved):
        take_back(bob, given, noon + DAY - MINUTE)
    with refuses(RefundWindowOver):
        take_back(bob, late, noon + DAY)
    operations.settle_tips(at=noon + DAY)
    with refuses((RefundWindowOver, TipResolved)):
        take_back(bob, late, noon + DAY)


@pytest.mark.parametrize(
    ("coins", "creator", "treasury", "burned"),
    [("10.00", "6.00", "2.00", "2.00"), ("3.33", "2.01", "0.66", "0.66"), ("1.00", "0.60", "0.20", "0.20")],
)
def test_a_tip_settled(coins, creator, treasury, burned, alice, bob, write, tip, noon):
    """content → creator, treasury, burned: 60, 20, 20 %; the largest share takes the remainder. After 24 h, once."""
    tip(bob, write(alice), coins)
    with moves():
        assert operations.settle_tips(at=noon + DAY - timedelta(microseconds=1)) == 0
    with moves(content=f"-{coins}", alice=creator, treasury=treasury, burned=burned):
        assert operations.settle_tips(at=noon + DAY) == 1
    with moves():
        assert operations.settle_tips(at=noon + DAY) == 0


def test_a_tip_settled_on_a_post_of_several(alice, bob, mallory, write, tip, noon):
    """The creator's share is divided as was agreed when the tip was given; the writer has what the others leave."""
    post = write(alice, carrying={"coauthors": [{"username": "mallory", "percent": 25}]})
    tip(bob, post, "1.00")  # before she agrees
    coauthors.answer(member=mallory, post_id=post.pk, agrees=True, at=noon)
    with refuses(SharedContent):
        tip(mallory, post, "1.00")
    with moves(bob="-3.33", content="3.33"):
        tip(bob, post, "3.33")
    with moves(content="-4.33", alice="2.11", mallory="0.50", treasury="0.86", burned="0.86"):
        assert operations.settle_tips(at=noon + DAY) == 2


def test_content_removed_inside_the_window(alice, bob, mallory, moderator, write, say, tip, noon):
    """content → spenders, all; by its author or a moderator. What has settled stays with the creator."""
    post = write(alice)
    tip(bob, post, "3.33"), tip(mallory, post, "10.00")
    with refuses(NotThere):  # Mallory may not
        operations.remove_post(remover=mallory, post_id=post.pk, at=noon + HOUR)
    with moves(content="-13.33", bob="3.33", mallory="10.00"):
        operations.remove_post(remover=alice, post_id=post.pk, at=noon + HOUR)
    comment = say(alice, write(bob))
    tip(bob, comment, "2.00")
    with moves(content="-2.00", bob="2.00"):
        operations.remove_comment(remover=moderator, comment_id=comment.pk, at=noon + HOUR)
    old = write(alice)
    tip(bob, old, "5.00")
    operations.settle_tips(at=noon + DAY)
    with moves():
        operations.remove_post(remover=alice, post_id=old.pk, at=noon + DAY)


def test_a_comment_beyond_the_free_ones(alice, bob, write, say, noon):
    """0.50: post's author 0.15, treasury 0.10, burned 0.25; two a day are free; on one's own post treasury 0.25."""
    post = write(alice)
    with moves():
        say(bob, post, "One."), say(bob, post, "Two.")
    with moves(bob="-0.50", alice="0.15", treasury="0.10", burned="0.25"):
        say(bob, post, "Three.")
    drain(bob, to="0.49", at=noon)
    with refuses(NotEnoughCoins, needed="0.50", available="0.49"):
        say(bob, post, "Four.")
    with moves():  # midnight in UTC has passed
        say(bob, post, "Four.", at=noon + 12 * HOUR)
    say(alice, post, "One."), say(alice, post, "Two.")
    with moves(alice="-0.50", treasury="0.25", burned="0.25"):
        say(alice, post, "Three.")


def test_posts_within_ten_minutes(alice, write, noon):
    """author → treasury 0.50, doubling with each further one; the first is free, and so is one ten minutes after."""
    with moves():
        write(alice, at=noon)
    for minutes, fee in ((9, "0.50"), (18, "1.00"), (27, "2.00")):
        with moves(alice=f"-{fee}", treasury=fee):
            write(alice, at=noon + minutes * MINUTE)
    drain(alice, to="3.99", at=noon + 30 * MINUTE)
    with refuses(NotEnoughCoins, needed="4.00", available="3.99"):
        write(alice, at=noon + 36 * MINUTE)
    with moves():
        write(alice, "The same words.", at=noon + 37 * MINUTE)
    with refuses(DuplicatePost):
        write(alice, "The  SAME words.", at=noon + 60 * MINUTE)


def test_a_boost(alice, bob, write, noon):
    """author → treasury 10.00; one's own post, once in 24 h, three running at most."""
    posts = [write(alice) for _number in range(4)]
    start = noon + 2 * HOUR

    def boost(member, post, at=start):
        return boost_post(author=member, post_id=post.pk, channel=WEB, at=at)

    with refuses(NotThere):
        boost(bob, posts[0])
    for post in posts[:3]:
        with moves(alice="-10.00", treasury="10.00"):
            boost(alice, post)
    with refuses(BoostRunning):
        boost(alice, posts[0], start + DAY - MINUTE)
    with refuses(BoostLimit):
        boost(alice, posts[3], start + DAY - MINUTE)
    with moves(alice="-10.00", treasury="10.00"):
        boost(alice, posts[0], start + DAY)
    drain(alice, to="9.99", at=start + DAY)
    with refuses(NotEnoughCoins, needed="10.00", available="9.99"):
        boost(alice, posts[1], start + DAY)


def test_a_bounty(alice, bob, mallory, moderator, write, say, noon):
    """author → content, 1.00 to 500.00; content → writer of the chosen answer, or back after the deadline or with the
    post; never to oneself."""

    def promise(coins, days=7):
        return write(alice, carrying={"bounty": {"amount": D(coins), "days": days}})

    def award(post, comment, at, member=alice):
        return bounties.award_bounty(author=member, post_id=post.pk, comment_id=comment.pk, channel=WEB, at=at)

    for coins in ("0.99", "500.01"):
        with refuses(BountyOutOfBounds):
            promise(coins)
    with refuses(NotEnoughCoins, needed="100.01", available="100.00"):
        promise("100.01")
    with moves(alice="-25.00", content="25.00"):
        paid = promise("25.00")
    answer, other, own = say(bob, paid), say(mallory, paid), say(alice, paid)
    with refuses(OwnAnswer):
        award(paid, own, noon)
    with refuses(NotThere):
        award(paid, other, noon, member=mallory)
    with moves(content="-25.00", bob="25.00"):
        award(paid, answer, noon)
    with moves():
        award(paid, answer, noon)
    with refuses(BountyResolved):
        award(paid, other, noon)

    with moves(alice="-11.00", content="11.00"):
        waits, removed = promise("1.00", days=1), promise("10.00")
    late = say(bob, waits)
    with moves(alice="10.00", content="-10.00"):
        operations.remove_post(remover=moderator, post_id=removed.pk, at=noon)
    deadline = waits.created_at + DAY
    with moves():
        bounties.return_bounties(at=deadline - MINUTE)
    with refuses(BountyOver):
        award(waits, late, deadline)
    with moves(alice="1.00", content="-1.00"):
        bounties.return_bounties(at=deadline)
        bounties.return_bounties(at=deadline)


def test_bounties_among_the_gifts_of_a_day(alice, bob, write, say, noon):
    """Gifts and awarded bounties together are at most 500.00 per UTC day; ten bounties are open at most."""
    hold(alice, "2000.00", at=noon - DAY)

    def promise(coins):
        return write(alice, carrying={"bounty": {"amount": D(coins), "days": 7}})

    def award(post, at):
        answer = post.comments.first() or say(bob, post)
        return bounties.award_bounty(author=alice, post_id=post.pk, comment_id=answer.pk, channel=WEB, at=at)

    def give(coins, at):
        wallets = {"giver": alice.wallet, "receiver": bob.wallet}
        return ledger.give(**wallets, coins=D(coins), memo="", key=None, channel=WEB, at=at)

    first, second = promise("333.33"), promise("166.68")
    with moves(content="-333.33", bob="333.33"):
        award(first, noon)
    with refuses(GiftLimitReached, most="500.00", left="166.67"):
        award(second, noon)
    with refuses(GiftLimitReached, most="500.00", left="166.67"):
        give("166.68", noon)
    with moves(alice="-166.67", bob="166.67"):
        give("166.67", noon)
    with moves(content="-166.68", bob="166.68"):
        award(second, noon + DAY)
    with moves(alice="-10.00", content="10.00"):
        for _number in range(10):
            promise("1.00")
    with refuses(TooManyBounties, most=10):
        promise("1.00")


def test_who_is_suspended_moves_nothing_by_words(alice, bob, write, say, tip, noon):
    post = write(alice)
    bob.status = User.Status.SUSPENDED
    bob.save(update_fields=["status"])
    for act in (lambda: tip(bob, post, "1.00"), lambda: say(bob, post), lambda: write(bob)):
        with refuses(NotAllowed):
            act()
