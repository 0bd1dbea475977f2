"""Reads about badges."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from accounts.badges import rules
from accounts.badges.earnings import earning_of
from accounts.badges.models import Badge, UserBadge
from accounts.members.models import User


@dataclass(frozen=True)
class Worn:
    """A badge as a page shows it, in the reader's language."""

    slug: str
    name: str | Promise
    description: str | Promise
    icon: str
    times: int
    since: datetime


def badges_of(user: User) -> list[Worn]:
    """The badges of a member, the first one first. One query."""
    held = UserBadge.objects.filter(user=user).select_related("badge").order_by("created_at", "id")
    return [_worn(one.badge, one) for one in held]


def _worn(badge: Badge, held: UserBadge) -> Worn:
    rule = earning_of(badge.slug)
    return Worn(
        slug=badge.slug,
        name=rule.name if rule else badge.name,
        description=rule.description if rule else badge.description,
        icon=rule.icon if rule else rules.known(badge.icon),
        times=held.times,
        since=held.created_at,
    )
