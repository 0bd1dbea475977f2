"""Live: what open pages and programs hear of at once, through Redis, so that it works across several web processes.

Each member has a channel. Nothing here is ever waited for, and nothing depends on it: whoever was not listening finds
everything in the list.
"""

import json
import secrets
import time
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from accounts.notifications.models import Notification
from config.lib import limits
from config.lib.refusals import Refused, TooMany
from config.lib.runtime import figures


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


# -- Places -------------------------------------------------------------------------------------------------------

PLACE_LASTS = 75  # seconds after which a stream that broke off without a word is not counted any more
BEGINS_WITHIN = 10  # seconds for which a stream is counted that has not begun

# KEYS: the member's streams, each with the time (s) until which it is counted. ARGV: now, until, name, most.
_TAKE_PLACE = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3])
redis.call('EXPIRE', KEYS[1], 3600)
return 1
"""


class TooManyStreams(TooMany):
    """STREAMS_PER_MEMBER pages and programs listen already."""

    slug = "too-many-streams"
    title = _("Too many streams")
    sentence = _("At most %(most)s pages and programs of one member hear of things live. Close one first.")


class LiveAway(Refused):
    """Redis cannot be reached: whoever wants to know asks again later, or looks at the list now and then."""

    slug = "unavailable"
    status = 503
    title = _("Not available")
    sentence = _("Nothing can be told live for a moment. Everything is in the list of notifications.")
    retry_after = 30


def take_place(user_id: UUID) -> str:
    """Count one more stream of a member; its name. May refuse with TooManyStreams, LiveAway."""
    name, most = secrets.token_hex(8), figures().STREAMS_PER_MEMBER
    try:
        if limits.is_pausing():
            raise LiveAway()
        now = time.time()
        has_room = _place_taker(settings.REDIS_FOR_LIMITS)(
            keys=[place_key(user_id)], args=[now, now + BEGINS_WITHIN, name, most]
        )
    except RedisError as error:
        limits.pause(error)
        raise LiveAway() from error
    if not has_room:
        raise TooManyStreams(retry_after=30, most=most)
    return name


def keep_place(user_id: UUID, name: str) -> None:
    """Count a stream that goes on."""
    if not limits.is_pausing():
        try:
            key = place_key(user_id)
            limits.client().zadd(key, {name: time.time() + PLACE_LASTS})
            limits.client().expire(key, 3600)
        except RedisError as error:
            limits.pause(error)


def leave_place(user_id: UUID, name: str) -> None:
    """Count a stream no longer that did not begin."""
    if not limits.is_pausing():
        try:
            limits.client().zrem(place_key(user_id), name)
        except RedisError as error:
            limits.pause(error)


def place_key(user_id: UUID) -> str:
    """Where a member's streams are counted."""
    return f"{limits.prefix()}:streams:{user_id}"


@lru_cache(maxsize=2)
def _place_taker(address: str) -> Any:
    return limits.client().register_script(_TAKE_PLACE)
