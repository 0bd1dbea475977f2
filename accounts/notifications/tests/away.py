"""Members who are away, what happens to them meanwhile, and the e-mails that they are owed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.members.models import User
from accounts.members.operations import set_preferences
from accounts.notifications.kinds import Kind
from accounts.notifications.models import Notification, OutgoingMessage
from accounts.notifications.operations import absence
from config.lib.ids import uuid7_at

BERLIN = ZoneInfo("Europe/Berlin")

# Kinds of our own, one for each way of hearing of it.
KINDS = {
    "wave": Kind("wave", "Waves", "smile"),
    "call": Kind("call", "Calls", "bell", email="now"),
    "hum": Kind("hum", "Hums", "bell", email="off"),
}


def away(member: User, *, since: datetime, **chosen: Any) -> User:
    """The member with a verified address and these preferences, last here at a moment."""
    if chosen:
        set_preferences(member=member, at=since, **chosen)
    User.objects.filter(pk=member.pk).update(
        email=f"{member.primary_page.username}@example.org", email_verified=True, last_active_at=since
    )
    return User.objects.get(pk=member.pk)


def notice(member: User, at: datetime, *, kind: str = "wave", title: str = "Bob waved", **given: Any) -> Notification:
    """Something that happened to the member."""
    return Notification.objects.create(
        id=uuid7_at(at),
        user=member,
        type=kind,
        title=title,
        happened_at=at,
        created_at=at,
        is_urgent=given.pop("is_urgent", kind == "call"),
        data={"path": "/p/7/"},
        **given,
    )


def clock(at: datetime) -> Callable[[], datetime]:
    """A clock that stands almost still."""
    looks = iter(range(10_000))
    return lambda: at + timedelta(microseconds=next(looks))


def send_digests(at: datetime) -> int:
    """What the job does."""
    absence.plan_digests(at=at)
    return absence.send_digests(clock=clock(at))


def letters() -> list[OutgoingMessage]:
    """The e-mails that are owed, in order."""
    return list(OutgoingMessage.objects.filter(channel="EMAIL").order_by("id"))


def in_berlin(*figures: int, fold: int = 0) -> datetime:
    """A moment by the clock of Berlin, in UTC."""
    return datetime(*figures, tzinfo=BERLIN, fold=fold).astimezone(UTC)  # type: ignore[misc,arg-type]
