"""Stopping a list of e-mails, by whoever holds the link that was sent with one."""

from datetime import datetime

from accounts.members.models import User
from accounts.members.operations import set_preferences
from accounts.notifications.stops import DIGEST, Stop


def unsubscribe(*, stop: Stop, at: datetime) -> None:
    """Send no more of the digest, or of e-mails about a kind. Twice is no error, nor is a member who has left."""
    member = User.objects.filter(pk=stop.member_id, profile__isnull=False).first()
    if member is None:
        return
    if stop.list_name == DIGEST:
        set_preferences(member=member, at=at, digest="off")
    else:
        set_preferences(member=member, at=at, notices={stop.list_name: {"email": "off"}})
