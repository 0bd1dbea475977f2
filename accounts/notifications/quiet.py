"""Whether a member is to be left alone now. Codes and what concerns an account's safety do not ask."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.members import preferences
from accounts.members.models import Profile
from accounts.notifications.hours import quiet_until, time_in, zone_named


def left_alone_until(chosen: Mapping[str, Any], *, at: datetime) -> datetime | None:
    """When the quiet hours of someone with these (complete) preferences are over; None outside of them."""
    return quiet_until(
        at,
        zone=zone_named(chosen["time_zone"]),
        begins=time_in(chosen["quiet_from"]),
        ends=time_in(chosen["quiet_to"]),
    )


def when_to_tell(member_id: UUID, *, at: datetime) -> datetime:
    """The first moment at which a member may be told something: now, or the end of their quiet hours."""
    stored = Profile.objects.filter(user=member_id).values_list("preferences", flat=True).first()
    return left_alone_until(preferences.complete(stored or {}), at=at) or at
