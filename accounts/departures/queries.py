"""Reads about leaving."""

from datetime import datetime
from uuid import UUID

from django.conf import settings

from accounts.departures import rules
from accounts.departures.models import DataExport, ReleasedNumber
from accounts.members.models import User
from config.lib.refusals import NotThere


def exports_of(member: User, *, most: int = 5) -> list[DataExport]:
    """A member's latest exports, newest first."""
    return list(DataExport.objects.filter(user=member).order_by("-created_at")[:most])


def export_to_fetch(member: User, export_id: UUID, *, at: datetime) -> DataExport:
    """An export of the member's own that is there to be fetched. May refuse with NotThere."""
    mine = DataExport.objects.filter(pk=export_id, user=member, status=DataExport.Status.READY, expires_at__gt=at)
    export = mine.first()
    if export is None:
        raise NotThere()
    return export


def released(number: str) -> ReleasedNumber | None:
    """What is kept of a number whose account was erased, if it had one."""
    found = rules.released_hash(number, pepper=settings.CODE_PEPPER)
    return ReleasedNumber.objects.filter(number_hash=found).first()


def may_come_back(member: User, *, at: datetime) -> bool:
    """Whether the member's closed account can still be opened again."""
    is_closed = member.status == User.Status.CLOSED
    return is_closed and member.erased_after is not None and member.erased_after > at
