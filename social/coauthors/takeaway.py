"""What co-authorship adds to a copy of a member's data."""

from collections.abc import Iterable
from typing import Any

from accounts.departures import parts
from accounts.departures.takeaway import values
from accounts.members.models import User
from social.coauthors.models import CoAuthor


def register() -> None:
    """Add the part; called from `ready()`."""
    parts.register("co-authorship", _parts, says="Posts whose tips you were asked to share in.")


def _parts(member: User) -> Iterable[dict[str, Any]]:
    rows = CoAuthor.objects.filter(user=member).order_by("id")
    return values(rows, "id", "post_id", "share", "answer", "created_at", "answered_at")
