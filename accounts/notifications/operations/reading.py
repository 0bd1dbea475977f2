"""Reading: a notification that was seen is not counted any more, and what comes next is told anew.

And what a member's other pages are told at once: how many there are to read, how many coins there are.
"""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.members.models import User
from accounts.notifications import live
from accounts.notifications.models import Notification
from accounts.notifications.queries import own_notification, unread_count


def mark_read(*, member: User, notification_id: UUID, at: datetime) -> Notification:
    """Note that a member has seen a notification of theirs; having seen it is no error. May refuse with NotThere."""
    with transaction.atomic():
        row = own_notification(member, notification_id)
        if Notification.objects.filter(pk=row.pk, user=member, is_read=False).update(is_read=True, read_at=at):
            row.is_read, row.read_at = True, at
            _tell_after_commit(member)
    return row


def mark_all_read(*, member: User, at: datetime) -> int:
    """Note that a member has seen all of theirs; how many were new."""
    with transaction.atomic():
        # In the order in which gathering locks them.
        unread = Notification.objects.select_for_update(no_key=True).filter(user=member, is_read=False).order_by("id")
        ids = list(unread.values_list("pk", flat=True))
        count = Notification.objects.filter(pk__in=ids).update(is_read=True, read_at=at) if ids else 0
        if count:
            _tell_after_commit(member)
    return count


def mark_old_read(*, before: datetime, at: datetime) -> int:
    """Note that everybody has seen what happened before a moment, all but their newest notice.

    For stories that are told (`manage.py demo`).
    """
    newer = Notification.objects.filter(user=OuterRef("user"), happened_at__gt=OuterRef("happened_at"))
    old = Notification.objects.filter(Exists(newer), is_read=False, happened_at__lt=before)
    return old.update(is_read=True, read_at=at)


def _tell_after_commit(member: User) -> None:
    transaction.on_commit(partial(tell_unread, member.pk), robust=True)


def tell_unread(user_id: UUID) -> None:
    """Tell the member's open pages how many there are to read."""
    if live.listening({user_id}):
        live.publish(user_id, "unread", {"unread": unread_count(user_id)})
