"""Bounties when everybody acts at once: each leaves the content fund once."""

from datetime import timedelta
from decimal import Decimal as D
from functools import partial

import pytest

from config.lib.refusals import NotThere
from economy.ledger.models import Transfer
from economy.ledger.queries import violations
from social.bounties import operations
from social.bounties.models import Bounty
from social.bounties.operations import BountyOver, BountyResolved
from social.feed.operations import remove_comment, remove_post, settle_tips, take_back
from social.feed.tests.conftest import WEB, balance, fund, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
WEEK = timedelta(days=7)


def award(author, post, comment, at):
    return partial(operations.award_bounty, author=author, post_id=post.pk, comment_id=comment.pk, channel=WEB, at=at)


def unexpected(outcomes, *refusals):
    return [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, refusals)]


def moved(kind):
    return Transfer.objects.filter(kind=kind).count()


def test_of_many_choices_at_once_one_is_paid(alice, join, promise, say, noon):
    post = promise(alice)
    answers = [say(join(f"member_{number}"), post) for number in range(4)]
    outcomes = together(*[award(alice, post, answer, noon) for answer in answers * 2])
    assert unexpected(outcomes, BountyResolved) == []
    assert len({one.comment_id for one in outcomes if isinstance(one, Bounty)}) == 1
    assert (moved("BOUNTY_AWARD"), fund("content")) == (1, D(0))
    assert violations() == []


def test_at_the_deadline_it_is_paid_or_goes_back(alice, bob, promise, say, noon):
    for round_ in range(8):
        at = noon + timedelta(days=2 * round_)
        post = promise(alice, "10.00", at=at)
        answer = say(bob, post, at=at)
        before = balance(alice) + balance(bob)
        end = at + WEEK
        outcomes = together(
            award(alice, post, answer, end - timedelta(microseconds=1)),
            partial(operations.return_bounties, at=end),
            partial(operations.return_bounties, at=end),
        )
        assert unexpected(outcomes, BountyResolved, BountyOver) == []
        assert balance(alice) + balance(bob) == before + 10
        assert fund("content") == D(0)
    assert moved("BOUNTY_AWARD") + moved("BOUNTY_RETURN") == 8
    assert violations() == []


def test_a_removal_beside_a_choice_is_whole(alice, bob, mallory, promise, say, tip, noon):
    for round_ in range(6):
        at = noon + timedelta(days=round_)
        post = promise(alice, "10.00", at=at)
        answer = say(bob, post, at=at)
        given = tip(mallory, post, "2.00", at=at)
        outcomes = together(
            award(alice, post, answer, at),
            partial(remove_post, remover=alice, post_id=post.pk, at=at),
            partial(remove_comment, remover=bob, comment_id=answer.pk, at=at),
            partial(take_back, spender=mallory, tip_id=given.pk, channel=WEB, at=at) if round_ < 4 else lambda: None,
        )
        assert [one for one in unexpected(outcomes, NotThere) if type(one).__name__ != "TipResolved"] == []
        assert fund("content") == D(0)
    assert moved("BOUNTY_AWARD") + moved("BOUNTY_RETURN") == 6
    assert (balance(mallory), violations()) == (D(100), [])


def test_writing_with_a_bounty_beside_settlements_ends_in_no_deadlock(alice, bob, write, tip, noon, figure):
    """Settlement holds the writer's wallet and comes to their page; so that one is held before."""
    figure(BOUNTIES_OPEN=20)
    carrying = {"bounty": {"amount": D("1.00"), "days": 7}}
    for round_ in range(6):
        at = noon + timedelta(days=round_)
        for number in range(3):
            tip(bob, write(alice, at=at + timedelta(hours=number)), "1.00", at=at)
        later = at + timedelta(days=1)
        outcomes = together(
            partial(write, alice, at=later, carrying=carrying),
            partial(settle_tips, at=later, chunk=1),
            partial(write, alice, at=later + timedelta(minutes=1), carrying=carrying),
        )
        assert unexpected(outcomes) == []
    assert violations() == []
