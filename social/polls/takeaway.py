"""What polls add to a copy of a member's data."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from accounts.departures import parts
from accounts.departures.takeaway import values
from accounts.members.models import User
from social.polls.models import PollOption, PollVote


def register() -> None:
    """Add the parts; called from `ready()`."""
    parts.register("polls", _polls, says="Answers of the polls in your posts, with their votes.")
    parts.register("poll-votes", _votes, says="Your votes in polls.")


def _polls(member: User) -> Iterable[dict[str, Any]]:
    rows = PollOption.objects.filter(poll__post__user=member).order_by("poll", "place")
    return values(rows, "text", "votes_count", post_id=F("poll__post"), ends_at=F("poll__ends_at"))


def _votes(member: User) -> Iterable[dict[str, Any]]:
    rows = PollVote.objects.filter(user=member).order_by("id")
    return values(rows, "created_at", "updated_at", post_id=F("poll__post"), answer=F("option__text"))
