"""What rewards add to a copy of a member's data."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from accounts.departures import parts
from accounts.departures.takeaway import values
from accounts.members.models import User
from economy.rewards.models import Reward


def register() -> None:
    """Add the part; called from `ready()`."""
    parts.register("rewards", _rewards, says="What the treasury paid you for what you did here, and why not.")


def _rewards(member: User) -> Iterable[dict[str, Any]]:
    return values(
        Reward.objects.filter(user=member).order_by("id"),
        "cause_type",
        "cause_id",
        "happened_at",
        "amount",
        "status",
        "skipped_for",
        "paid_at",
        "taken_back_at",
        "taken_back",
        for_what=F("rule__slug"),
    )
