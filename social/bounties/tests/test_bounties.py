"""Bounties: coins that wait for the best answer, and leave once."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from accounts.departures import parts
from accounts.departures.forgetting import Leaving
from accounts.members.boundaries import Blocked, block
from accounts.members.models import Page, User
from accounts.notifications.models import Notification, OwedNotice
from accounts.notifications.operations import gather
from config.lib.refusals import NotAllowed, NotThere
from economy.ledger.models import Transfer
from economy.ledger.operations import CoinsHeld, NotEnoughCoins
from economy.ledger.queries import checks, violations
from economy.ledger.slowly import NewMemberLimit
from social.bounties import operations
from social.bounties.leaving import return_at_erasing
from social.bounties.models import Bounty
from social.bounties.operations import (
    BountyOutOfBounds,
    BountyOver,
    BountyResolved,
    BountyTime,
    NoBounties,
    NotPayable,
    OwnAnswer,
)
from social.feed.models import Post
from social.feed.operations import remove_comment, remove_post
from social.feed.tests.conftest import WEB, balance, drain, fund

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def award(author, post, comment, at):
    return operations.award_bounty(author=author, post_id=post.pk, comment_id=comment.pk, channel=WEB, at=at)


def shown(post):
    bounty = Post.objects.get(pk=post.pk).carries["bounty"]
    return bounty["state"], bounty["comment"]


def totals(member):
    wallet = member.wallet.__class__.objects.get(user=member)
    return wallet.total_earned, wallet.total_spent


def test_the_coins_wait_with_the_post(alice, promise, noon):
    post = promise(alice, "25.00")
    bounty = Bounty.objects.get(post=post)
    assert (balance(alice), fund("content"), bounty.amount, bounty.ends_at) == (D(75), D(25), D(25), noon + WEEK)
    transfer = Transfer.objects.get(pk=bounty.transfer_id)
    assert (transfer.kind, transfer.reference_type, transfer.reference_id) == ("BOUNTY", "post", post.pk)
    assert Post.objects.get(pk=post.pk).carries["bounty"] == {
        "amount": "25.00",
        "ends_at": "2026-11-25T12:00:00+00:00",
        "state": "open",
        "comment": None,
    }
    assert totals(alice) == (D(0), D(25))
    assert violations() == []


def test_the_chosen_answer_gets_all_of_it(alice, bob, mallory, promise, say, noon):
    post = promise(alice, "25.00")
    answer, other = say(bob, post), say(mallory, post)
    bounty = award(alice, post, answer, noon + DAY)
    assert (balance(alice), balance(bob), balance(mallory), fund("content")) == (D(75), D(125), D(100), D(0))
    assert (bounty.comment_id, bounty.awarded_at, bounty.returned_at) == (answer.pk, noon + DAY, None)
    transfer = Transfer.objects.get(pk=bounty.resolved_by)
    assert (transfer.kind, transfer.reference_type, transfer.reference_id, transfer.actor) == (
        "BOUNTY_AWARD",
        "comment",
        answer.pk,
        alice,
    )
    assert shown(post) == ("awarded", str(answer.pk))
    assert (totals(alice), totals(bob)) == ((D(0), D(25)), (D(25), D(0)))
    assert Page.objects.get(user=bob).total_tokens_earned == D(25)
    assert award(alice, post, answer, noon + DAY).resolved_by == bounty.resolved_by  # a second click
    with pytest.raises(BountyResolved):
        award(alice, post, other, noon + DAY)
    assert operations.return_bounties(at=noon + 30 * DAY) == 0
    remove_post(remover=alice, post_id=post.pk, at=noon + 2 * DAY)
    assert (balance(alice), balance(bob), fund("content")) == (D(75), D(125), D(0))
    assert violations() == []


def test_an_answer_to_an_answer_may_be_chosen(alice, bob, mallory, promise, say, noon):
    post = promise(alice)
    answer = say(bob, post, parent_id=say(mallory, post).pk)
    award(alice, post, answer, noon)
    assert balance(bob) == D(125)


def test_without_a_chosen_answer_it_comes_back(alice, bob, promise, say, noon):
    post, later = promise(alice, "25.00"), promise(alice, "10.00", days=8)
    answer = say(bob, post)
    assert operations.return_bounties(at=noon + WEEK - timedelta(microseconds=1)) == 0
    with pytest.raises(BountyOver):
        award(alice, post, answer, noon + WEEK)
    assert operations.return_bounties(at=noon + WEEK) == 1
    assert operations.return_bounties(at=noon + WEEK) == 0
    assert (balance(alice), fund("content")) == (D(90), D(10))
    bounty = Bounty.objects.get(post=post)
    assert (bounty.returned_at, bounty.awarded_at, shown(post)) == (noon + WEEK, None, ("returned", None))
    transfer = Transfer.objects.get(pk=bounty.resolved_by)
    assert (transfer.kind, transfer.channel, transfer.reference_id) == ("BOUNTY_RETURN", "JOB", post.pk)
    assert totals(alice) == (D(0), D(10))
    with pytest.raises(BountyResolved):  # by a clock that is behind
        award(alice, post, answer, noon)
    assert operations.return_bounties(at=noon + 9 * DAY, chunk=1) == 1
    assert shown(later) == ("returned", None)
    assert violations() == []


@pytest.mark.parametrize("by", ["alice", "moderator"])
def test_it_comes_back_when_the_post_is_removed(alice, moderator, bob, promise, tip, noon, by):
    post = promise(alice, "25.00")
    tip(bob, post, "10.00")
    remove_post(remover={"alice": alice, "moderator": moderator}[by], post_id=post.pk, at=noon + timedelta(hours=1))
    assert (balance(alice), balance(bob), fund("content")) == (D(100), D(100), D(0))
    assert Bounty.objects.get().returned_at == noon + timedelta(hours=1)
    assert shown(post) == ("returned", None)
    assert violations() == []


def test_a_stranger_cannot_bring_it_back(alice, mallory, promise, noon):
    post = promise(alice)
    with pytest.raises(NotThere):
        remove_post(remover=mallory, post_id=post.pk, at=noon)
    assert (balance(alice), fund("content"), shown(post)) == (D(75), D(25), ("open", None))


def test_only_the_author_chooses(alice, bob, mallory, moderator, promise, say, noon):
    post = promise(alice)
    answer = say(mallory, post)
    for member in (bob, mallory, moderator):
        with pytest.raises(NotThere):
            award(member, post, answer, noon)
    assert (balance(mallory), shown(post)) == (D(100), ("open", None))


def test_never_ones_own_answer_by_any_page(alice, promise, say, noon):
    post = promise(alice)
    second = Page.objects.create(user=alice, username="alice_two", display_name="Two", is_primary=False)
    for own in (say(alice, post), say(alice, post, page=second)):
        with pytest.raises(OwnAnswer):
            award(alice, post, own, noon)
    assert (balance(alice), shown(post)) == (D(75), ("open", None))


def test_what_is_no_answer_to_the_post_is_not_there(alice, bob, promise, say, write, noon):
    post, other = promise(alice), promise(alice, "5.00")
    elsewhere, gone = say(bob, other), say(bob, post)
    remove_comment(remover=bob, comment_id=gone.pk, at=noon)
    for comment in (elsewhere, gone, post):
        with pytest.raises(NotThere):
            award(alice, post, comment, noon)
    plain = write(alice)
    with pytest.raises(NotThere):
        award(alice, plain, say(bob, plain), noon)
    assert violations() == []


def test_a_removed_answer_keeps_what_it_was_paid(alice, bob, promise, say, noon):
    post = promise(alice)
    answer = say(bob, post)
    award(alice, post, answer, noon)
    remove_comment(remover=bob, comment_id=answer.pk, at=noon)
    assert balance(bob) == D(125)


@pytest.mark.parametrize(
    ("status", "refusal"), [("SUSPENDED", NotPayable), ("ERASED", NotPayable), ("BANNED", NotThere)]
)
def test_who_may_not_earn_is_not_paid(alice, bob, promise, say, noon, status, refusal):
    post = promise(alice)
    answer = say(bob, post)
    User.objects.filter(pk=bob.pk).update(status=status)
    with pytest.raises(refusal):
        award(alice, post, answer, noon)
    assert fund("content") == D(25)


@pytest.mark.parametrize("by_the_author", [True, False])
def test_nothing_passes_a_block(alice, bob, promise, say, noon, by_the_author):
    post = promise(alice)
    answer = say(bob, post)
    one, other = (alice, bob) if by_the_author else (bob, alice)
    block(member=one, page=other.primary_page, at=noon)
    with pytest.raises(Blocked):
        award(alice, post, answer, noon)


def test_who_is_suspended_chooses_nothing(alice, bob, promise, say, noon):
    post = promise(alice)
    answer = say(bob, post)
    User.objects.filter(pk=alice.pk).update(status="SUSPENDED")
    alice.refresh_from_db()
    with pytest.raises(NotAllowed):
        award(alice, post, answer, noon)


def test_held_coins_do_not_leave_through_an_answer(alice, bob, promise, say, noon):
    post = promise(alice)
    answer = say(bob, post)
    alice.coins_held_until = noon + DAY
    alice.save(update_fields=["coins_held_until"])
    with pytest.raises(CoinsHeld):
        award(alice, post, answer, noon)
    award(alice, post, answer, noon + DAY)
    assert balance(bob) == D(125)


@pytest.mark.parametrize("coins", ["0.99", "500.01", "0.00"])
def test_too_little_and_too_much(alice, promise, coins):
    with pytest.raises(BountyOutOfBounds) as refused:
        promise(alice, coins)
    assert (str(refused.value), refused.value.part) == ("A bounty is 1.00 to 500.00 coins.", "bounty")
    assert not Post.objects.exists()


@pytest.mark.parametrize("days", [0, 31])
def test_too_short_and_too_long(alice, promise, days):
    with pytest.raises(BountyTime):
        promise(alice, days=days)
    assert (Post.objects.count(), balance(alice)) == (0, D(100))


def test_the_shortest_and_the_longest(alice, promise, noon):
    ends = [Bounty.objects.get(post=promise(alice, "1.00", days=days, at=noon)).ends_at for days in (1, 30)]
    assert ends == [noon + DAY, noon + 30 * DAY]


def test_a_post_whose_bounty_cannot_be_paid_is_not_written(alice, promise, noon):
    drain(alice, to="24.99", at=noon)
    with pytest.raises(NotEnoughCoins):
        promise(alice, "25.00")
    assert (Post.objects.count(), Bounty.objects.count(), balance(alice)) == (0, 0, D("24.99"))
    promise(alice, "24.99")
    assert violations() == []


def test_a_key_promises_once(alice, promise, write, noon):
    given = {"key": "k", "at": noon, "content": "Once.", "carrying": {"bounty": {"amount": D(25), "days": 7}}}
    assert write(alice, **given).pk == write(alice, **given).pk
    assert (balance(alice), Bounty.objects.count()) == (D(75), 1)


def test_a_rapid_post_pays_for_both(alice, promise, noon):
    promise(alice, "25.00", at=noon)
    promise(alice, "25.00", at=noon + timedelta(minutes=5))
    assert balance(alice) == D("49.50")
    assert violations() == []


def test_a_community_may_do_without(alice, promise, figure):
    figure(BOUNTY_MAX=D(0))
    with pytest.raises(NoBounties):
        promise(alice)


def test_new_members_and_held_coins_go_slowly(alice, mallory, promise, figure, noon):
    figure(NEW_MEMBER_HOURS=72, NEW_MEMBER_TIP_COINS_PER_DAY=D(50))
    User.objects.filter(pk=alice.pk).update(created_at=noon - 4 * DAY, coins_held_until=noon + DAY)
    User.objects.filter(pk=mallory.pk).update(created_at=noon - DAY)
    for member in (alice, mallory):
        member.refresh_from_db()
        promise(member, "40.00", at=noon)
        with pytest.raises(NewMemberLimit):
            promise(member, "10.01", at=noon + timedelta(minutes=20))
        promise(member, "10.00", at=noon + timedelta(minutes=40))
        assert balance(member) == D(50)


def test_its_people_hear_of_it(alice, bob, promise, say, noon):
    paid, back, gone = promise(alice, "25.00"), promise(alice, "10.00"), promise(alice, "5.00")
    award(alice, paid, say(bob, paid, "Wait for the bubbles."), noon)
    operations.return_bounties(at=noon + 8 * DAY)
    remove_post(remover=alice, post_id=gone.pk, at=noon)
    gather(at=noon + 8 * DAY)
    told = Notification.objects.filter(type__in=["bounty", "bounty-back"])
    bobs = told.get(user=bob)
    assert (bobs.title, bobs.message) == ("Alice chose your answer: 25.00 are yours", "“Wait for the bubbles.”")
    assert bobs.data["path"].startswith(f"/p/{paid.pk}/?comment=")
    (alices,) = told.filter(user=alice)
    assert (alices.title, alices.message) == (
        "15.00 that you had promised came back",
        "No answer was chosen within the time of the bounty.",
    )
    assert back.pk != gone.pk


def test_who_removes_the_post_hears_that_the_coins_are_back(alice, moderator, promise, noon):
    post = promise(alice)
    remove_post(remover=moderator, post_id=post.pk, at=noon)
    gather(at=noon)
    told = Notification.objects.get(type="bounty-back", user=alice)
    assert told.message == "The post with the bounty was removed."


def test_it_comes_back_when_its_member_leaves(alice, bob, promise, say, noon):
    paid, first, second = promise(alice, "20.00"), promise(alice, "5.00"), promise(alice, "5.00", days=30)
    award(alice, paid, say(bob, paid), noon)
    leaving = Leaving(member=alice, removes_writing=False, at=noon)
    while return_at_erasing(leaving):
        pass
    assert (balance(alice), fund("content")) == (D(80), D(0))
    assert {shown(first), shown(second)} == {("returned", None)}
    assert not OwedNotice.objects.filter(type="bounty-back").exists()
    assert violations() == []


def test_a_copy_of_ones_data_holds_them(alice, bob, mallory, promise, say, noon):
    post = promise(alice)
    award(alice, post, say(bob, post), noon)
    of = {part.name: part for part in parts.parts()}
    assert [row["amount"] for row in of["bounties"].rows(alice)] == [D(25)]
    assert [row["amount"] for row in of["bounties-received"].rows(bob)] == [D(25)]
    for name in ("bounties", "bounties-received"):
        assert list(of[name].rows(mallory)) == []


def test_the_ledger_check_knows_what_the_content_fund_holds(alice, bob, promise, tip, noon):
    tip(bob, promise(alice), "3.33")
    assert (violations(), fund("content")) == ([], D("28.33"))
    says = "the content fund holds the open tips and the open bounties"
    assert says in [check for _number, check in checks()]
    Bounty.objects.update(amount=D("24.00"))
    assert [violation.says for violation in violations()] == [says]
