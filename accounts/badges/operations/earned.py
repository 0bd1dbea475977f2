"""Badges that rules earn."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import translation

from accounts.badges import earnings
from accounts.badges.earnings import Earning
from accounts.badges.models import Badge, UserBadge
from accounts.members.models import User
from accounts.notifications.operations import Owed, owe_notices
from config.lib.ids import uuid7_at

# A row that is there is locked by the conflict and compared again, so two jobs at once grant nothing twice.
_GRANT = """
    INSERT INTO accounts_userbadge AS held (id, created_at, updated_at, user_id, badge_id, times, reason)
    SELECT civitas_uuid7(%(at)s), %(at)s, %(at)s, earned.user_id, %(badge)s,
           CASE WHEN %(is_repeatable)s THEN earned.times ELSE 1 END, ''
    FROM ({earned}) AS earned (user_id, times)
    JOIN accounts_user member ON member.id = earned.user_id AND member.status = 'ACTIVE'
    LEFT JOIN accounts_userbadge had ON had.user_id = earned.user_id AND had.badge_id = %(badge)s
    WHERE earned.times > 0 AND (had.id IS NULL OR %(is_repeatable)s AND had.times < earned.times)
    ON CONFLICT (user_id, badge_id) DO UPDATE SET times = excluded.times WHERE held.times < excluded.times
    RETURNING user_id
"""


def give_earned(*, at: datetime) -> int:
    """Give what rules have earned since, and tell the members; how many badges. Safe to run twice, and twice at once.

    Each rule is a transaction of its own. Suspended members get theirs when they are back.
    """
    return sum(_give(earning, at=at) for earning in earnings.registered())


@transaction.atomic
def _give(earning: Earning, *, at: datetime) -> int:
    badge = _row_of(earning, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            _GRANT.format(earned=earning.earned),
            {"at": at, "badge": badge.pk, "is_repeatable": earning.is_repeatable},
        )
        members: list[UUID] = [row[0] for row in cursor.fetchall()]
    told = {"slug": badge.slug, "badge": badge.name, "description": badge.description}
    owe_notices((Owed(member, "badge", data=told) for member in members), at=at)
    return len(members)


def _row_of(earning: Earning, *, at: datetime) -> Badge:
    """The badge's row, with the words and the icon that the rule has now. Pages translate them; the row is English."""
    with translation.override("en"):
        words = {
            "name": str(earning.name),
            "description": str(earning.description),
            "icon": earning.icon,
            "is_repeatable": earning.is_repeatable,
            "is_custom": False,
        }
    present = Badge.objects.filter(slug=earning.slug).first()
    if present is None:
        Badge.objects.bulk_create(
            [Badge(id=uuid7_at(at), created_at=at, updated_at=at, slug=earning.slug, **words)], ignore_conflicts=True
        )
        return Badge.objects.get(slug=earning.slug)
    if any(getattr(present, name) != value for name, value in words.items()):
        Badge.objects.filter(pk=present.pk).update(**words)
        present.refresh_from_db()
    return present


def give_badge(*, member: User, slug: str, at: datetime) -> bool:
    """Give a rule's badge at once, in the caller's transaction and without a notice; whether it is new."""
    earning = earnings.earning_of(slug)
    if earning is None:
        raise ValueError(f"no rule earns a badge {slug!r}")
    badge = _row_of(earning, at=at)
    _row, is_new = UserBadge.objects.get_or_create(user=member, badge=badge, defaults={"created_at": at})
    return is_new
