"""A post that was tipped within the last second: the coins first, then the figures, in a transaction of their own."""

from decimal import Decimal as D

import pytest

from social.feed import operations
from social.feed.models import UncountedTip
from social.feed.tests.conftest import WEB, balance, books_are_right

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_figures_are_there_when_the_tip_is(alice, bob, mallory, write, tip):
    post = write(alice)
    for who, coins in ((bob, "1.00"), (mallory, "2.00"), (bob, "3.00")):
        tip(who, post, coins)
    post.refresh_from_db()
    assert (post.total_tokens_received, post.unique_spenders_count) == (D("6.00"), 2)
    assert not UncountedTip.objects.exists()
    assert books_are_right()


def test_a_tip_left_uncounted_is_taken_back_without_a_trace(alice, bob, write, tip, leave_uncounted, noon):
    post = write(alice)
    first = tip(bob, post, "1.00")
    with leave_uncounted():
        second = tip(bob, post, "2.00")
    assert UncountedTip.objects.get().tip_id == second.pk
    for given, left in ((first, D("2.00")), (second, D("0.00"))):
        operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon)
        operations.settle_tips(at=noon)
        post.refresh_from_db()
        assert post.total_tokens_received == left
    assert (post.unique_spenders_count, UncountedTip.objects.count()) == (0, 0)


def test_a_tip_left_uncounted_is_counted_by_the_job(alice, bob, mallory, write, tip, leave_uncounted, noon):
    post = write(alice)
    tip(bob, post, "1.00")
    with leave_uncounted():
        given = tip(mallory, post, "2.00")
    post.refresh_from_db()
    assert (post.total_tokens_received, balance(mallory)) == (D("1.00"), D("98.00"))
    assert given.amount == D("2.00")
    operations.settle_tips(at=noon)
    post.refresh_from_db()
    assert (post.total_tokens_received, post.unique_spenders_count) == (D("3.00"), 2)
    operations.settle_tips(at=noon)
    post.refresh_from_db()
    assert post.total_tokens_received == D("3.00")


def test_removal_counts_what_was_left_before_it_gives_it_back(alice, bob, mallory, write, tip, leave_uncounted, noon):
    post = write(alice)
    tip(bob, post, "1.00")
    with leave_uncounted():
        tip(mallory, post, "2.00")
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    post.refresh_from_db()
    assert (post.total_tokens_received, post.unique_spenders_count) == (D("0.00"), 0)
    assert (balance(bob), balance(mallory)) == (D("100.00"), D("100.00"))
    assert not UncountedTip.objects.exists()
