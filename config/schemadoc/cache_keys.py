"""Every key that the site keeps in Redis. Redis may be lost at any time: all of this is made anew or can be missed.

A new key is added here with the code that writes it; `config/tests/test_schemadoc.py` finds those that are not.
"""

from dataclasses import dataclass
from datetime import timedelta

from config.tasks import HEARTBEAT, HEARTBEAT_KEPT

CACHE = "1, cache"
BROKER = "2, broker"
LIMITS = "3, limits"


@dataclass(frozen=True)
class CacheKey:
    """One kind of key; `{…}` in the pattern stands for what differs, `ttl` None for a key that stays."""

    pattern: str
    database: str
    ttl: timedelta | str | None
    purpose: str
    structure: str


def _limit(name: str, whom: str, seconds: str, ttl: str, purpose: str) -> CacheKey:
    """A sliding log of config.lib.limits: as old as its window."""
    return CacheKey(
        pattern=f"civitas:limit:{name}:{{{whom}}}:{seconds}",
        database=LIMITS,
        ttl=ttl,
        purpose=purpose,
        structure="Sorted set: one member per event, by its milliseconds",
    )


CACHE_KEYS = (
    CacheKey(
        pattern="civitas:1:{SETTING}",
        database=CACHE,
        ttl=timedelta(days=1),
        purpose="A runtime setting as last stored (constance); written again when one is changed",
        structure="Pickled value",
    ),
    CacheKey(
        pattern="civitas:1:autofilled",
        database=CACHE,
        ttl=timedelta(days=1),
        purpose="Says that the runtime settings have been put here (constance)",
        structure="Number",
    ),
    CacheKey(
        pattern=f"civitas:1:{HEARTBEAT}",
        database=CACHE,
        ttl=timedelta(seconds=HEARTBEAT_KEPT),
        purpose="When beat, broker and worker last passed work on; /readyz reads it",
        structure="Pickled number: seconds since 1970",
    ),
    _limit("codes", "pseudonym", "{seconds}", "1 min, 10 min, 1 h, 1 d", "Codes sent to a number"),
    _limit("codes-address", "address block", "3600", "1 h", "Codes asked for from an address"),
    _limit("wrong-codes", "pseudonym", "86400", "1 d", "Wrong answers for a number"),
    _limit("wrong-codes-address", "address block", "86400", "1 d", "Wrong answers from an address"),
    _limit("refreshes", "token family", "3600", "1 h", "Refreshes of one signed-in program"),
    CacheKey(
        pattern="civitas:1:language-and-zone:{member}",
        database=CACHE,
        ttl=timedelta(minutes=5),
        purpose="The language and time zone that a member has chosen, for every page of theirs",
        structure="Pickled pair of words",
    ),
    CacheKey(
        pattern="civitas:1:session-noted:{hash of the session}:{five minutes}",
        database=CACHE,
        ttl=timedelta(minutes=5),
        purpose="Says that a session was noted as used in these five minutes",
        structure="Number",
    ),
    CacheKey(
        pattern="civitas:1:notices-nudged",
        database=CACHE,
        ttl="5 s, 30 s",
        purpose="Says that the worker has been called to gather notices, so that it is not called for each",
        structure="Number",
    ),
    CacheKey(
        pattern="civitas:streams:{member}",
        database=LIMITS,
        ttl=timedelta(hours=1),
        purpose="The live streams of a member that are open (STREAMS_PER_MEMBER)",
        structure="Sorted set: one member per stream, by the second until which it counts",
    ),
    CacheKey(
        pattern="civitas:live:{member}",
        database=LIMITS,
        ttl="none: a channel, nothing is kept",
        purpose="What the open pages and programs of a member hear of at once",
        structure="Channel of JSON messages: event, data",
    ),
    CacheKey(
        pattern="celery",
        database=BROKER,
        ttl=None,
        purpose="Jobs that wait for a worker; what is owed stands in tables and is collected by beat as well",
        structure="List of JSON messages",
    ),
    CacheKey(
        pattern="unacked{…}",
        database=BROKER,
        ttl=None,
        purpose="Jobs that a worker holds; given to another one after the visibility timeout of 1 h",
        structure="Hash, sorted set and lock",
    ),
    CacheKey(
        pattern="_kombu.binding.{exchange}",
        database=BROKER,
        ttl=None,
        purpose="Which queues listen to which exchange (Celery)",
        structure="Set",
    ),
)
