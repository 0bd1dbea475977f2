"""How many have read a post: counted in Redis when its page is opened, written to the posts by a job.

A reader counts once per post and day. Redis may be away or lost at any time: then some views are not counted, and
nothing else is any different.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError, ResponseError

from config.lib import limits
from social.feed.models import Post

CHUNK = 5000
READERS_KEPT = timedelta(hours=25)  # a day, and an hour for clocks that differ

# Who read a post on a day: KEYS[1]. Views to be written, by post: KEYS[2]. A post that the whole world reads counts no
# further readers on that day than these, instead of filling Redis with them.
MOST_READERS = 100_000
# Whoever cannot be told apart by more than what they say of themselves is counted so often from one place: KEYS[3].
MOST_FROM_ONE_PLACE = 10
_READ = """
if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then return 0 end
if ARGV[5] ~= '' then
  if redis.call('HINCRBY', KEYS[3], ARGV[5], 1) > tonumber(ARGV[6]) then return 0 end
  redis.call('EXPIRE', KEYS[3], ARGV[2])
end
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('HINCRBY', KEYS[2], ARGV[3], 1)
return 1
"""


def note_reader(*, post: Post, reader: str, at: datetime, place: str = "") -> bool:
    """Count a reader of a post, once a day; whether it was counted.

    `reader` is whatever tells one from another, `place` where a visitor comes from: of one place MOST_FROM_ONE_PLACE
    count. Only pseudonyms of both are kept, for that day.
    """
    if limits.is_pausing():
        return False
    day = f"{at.astimezone(UTC):%Y%m%d}"
    known_as, from_where = (
        salted_hmac("social.readers", f"{day}:{who}").hexdigest()[:16] if who else "" for who in (reader, place)
    )
    readers = f"{limits.prefix()}:readers:{day}:{post.pk}"
    values = [known_as, int(READERS_KEPT.total_seconds()), str(post.pk), MOST_READERS, from_where, MOST_FROM_ONE_PLACE]
    try:
        return bool(_script(limits.client())(keys=[readers, _waiting(), f"{readers}:places"], args=values))
    except RedisError as error:
        limits.pause(error)
        return False


def flush_views() -> int:
    """Write the views counted so far to their posts, in chunks of one statement; how many posts were seen.

    One at a time: of two at once the second leaves it to the first. After a crash in mid-run the next one goes on with
    what was taken. Views are taken from Redis at the end, before the commit: rather lost than counted twice.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('social.flush_views', 0))")
            return _flush() if cursor.fetchone()[0] else 0
    except RedisError as error:
        limits.pause(error)
        return 0


def _flush() -> int:
    client = limits.client()
    if not client.exists(_taken()):
        try:
            client.rename(_waiting(), _taken())
        except ResponseError:  # nobody has read anything
            return 0
    seen = sorted((UUID(post.decode()), int(views)) for post, views in client.hgetall(_taken()).items())
    add_views(seen)
    client.delete(_taken())
    return len(seen)


def add_views(seen: Sequence[tuple[UUID, int]]) -> None:
    """Add views to posts, in chunks of one statement."""
    with connection.cursor() as cursor:
        for start in range(0, len(seen), CHUNK):
            posts, views = zip(*seen[start : start + CHUNK], strict=True)
            cursor.execute("SELECT social_add_views(%s::uuid[], %s::bigint[])", [list(posts), list(views)])


def _waiting() -> str:
    return f"{limits.prefix()}:views"


def _taken() -> str:
    return f"{limits.prefix()}:views-taken"


@lru_cache(maxsize=2)
def _script(client: Any) -> Any:
    return client.register_script(_READ)
