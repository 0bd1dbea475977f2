"""Polls: asked with a post, voted in once each, closed at their end."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.departures import parts
from accounts.departures.forgetting import Leaving
from accounts.members.boundaries import Blocked, block
from accounts.members.models import User
from accounts.notifications.models import Notification, OwedNotice
from accounts.notifications.operations import gather
from config.lib.refusals import NotAllowed, NotThere, refusal_in
from social.feed import extras
from social.feed.models import Post
from social.feed.operations import remove_post
from social.feed.tests.conftest import together
from social.polls import operations, queries
from social.polls.leaving import forget_answers
from social.polls.models import Poll, PollOption, PollVote
from social.polls.operations import PollOver, TooManyVotes, UnusablePoll
from social.polls.tests.conftest import option_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def vote(member, post, text, at):
    return operations.cast_vote(voter=member, post_id=post.pk, option_id=option_of(post, text), at=at)


def counts(post):
    options = PollOption.objects.filter(poll__post=post).order_by("place")
    return [option.votes_count for option in options], Poll.objects.get(post=post).voters_count


def test_a_post_asks(alice, ask, noon):
    post = ask(alice, " Green  tea ", "Coffee", "", minutes=90)
    poll = Poll.objects.get(post=post)
    assert [option.text for option in poll.options.order_by("place")] == ["Green tea", "Coffee"]
    assert poll.ends_at == noon + timedelta(minutes=90)
    carried = Post.objects.get(pk=post.pk).carries["poll"]
    assert (carried["ends_at"], carried["voters"]) == ("2026-11-18T13:30:00+00:00", None)
    assert [(option["text"], option["votes"]) for option in carried["options"]] == [
        ("Green tea", None),
        ("Coffee", None),
    ]


@pytest.mark.parametrize(
    ("options", "minutes", "says"),
    [
        (["Tea"], 60, "A poll has at least two answers."),
        (["Tea", "  "], 60, "A poll has at least two answers."),
        (list("abcdefg"), 60, "A poll has at most six answers."),
        (["Tea", "tea"], 60, "Two of the answers are the same."),
        (["Tea", "x" * 81], 60, "An answer has at most 80 characters."),
        (["Tea", "a\x00b"], 60, "An answer holds characters that cannot be kept."),
        (["Tea", "Coffee"], 4, "A poll lasts from 5 minutes to 30 days."),
        (["Tea", "Coffee"], 30 * 1440 + 1, "A poll lasts from 5 minutes to 30 days."),
    ],
)
def test_what_is_no_poll_is_refused_with_its_post(alice, ask, options, minutes, says):
    with pytest.raises(UnusablePoll) as refused:
        ask(alice, *options, minutes=minutes)
    assert (str(refused.value), refused.value.part) == (says, "poll")
    assert not Post.objects.exists()
    assert not Poll.objects.exists()


@pytest.mark.parametrize("minutes", [5, 30 * 1440])
def test_the_shortest_and_the_longest(alice, ask, minutes):
    assert Poll.objects.get(post=ask(alice, *"abcdef", minutes=minutes)).options.count() == 6


def test_one_vote_each_that_may_be_changed(alice, bob, mallory, ask, noon):
    post = ask(alice, "Tea", "Coffee", "Water")
    vote(alice, post, "Tea", noon)  # one may answer one's own question
    vote(bob, post, "Tea", noon)
    vote(mallory, post, "Coffee", noon)
    assert counts(post) == ([2, 1, 0], 3)
    vote(bob, post, "Water", noon + timedelta(hours=1))
    assert counts(post) == ([1, 1, 1], 3)
    vote(bob, post, "Water", noon + timedelta(hours=2))  # a double click
    assert counts(post) == ([1, 1, 1], 3)
    assert PollVote.objects.filter(user=bob).count() == 1


def test_votes_are_told_to_those_who_voted_and_to_all_at_the_end(alice, bob, mallory, ask, noon):
    post = ask(alice, "Tea", "Coffee", "Water")
    vote(bob, post, "Tea", noon)
    vote(mallory, post, "Tea", noon)

    def told(reader, at):
        tally = queries.tally_of(post.pk, reader, at)
        return tally.voters, [option.votes for option in tally.options], tally.is_over

    assert told(bob, noon) == (2, [2, 0, 0], False)
    assert told(alice, noon) == (2, [None] * 3, False)  # whoever asked waits like everyone else
    assert told(alice, noon + DAY) == (2, [2, 0, 0], True)
    vote(alice, post, "Water", noon + DAY - timedelta(seconds=1))
    shares = [option.share for option in queries.tally_of(post.pk, alice, noon).options]
    assert shares == [0.667, 0.0, 0.333]


def test_nobody_votes_after_the_end(alice, bob, ask, noon):
    post = ask(alice)
    vote(bob, post, "Tea", noon + DAY - timedelta(milliseconds=1))
    for member in (alice, bob):
        with pytest.raises(PollOver):
            vote(member, post, "Coffee", noon + DAY)
    operations.close_polls(at=noon + DAY)
    with pytest.raises(PollOver):  # by a clock that is behind
        vote(alice, post, "Coffee", noon)
    assert counts(post) == ([1, 0], 1)


def test_the_database_says_so_too(alice, bob, ask, noon):
    post, other = ask(alice), ask(alice, "Red", "Blue")
    poll = Poll.objects.get(post=post)
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        PollVote.objects.create(poll=poll, option_id=option_of(other, "Red"), user=bob)
    assert isinstance(refusal_in(refused.value), NotThere)
    operations.close_polls(at=noon + 2 * DAY)
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        PollVote.objects.create(poll=poll, option_id=option_of(post, "Tea"), user=bob)
    assert isinstance(refusal_in(refused.value), PollOver)


def test_what_is_not_there_cannot_be_voted_for(alice, bob, mallory, ask, write, noon):
    post, other, plain = ask(alice), ask(alice, "Red", "Blue"), write(alice)
    with pytest.raises(NotThere):
        operations.cast_vote(voter=mallory, post_id=post.pk, option_id=option_of(other, "Red"), at=noon)
    with pytest.raises(NotThere):
        operations.cast_vote(voter=mallory, post_id=plain.pk, option_id=option_of(other, "Red"), at=noon)
    option = option_of(post, "Tea")
    remove_post(remover=alice, post_id=post.pk, at=noon)
    with pytest.raises(NotThere):
        operations.cast_vote(voter=bob, post_id=post.pk, option_id=option, at=noon)


def test_nobody_votes_where_a_block_stands(alice, mallory, ask, noon):
    post = ask(alice)
    block(member=alice, page=mallory.primary_page, at=noon)
    with pytest.raises(Blocked):
        vote(mallory, post, "Tea", noon)


def test_who_is_suspended_has_no_vote(alice, bob, ask, noon):
    post = ask(alice)
    User.objects.filter(pk=bob.pk).update(status="SUSPENDED")
    bob.refresh_from_db()
    with pytest.raises(NotAllowed):
        vote(bob, post, "Tea", noon)


def test_many_votes_in_a_minute_are_too_many(alice, bob, ask, noon, figure):
    figure(POLL_VOTES_PER_MINUTE=2)
    post = ask(alice)
    vote(bob, post, "Tea", noon)
    vote(bob, post, "Coffee", noon)
    with pytest.raises(TooManyVotes):
        vote(bob, post, "Tea", noon)


def test_a_result_stands_on_the_card(alice, bob, mallory, ask, noon):
    post, other = ask(alice, "Tea", "Coffee"), ask(alice, "Red", "Blue", minutes=2880)
    vote(bob, post, "Tea", noon)
    vote(mallory, post, "Tea", noon)
    vote(alice, post, "Coffee", noon)
    assert operations.close_polls(at=noon + DAY) == 1
    assert operations.close_polls(at=noon + DAY) == 0
    carried = Post.objects.get(pk=post.pk).carries["poll"]
    shown = [(option["text"], option["votes"], option["share"]) for option in carried["options"]]
    assert (carried["voters"], shown) == (3, [("Tea", 2, 0.667), ("Coffee", 1, 0.333)])
    assert Post.objects.get(pk=other.pk).carries["poll"]["voters"] is None


def test_its_people_hear_of_the_end(alice, bob, mallory, ask, noon):
    post = ask(alice, "Tea", "Coffee", content="What do you drink?")
    vote(bob, post, "Tea", noon)
    vote(alice, post, "Tea", noon)
    operations.close_polls(at=noon + DAY)
    owed = OwedNotice.objects.filter(type="poll", reference_id=post.pk)
    assert sorted(owed.values_list("user__pages__username", flat=True)) == ["alice", "bob"]
    gather(at=timezone.now())
    told = dict(Notification.objects.filter(type="poll").values_list("user", "title"))
    assert told == {alice.pk: "Your poll has ended", bob.pk: "A poll you voted in has ended"}
    said = set(Notification.objects.filter(type="poll").values_list("message", flat=True))
    assert said == {"“What do you drink?” · Tea: 2 of 2 votes"}


def test_a_draw_names_no_winner_and_a_removed_poll_tells_nobody(alice, bob, ask, noon):
    drawn, gone, silent = ask(alice, "Tea", "Coffee"), ask(alice, "Red", "Blue"), ask(alice, "Left", "Right")
    vote(alice, drawn, "Tea", noon)
    vote(bob, drawn, "Coffee", noon)
    remove_post(remover=alice, post_id=gone.pk, at=noon)
    operations.close_polls(at=noon + 2 * DAY)
    data = dict(OwedNotice.objects.filter(type="poll", user=alice).values_list("reference_id", "data"))
    assert data == {drawn.pk: {"is_own": True, "voters": 2}, silent.pk: {"is_own": True, "voters": 0}}


def test_cards_cost_no_query_for_their_polls(alice, ask, django_assert_num_queries):
    posts = [ask(alice), ask(alice)]
    with django_assert_num_queries(0):
        assert [shown.name for post in posts for shown in extras.on_card(post)] == ["poll", "poll"]


def test_a_post_costs_two_queries_for_its_poll(alice, ask, noon, django_assert_num_queries):
    post = ask(alice, *"abcdef")
    with django_assert_num_queries(2):
        extras.on_page(post, alice, noon)


def test_votes_and_answers_are_in_a_copy_of_ones_data(alice, bob, ask, noon):
    post = ask(alice, "Tea", "Coffee")
    vote(bob, post, "Tea", noon)
    of = {part.name: part for part in parts.parts()}
    (row,) = of["poll-votes"].rows(bob)
    assert (row["post_id"], row["answer"]) == (post.pk, "Tea")
    assert list(of["poll-votes"].rows(alice)) == []
    assert [(row["text"], row["votes_count"]) for row in of["polls"].rows(alice)] == [("Tea", 1), ("Coffee", 0)]


def test_removed_answers_of_who_leaves_are_forgotten(alice, bob, ask, noon):
    gone, stays = ask(alice, "Tea", "Coffee"), ask(alice, "Red", "Blue")
    vote(bob, gone, "Tea", noon)
    remove_post(remover=alice, post_id=gone.pk, at=noon)
    assert forget_answers(Leaving(member=alice, removes_writing=False, at=noon)) is False
    assert {*PollOption.objects.filter(poll__post=gone).values_list("text", flat=True)} == {"–"}
    assert "poll" not in Post.objects.get(pk=gone.pk).carries
    assert {*PollOption.objects.filter(poll__post=stays).values_list("text", flat=True)} == {"Red", "Blue"}
    assert "poll" in Post.objects.get(pk=stays.pk).carries
    operations.close_polls(at=noon + 2 * DAY)
    assert "poll" not in Post.objects.get(pk=gone.pk).carries


@pytest.mark.django_db(transaction=True)
def test_many_votes_of_one_member_at_once_are_one(alice, bob, ask, noon):
    post = ask(alice, "Tea", "Coffee")
    outcomes = together(*[lambda text=text: vote(bob, post, text, noon) for text in ["Tea", "Coffee"] * 4])
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert PollVote.objects.count() == 1
    assert (sum(counts(post)[0]), counts(post)[1]) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_votes_of_many_at_once_are_all_counted(alice, join, ask, noon):
    post = ask(alice, "Tea", "Coffee")
    members = [join(f"member_{number}") for number in range(8)]
    together(*[lambda member=member: vote(member, post, "Tea", noon) for member in members])
    assert counts(post) == ([8, 0], 8)


@pytest.mark.django_db(transaction=True)
def test_a_vote_at_the_end_counts_or_is_refused(alice, join, ask, noon):
    """Whatever was accepted is in the result that cards show and people are told."""
    members = [join(f"member_{number}") for number in range(6)]
    for round_ in range(5):
        post = ask(alice, "Tea", "Coffee")
        end = Poll.objects.get(post=post).ends_at
        votes = [partial(vote, member, post, "Tea", end - timedelta(microseconds=1)) for member in members]
        outcomes = together(*votes, *[partial(operations.close_polls, at=end)] * 2)
        operations.close_polls(at=end)
        accepted = sum(isinstance(outcome, PollVote) for outcome in outcomes)
        refused = sum(isinstance(outcome, PollOver) for outcome in outcomes)
        assert (accepted + refused, round_) == (6, round_)
        assert counts(post) == ([accepted, 0], accepted)
        assert Post.objects.get(pk=post.pk).carries["poll"]["voters"] == accepted
