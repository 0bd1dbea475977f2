"""What bounties add to a copy of a member's data."""

from collections.abc import Iterable
from typing import Any

from accounts.departures import parts
from accounts.departures.takeaway import values
from accounts.members.models import User
from social.bounties.models import Bounty


def register() -> None:
    """Add the parts; called from `ready()`."""
    parts.register("bounties", _promised, says="Bounties that you promised, and what became of them.")
    parts.register("bounties-received", _received, says="Bounties that your answers brought you.")


def _promised(member: User) -> Iterable[dict[str, Any]]:
    rows = Bounty.objects.filter(user=member).order_by("id")
    return values(rows, "id", "post_id", "amount", "created_at", "ends_at", "awarded_at", "returned_at")


def _received(member: User) -> Iterable[dict[str, Any]]:
    rows = Bounty.objects.filter(comment__user=member).order_by("id")
    return values(rows, "id", "post_id", "comment_id", "amount", "awarded_at")
