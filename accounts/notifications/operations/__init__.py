"""Writes about messages (what leaves the site) and notices (what members hear of on it)."""

from accounts.notifications.operations.gathering import gather, gather_due
from accounts.notifications.operations.messages import Channel, Status, deliver_due, forget_old_messages, owe_message
from accounts.notifications.operations.notices import Owed, nudge_after_commit, owe_notice, owe_notices
from accounts.notifications.operations.reading import mark_all_read, mark_read

__all__ = [
    "Channel",
    "Owed",
    "Status",
    "deliver_due",
    "forget_old_messages",
    "gather",
    "gather_due",
    "mark_all_read",
    "mark_read",
    "nudge_after_commit",
    "owe_message",
    "owe_notice",
    "owe_notices",
]
