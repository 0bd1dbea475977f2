"""Rate limits, counted before the work by one atomic statement in Redis, so that no burst slips through.

Each limit is a sliding log of the last `seconds`: exact at its edge, and cheap for the small numbers used here.
"""

import logging
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from redis.exceptions import RedisError

from config.lib.refusals import Refused, TooMany

log = logging.getLogger(__name__)

# KEYS: one sorted set per limit. ARGV: now (ms), a unique member, then for each key its quantity and window (ms).
# All limits must have room, or none is counted. Answers {allowed, wait in ms}.
_TAKE = """
local now, member = tonumber(ARGV[1]), ARGV[2]
local wait = 0
for i, key in ipairs(KEYS) do
  local quantity, window = tonumber(ARGV[1 + 2 * i]), tonumber(ARGV[2 + 2 * i])
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
  local count = redis.call('ZCARD', key)
  if count >= quantity then
    local blocking = redis.call('ZRANGE', key, count - quantity, count - quantity, 'WITHSCORES')
    local free_at = blocking[2] and (tonumber(blocking[2]) + window) or (now + window)
    wait = math.max(wait, math.min(free_at - now, window))
  end
end
if wait > 0 then return {0, wait} end
for i, key in ipairs(KEYS) do
  redis.call('ZADD', key, now, member)
  redis.call('PEXPIRE', key, tonumber(ARGV[2 + 2 * i]))
end
return {1, 0}
"""


class LimitsAway(Refused):
    """The counters cannot be reached, and what is asked is too dear to do uncounted (codes cost money and safety)."""

    slug = "unavailable"
    status = 503
    sentence = "This is not possible for a moment. Try again soon."
    retry_after = 5


@dataclass(frozen=True)
class Limit:
    """`quantity` per `seconds` for one `name` and `whom`."""

    name: str
    whom: str
    quantity: int
    seconds: int

    @property
    def key(self) -> str:
        return f"{getattr(settings, 'LIMITS_PREFIX', 'civitas')}:limit:{self.name}:{self.whom}:{self.seconds}"


@lru_cache(maxsize=2)
def _client(address: str) -> tuple[Any, Any]:
    client = redis.Redis.from_url(address, socket_timeout=1, socket_connect_timeout=1, retry=None)
    return client, client.register_script(_TAKE)


def take(*limits: Limit, refuse: type[TooMany] = TooMany) -> str:
    """Count one against all limits, or against none and refuse with TooMany. Without Redis: LimitsAway (fail closed).

    Answers with the name of what was counted, for `give_back`.
    """
    _redis, script = _client(settings.REDIS_FOR_LIMITS)
    now = int(time.time() * 1000)
    figures: list[Any] = [now, f"{now}-{secrets.token_hex(6)}"]
    for limit in limits:
        figures += [limit.quantity, limit.seconds * 1000]
    try:
        allowed, wait = script(keys=[limit.key for limit in limits], args=figures)
    except RedisError as error:
        raise LimitsAway from error
    if not allowed:
        raise refuse(retry_after=max(1, -(-int(wait) // 1000)))
    return str(figures[1])


def give_back(counted: str, *limits: Limit) -> None:
    """Uncount what `take` counted, when it was not what the limits are about. Without Redis it stays counted."""
    client, _script = _client(settings.REDIS_FOR_LIMITS)
    try:
        for limit in limits:
            client.zrem(limit.key, counted)
    except RedisError as error:
        log.warning("counters are away, one stays counted: %s", type(error).__name__)


def forget_all() -> None:
    """Empty the counters under this process's prefix; for tests."""
    client, _script = _client(settings.REDIS_FOR_LIMITS)
    for key in client.scan_iter(f"{getattr(settings, 'LIMITS_PREFIX', 'civitas')}:limit:*"):
        client.delete(key)
