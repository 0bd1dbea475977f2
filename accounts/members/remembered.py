"""The language and time zone of members who are here, remembered in Redis, so that a page need not ask for them."""

from typing import Any
from uuid import UUID

from django.core.cache import cache

from accounts.members import preferences
from accounts.members.models import Profile

SECONDS = 300


def language_and_zone(member_id: UUID) -> tuple[str, str]:
    """The language that a member chose ("" for the browser's) and their time zone."""
    found: Any = cache.get(_key(member_id))
    if found is None:
        stored = Profile.objects.filter(user=member_id).values_list("preferences", flat=True).first()
        chosen = preferences.complete(stored or {})
        found = (chosen["language"], chosen["time_zone"])
        cache.set(_key(member_id), found, SECONDS)
    return tuple(found)


def forget(member_id: UUID) -> None:
    """Ask anew next time: they have just changed it."""
    cache.delete(_key(member_id))


def _key(member_id: UUID) -> str:
    return f"language-and-zone:{member_id}"
