"""The day's free comments."""

from datetime import UTC, datetime

from django.db.models import Case, F, Q, Value, When

from accounts.members.models import User


def use_free_comment(*, member: User, at: datetime, allowance: int) -> bool:
    """Use one of the day's free comments; whether there was one. One UPDATE, so two at once cannot share one."""
    today = at.astimezone(UTC).date()
    is_today = Q(daily_comments_reset_at=today)
    used = User.objects.filter(
        Q(pk=member.pk)
        & (is_today & Q(daily_comments_free_remaining__gt=0) | ~is_today | Q(daily_comments_reset_at=None)),
    )
    if allowance <= 0:
        return False
    return bool(
        used.update(
            daily_comments_free_remaining=Case(
                When(is_today, then=F("daily_comments_free_remaining") - 1), default=Value(allowance - 1)
            ),
            daily_comments_reset_at=today,
        )
    )
