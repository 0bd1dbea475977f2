"""Polls: asked with a post, voted in, closed."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.members.boundaries import must_not_keep_apart
from accounts.members.models import User
from accounts.members.operations import must_act
from accounts.notifications.operations import nudge_after_commit
from config.lib.ids import uuid7_at
from config.lib.limits import Limit, counted
from config.lib.refusals import NotThere, Refused, TooMany, spoken_by_database
from config.lib.runtime import figures
from social.feed import queries as feed
from social.feed.models import Post
from social.polls import rules
from social.polls.models import Poll, PollOption, PollVote


class UnusablePoll(Refused):
    """Its answers or its time will not do."""

    slug = "unusable-poll"
    title = _("This poll cannot be asked")

    _SENTENCES = {
        "few": _("A poll has at least two answers."),
        "many": _("A poll has at most six answers."),
        "long": _("An answer has at most 80 characters."),
        "unusable": _("An answer holds characters that cannot be kept."),
        "twice": _("Two of the answers are the same."),
        "time": _("A poll lasts from 5 minutes to 30 days."),
    }

    def __init__(self, *, fault: str) -> None:
        super().__init__(str(self._SENTENCES[fault]), fault=fault)


class PollOver(Refused):
    """Its time is up: the result stands."""

    slug = "poll-over"
    status = 409
    title = _("This poll is over")
    sentence = _("This poll is over, and its result stands.")
    sqlstate = "CV530"


class TooManyVotes(TooMany):
    """POLL_VOTES_PER_MINUTE."""

    slug = "too-many-votes"
    sentence = _("That were many votes in a short time. You can cast the next one in %(wait)s.")


def ask(*, post: Post, answers: list[str], lasts: timedelta, at: datetime) -> list[PollOption]:
    """Ask a question with a new post, in its transaction; its answers. May refuse with UnusablePoll."""
    kept = rules.tidied(answers)
    fault = rules.fault_in(kept, lasts=lasts)
    if fault is not None:
        raise UnusablePoll(fault=fault)
    poll = Poll.objects.create(id=uuid7_at(at), created_at=at, post=post, ends_at=at + lasts)
    options = [PollOption(poll=poll, created_at=at, place=place, text=text) for place, text in enumerate(kept)]
    return PollOption.objects.bulk_create(options)


def cast_vote(*, voter: User, post_id: UUID, option_id: UUID, at: datetime) -> PollVote:
    """Vote in the poll of a post, or vote otherwise than before. The same vote again is no error.

    May refuse with NotAllowed, NotThere (also for an answer of another poll), Blocked, PollOver, TooManyVotes.
    """
    must_act(voter)
    most = figures().POLL_VOTES_PER_MINUTE
    with (
        counted(Limit("poll-votes", str(voter.pk), most, 60), refuse=TooManyVotes),
        spoken_by_database(),
        transaction.atomic(),
    ):
        post = feed.post_for(voter, post_id)
        must_not_keep_apart(voter.pk, post.user_id)
        # Votes in a poll pass one by one: of two of one member the second finds the first, and none slips past the end.
        poll = Poll.objects.select_for_update(no_key=True).filter(post=post).first()
        if poll is None:
            raise NotThere()
        if poll.is_over(at):
            raise PollOver()
        if not PollOption.objects.filter(pk=option_id, poll=poll).exists():
            raise NotThere()
        vote = PollVote.objects.filter(poll=poll, user=voter).first()
        if vote is None:
            vote = PollVote(id=uuid7_at(at), created_at=at, poll=poll, option_id=option_id, user=voter)
            vote.save(force_insert=True)
        elif vote.option_id != option_id:
            vote.option_id = option_id
            vote.save(update_fields=["option"])
    return vote


def close_polls(*, at: datetime, chunk: int = 50) -> int:
    """Close the polls whose time is up: cards show their result, and their people are owed a notice. How many.

    Chunks commit one by one. Safe to run twice at once and after any crash: a poll is closed once.
    """
    closed = 0
    while some := _close(at, chunk):
        closed += some
    return closed


def _close(at: datetime, most: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT social_close_polls(%s::timestamptz, %s::integer)", [at, most])
        (some,) = cursor.fetchone()
        nudge_after_commit()
    return some
