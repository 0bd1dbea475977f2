"""Live: what open pages and programs hear of at once, through Redis, so that it works across several web processes.

Each member has a channel. Nothing here is ever waited for, and nothing depends on it: whoever was not listening finds
everything in the list.
"""

import json
import logging
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from redis.exceptions import RedisError

from accounts.notifications.models import Notification
from config.lib import limits

log = logging.getLogger(__name__)


def channel_of(user_id: UUID) -> str:
    """The channel on which a member's pages listen. Others may live in the same Redis."""
    return f"{limits.prefix()}:live:{user_id}"


def publish(user_id: UUID, event: str, data: Mapping[str, Any]) -> None:
    """Tell a member's open pages and programs; call it after the commit. Never raises."""
    if limits.is_pausing():
        return
    try:
        limits.client().publish(channel_of(user_id), json.dumps({"event": event, "data": dict(data)}))
    except RedisError as error:
        limits.pause(error)


def listening(user_ids: Collection[UUID]) -> set[UUID]:
    """Those of these members for whom anybody listens; none when Redis is away."""
    if not user_ids or limits.is_pausing():
        return set()
    asked = list(user_ids)
    try:
        answer = limits.client().pubsub_numsub(*(channel_of(user_id) for user_id in asked))
    except RedisError as error:
        limits.pause(error)
        return set()
    return {user_id for user_id, (_channel, count) in zip(asked, answer, strict=True) if count}


def shown(row: Notification, *, unread: int) -> dict[str, Any]:
    """A notification as an event tells it; `unread` is how many there are to read now."""
    return {
        "id": str(row.pk),
        "type": row.type,
        "title": row.title,
        "message": row.message,
        "path": row.data.get("path", ""),
        "unread": unread,
    }
