"""Reads about outgoing messages."""

from accounts.notifications.models import OutgoingMessage


def newest_messages(*, limit: int = 100) -> list[OutgoingMessage]:
    """The last messages that went out or are about to, newest first."""
    return list(OutgoingMessage.objects.order_by("-created_at", "-id")[:limit])
