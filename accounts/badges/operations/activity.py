"""Activity: that a member was here, and on which days."""

from datetime import datetime

from django.db import transaction

from accounts.badges.models import UserActivity
from accounts.members.models import User

# One page view in so many seconds is noted: often enough to tell who has been away for some minutes
# (accounts.notifications), and seldom enough to cost nothing. The day's row is written with the first.
_FRESH_SECONDS = 240


def note_activity(*, member: User, at: datetime) -> None:
    """Remember that a member was active: the time every four minutes, the day once. Cheap enough for every request."""
    last = member.last_active_at
    if last is not None and last.date() == at.date() and (at - last).total_seconds() < _FRESH_SECONDS:
        return
    with transaction.atomic():
        User.objects.filter(pk=member.pk).update(last_active_at=at)
        UserActivity.objects.bulk_create(
            [UserActivity(user=member, day=at.date(), created_at=at)], ignore_conflicts=True
        )
    member.last_active_at = at
