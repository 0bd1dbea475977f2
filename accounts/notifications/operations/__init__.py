"""Writes about messages (what leaves the site) and notices (what members hear of on it)."""

from accounts.notifications.operations.messages import Channel, Status, deliver_due, forget_old_messages, owe_message

__all__ = ["Channel", "Status", "deliver_due", "forget_old_messages", "owe_message"]
