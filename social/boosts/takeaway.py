"""What boosts add to a copy of a member's data."""

from collections.abc import Iterable
from typing import Any

from accounts.departures import parts
from accounts.departures.takeaway import values
from accounts.members.models import User
from social.boosts.models import Boost


def register() -> None:
    """Add the part; called from `ready()`."""
    parts.register("boosts", _boosts, says="Boosts of your posts.")


def _boosts(member: User) -> Iterable[dict[str, Any]]:
    return values(Boost.objects.filter(user=member).order_by("id"), "id", "post_id", "amount", "created_at", "ends_at")
