"""Writes about messages (what leaves the site) and notices (what members hear of on it)."""

from accounts.notifications.operations.gathering import PAUSE, Then, gather, gather_round
from accounts.notifications.operations.messages import Channel, Status, deliver_due, forget_old_messages, owe_message
from accounts.notifications.operations.notices import Owed, call_the_worker, nudge_after_commit, owe_notice, owe_notices
from accounts.notifications.operations.reading import mark_all_read, mark_old_read, mark_read

__all__ = [
    "PAUSE",
    "Channel",
    "Owed",
    "Status",
    "Then",
    "call_the_worker",
    "deliver_due",
    "forget_old_messages",
    "gather",
    "gather_round",
    "mark_all_read",
    "mark_old_read",
    "mark_read",
    "nudge_after_commit",
    "owe_message",
    "owe_notice",
    "owe_notices",
]
