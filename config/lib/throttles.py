"""How many requests the API takes from one member, or from visitors of one address, in a minute.

Counted before the work by one statement in Redis, as the sum of this minute and the part of the last one that still
counts; so no burst passes at the turn of a minute, and a caller costs three numbers. Every answer says how much is
left, in the headers of the IETF's draft (draft-ietf-httpapi-ratelimit-headers). Without Redis the API goes on
uncounted.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from config.lib import limits
from config.lib.addresses import address_of, block_of
from config.lib.away import answer_when_away
from config.lib.problems import answer
from config.lib.refusals import TooMany
from config.lib.runtime import figures

log = logging.getLogger(__name__)

MINUTE = 60

# KEYS: one hash. ARGV: now (ms), window (ms), quantity.
# Answers {allowed, left, ms until there is room or the minute ends}.
_COUNT = """
local now, window, quantity = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local begin = now - now % window
local known = redis.call('HMGET', KEYS[1], 'begin', 'this', 'last')
local was, this, last = tonumber(known[1]), tonumber(known[2]) or 0, tonumber(known[3]) or 0
if was ~= begin then
  last = was == begin - window and this or 0
  this = 0
end
local used = this + last * (1 - (now - begin) / window)
if used + 1 > quantity then
  local at
  if this + 1 <= quantity then
    at = begin + window * (1 - (quantity - 1 - this) / last)
  else
    at = begin + window + window * math.max(0, 1 - (quantity - 1) / this)
  end
  return {0, 0, math.ceil(math.min(at - now, window))}
end
redis.call('HSET', KEYS[1], 'begin', begin, 'this', this + 1, 'last', last)
redis.call('PEXPIRE', KEYS[1], 2 * window)
return {1, math.floor(quantity - used - 1), begin + window - now}
"""

# Says which member asks, or None for a visitor; read without trust in more than a signature or the session.
Recogniser = Callable[[HttpRequest], str | None]
_recognisers: list[Recogniser] = []


def recognise_by(recogniser: Recogniser) -> None:
    """Register how members are recognised; accounts does in `ready()`."""
    if recogniser not in _recognisers:
        _recognisers.append(recogniser)


@dataclass(frozen=True)
class Count:
    """What a caller has left: of `quantity` a minute; None where nothing could be counted."""

    quantity: int
    is_allowed: bool = True
    left: int | None = None
    seconds: int = MINUTE

    def tell(self, response: HttpResponse) -> HttpResponse:
        """Say it in the headers of an answer."""
        response.headers["RateLimit-Policy"] = f'"default";q={self.quantity};w={MINUTE}'
        if self.left is not None:
            response.headers["RateLimit"] = f'"default";r={self.left};t={self.seconds}'
        return response


def count(whom: str, quantity: int) -> Count:
    """Count one request, or say that there is no room for it."""
    if limits.is_pausing():
        return Count(quantity)
    key = f"{limits.prefix()}:limit:api:{whom}"
    try:
        allowed, left, wait = _script(settings.REDIS_FOR_LIMITS)(
            keys=[key], args=[int(time.time() * 1000), MINUTE * 1000, quantity]
        )
    except RedisError as error:
        limits.pause(error)
        return Count(quantity)
    return Count(quantity, bool(allowed), int(left), max(1, ceil(int(wait) / 1000)))


@lru_cache(maxsize=2)
def _script(address: str) -> Any:
    return limits.client().register_script(_COUNT)


class ThrottleMiddleware:
    """Around everything below /api/: counts the request, refuses what is too much, and tells each caller what is left.

    It stands where sessions are known and before anything else asks the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        try:
            member = next((name for known in _recognisers if (name := known(request)) is not None), None)
            now = figures()
        except DatabaseError as error:
            response = answer_when_away(request, error)
            if response is None:
                raise
            return response
        if member is not None:
            counted = count(f"member:{member}", now.API_PER_MEMBER_MINUTE)
        else:
            counted = count(f"address:{block_of(address_of(request))}", now.API_PER_ADDRESS_MINUTE)
        return counted.tell(self.get_response(request) if counted.is_allowed else _refuse(counted))


def _refuse(counted: Count) -> HttpResponse:
    refusal = TooMany(retry_after=counted.seconds)
    response = answer(429, str(refusal), slug=refusal.slug, title=str(refusal.title), **refusal.facts)
    response.headers["Retry-After"] = str(counted.seconds)
    return response
