"""What drafts add to a copy of a member's data."""

from collections.abc import Iterable
from typing import Any

from accounts.departures import parts
from accounts.departures.takeaway import values
from accounts.members.models import User
from social.drafts.models import Draft


def register() -> None:
    """Add the part; called from `ready()`."""
    parts.register("drafts", _drafts, says="Posts that you have begun and not published.")


def _drafts(member: User) -> Iterable[dict[str, Any]]:
    rows = Draft.objects.filter(user=member).order_by("id")
    return values(rows, "id", "title", "content", "rest", "created_at", "updated_at")
