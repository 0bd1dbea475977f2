"""Rate limits, counted before the work by one atomic statement in Redis, so that no burst slips through.

Each limit is a sliding log of the last `seconds`: exact at its edge, and cheap for the small numbers used here. What
costs money or safety (codes, passwords) uses `take`, which without Redis refuses. What members do all day
(comments, taking back) uses `counted`, which without Redis lets them go on. Gifts and tips count themselves in SQL.
"""

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from redis.exceptions import RedisError

from config.lib.refusals import Refused, TooMany

log = logging.getLogger(__name__)

# KEYS: one sorted set per limit. ARGV: now (ms), a unique member, then for each key its quantity, window (ms) and
# weight: 0 where entries are only counted; where they are weighed, each says its weight after a bar.
# All limits must have room, or none is counted. Answers {allowed, wait in ms}.
_TAKE = """
local now, member = tonumber(ARGV[1]), ARGV[2]
local function weight_of(entry) return tonumber(string.match(entry, '|(%d+)$') or '0') end
local wait = 0
for i, key in ipairs(KEYS) do
  local quantity, window, weight = tonumber(ARGV[3 * i]), tonumber(ARGV[1 + 3 * i]), tonumber(ARGV[2 + 3 * i])
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
  if weight == 0 then
    local count = redis.call('ZCARD', key)
    if count >= quantity then
      local blocking = redis.call('ZRANGE', key, count - quantity, count - quantity, 'WITHSCORES')
      local free_at = blocking[2] and (tonumber(blocking[2]) + window) or (now + window)
      wait = math.max(wait, math.min(free_at - now, window))
    end
  else
    local entries = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
    local sum = weight
    for j = 1, #entries, 2 do sum = sum + weight_of(entries[j]) end
    local free_at = now + window
    for j = 1, #entries, 2 do
      if sum <= quantity then break end
      sum = sum - weight_of(entries[j])
      free_at = tonumber(entries[j + 1]) + window
      wait = math.max(wait, free_at - now)
    end
    if sum > quantity then wait = math.max(wait, window) end
  end
end
if wait > 0 then return {0, wait} end
for i, key in ipairs(KEYS) do
  local weight = tonumber(ARGV[2 + 3 * i])
  redis.call('ZADD', key, now, weight == 0 and member or (member .. '|' .. weight))
  redis.call('PEXPIRE', key, tonumber(ARGV[1 + 3 * i]))
end
return {1, 0}
"""

# A Redis that hangs costs whoever asks it the whole second. After an error those who may go on uncounted do so at once.
PAUSE = 5.0
_asked_again_at = 0.0


class LimitsAway(Refused):
    """The counters cannot be reached, and what is asked is too dear to do uncounted (codes cost money and safety)."""

    slug = "unavailable"
    status = 503
    sentence = "This is not possible for a moment. Try again soon."
    retry_after = 5


@dataclass(frozen=True)
class Limit:
    """`quantity` per `seconds` for one `name` and `whom`.

    With a `weight` (such as the cents of an amount) it is the sum of the weights that may reach the quantity.
    """

    name: str
    whom: str
    quantity: int
    seconds: int
    weight: int = 0

    @property
    def key(self) -> str:
        return f"{prefix()}:limit:{self.name}:{self.whom}:{self.seconds}"

    def entry(self, counted: str) -> str:
        """What stands in the set for something that was counted under this name."""
        return f"{counted}|{self.weight}" if self.weight else counted


def prefix() -> str:
    """What the keys of this site begin with; others may live in the same Redis."""
    return getattr(settings, "LIMITS_PREFIX", "civitas")


@lru_cache(maxsize=2)
def _client(address: str) -> tuple[Any, Any]:
    client = redis.Redis.from_url(address, socket_timeout=1, socket_connect_timeout=1, retry=None)
    return client, client.register_script(_TAKE)


def client() -> Any:
    """The connection to the counters, for others that count in them."""
    return _client(settings.REDIS_FOR_LIMITS)[0]


def is_pausing() -> bool:
    """Whether the counters were away a moment ago, so that those who may go on without them need not ask."""
    return time.monotonic() < _asked_again_at


def pause(error: RedisError) -> None:
    """Note that the counters are away."""
    global _asked_again_at
    _asked_again_at = time.monotonic() + PAUSE
    log.warning("counters are away, what may go on does so uncounted: %s", type(error).__name__)


def take(*limits: Limit, refuse: type[TooMany] = TooMany, **facts: Any) -> str:
    """Count one against all limits, or against none and refuse with TooMany. Without Redis: LimitsAway (fail closed).

    Answers with the name of what was counted, for `give_back`. `facts` fill the sentence of the refusal.
    """
    try:
        return _take(limits, refuse, facts)
    except RedisError as error:
        raise LimitsAway from error


def _take(limits: tuple[Limit, ...], refuse: type[TooMany], facts: dict[str, Any]) -> str:
    _redis, script = _client(settings.REDIS_FOR_LIMITS)
    now = int(time.time() * 1000)
    figures: list[Any] = [now, f"{now}-{secrets.token_hex(6)}"]
    for limit in limits:
        figures += [limit.quantity, limit.seconds * 1000, limit.weight]
    allowed, wait = script(keys=[limit.key for limit in limits], args=figures)
    if not allowed:
        raise refuse(retry_after=max(1, -(-int(wait) // 1000)), **facts)
    return str(figures[1])


class Taken:
    """What `counted` has counted; whoever finds that nothing was done after all uncounts it."""

    def __init__(self, name: str | None, limits: tuple[Limit, ...]) -> None:
        self._name, self._limits = name, limits

    def give_back(self) -> None:
        """Uncount it, once."""
        if self._name is not None:
            give_back(self._name, *self._limits)
            self._name = None


@contextmanager
def counted(*limits: Limit, refuse: type[TooMany] = TooMany, is_strict: bool = False, **facts: Any) -> Iterator[Taken]:
    """Count one against all limits for as long as the work within goes well; what was refused is not counted.

    Counted before the work, so that of many at once no more pass than there is room for. May refuse with TooMany.
    Without Redis the work goes on uncounted; where it `is_strict`, it is refused with LimitsAway, as by `take`.
    """
    name = None
    if is_strict:
        name = take(*limits, refuse=refuse, **facts)
    elif limits and not is_pausing():
        try:
            name = _take(limits, refuse, facts)
        except RedisError as error:
            pause(error)
    taken = Taken(name, limits)
    try:
        yield taken
    except BaseException:
        taken.give_back()
        raise


def give_back(counted: str, *limits: Limit) -> None:
    """Uncount what `take` counted, when it was not what the limits are about. Without Redis it stays counted."""
    try:
        for limit in limits:
            client().zrem(limit.key, limit.entry(counted))
    except RedisError as error:
        log.warning("counters are away, one stays counted: %s", type(error).__name__)


def forget_all() -> None:
    """Empty the counters under this process's prefix; for tests."""
    global _asked_again_at
    _asked_again_at = 0.0
    for key in client().scan_iter(f"{prefix()}:limit:*"):
        client().delete(key)
