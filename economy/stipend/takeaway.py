"""What the stipend adds to a copy of a member's data."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from accounts.departures import parts
from accounts.departures.takeaway import values
from accounts.members.models import User
from economy.stipend.models import StipendDistribution


def register() -> None:
    """Add the part; called from `ready()`."""
    parts.register("stipends", _stipends, says="The stipends you got, week by week.")


def _stipends(member: User) -> Iterable[dict[str, Any]]:
    return values(
        StipendDistribution.objects.filter(wallet__user=member).order_by("id"),
        "base_stipend",
        "engagement_bonus",
        "new_user_bonus",
        "total_stipend",
        "tokens_earned_last_week",
        "paid_at",
        week=F("run__period"),
    )
