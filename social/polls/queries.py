"""Reads of polls: how one stands, for whoever looks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from config.lib.refusals import NotThere
from social.polls import rules
from social.polls.models import Poll, PollOption, PollVote


@dataclass(frozen=True)
class Answer:
    """One answer. Its votes are told when the reader may know them."""

    id: UUID
    text: str
    votes: int | None
    share: float | None
    is_own: bool


@dataclass(frozen=True)
class Tally:
    """A poll as it stands for one reader: whoever has not voted yet is not told how others did, until it is over."""

    ends_at: datetime
    is_over: bool
    voters: int
    own: UUID | None
    options: tuple[Answer, ...]

    @property
    def is_told(self) -> bool:
        """Whether the reader sees the votes."""
        return self.is_over or self.own is not None


def tally_of(post_id: UUID, reader: Any, at: datetime) -> Tally:
    """How the poll of a post stands. Two queries, one for visitors. May refuse with NotThere."""
    options = list(PollOption.objects.filter(poll__post=post_id).select_related("poll").order_by("place"))
    if not options:
        raise NotThere()
    poll = options[0].poll
    own = None
    if reader.is_authenticated:
        own = PollVote.objects.filter(poll=poll, user=reader).values_list("option_id", flat=True).first()
    return as_tally(poll, options, own=own, at=at)


def as_tally(poll: Poll, options: Iterable[PollOption], *, own: UUID | None, at: datetime) -> Tally:
    """The same of rows at hand."""
    is_over = poll.is_over(at)
    is_told = is_over or own is not None
    return Tally(
        ends_at=poll.ends_at,
        is_over=is_over,
        voters=poll.voters_count,
        own=own,
        options=tuple(
            Answer(
                id=option.pk,
                text=option.text,
                votes=option.votes_count if is_told else None,
                share=rules.share(option.votes_count, poll.voters_count) if is_told else None,
                is_own=option.pk == own,
            )
            for option in options
        ),
    )
