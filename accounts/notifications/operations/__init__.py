"""Writes about messages (what leaves the site) and notices (what members hear of on it)."""

from accounts.notifications.operations.messages import Channel, Status, deliver_due, forget_old_messages, owe_message
from accounts.notifications.operations.notices import Owed, nudge_after_commit, owe_notice, owe_notices

__all__ = [
    "Channel",
    "Owed",
    "Status",
    "deliver_due",
    "forget_old_messages",
    "nudge_after_commit",
    "owe_message",
    "owe_notice",
    "owe_notices",
]
