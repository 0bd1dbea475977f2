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
    _limit("codes-block", "pseudonym", "86400", "1 d", "Codes sent to a block of 1,000 numbers"),
    _limit("codes-spend", "all", "86400", "1 d", "Codes sent altogether"),
    _limit("refreshes", "token family", "3600", "1 h", "Refreshes of one signed-in program"),
    _limit("passwords", "pseudonym", "3600", "1 h", "Wrong passwords for an e-mail address"),
    _limit("passwords-address", "address block", "3600", "1 h", "Wrong passwords from an address"),
    _limit("passwords-proof", "member", "3600", "1 h", "Wrong passwords of a member who has given another proof"),
    _limit("factor-answers", "member", "3600", "1 h", "Wrong codes of the second factor"),
    _limit("second-proofs", "member", "86400", "1 d", "Wrong second proofs after the number was silent for long"),
    _limit("resets-address", "address block", "3600", "1 h", "Password resets asked for from an address"),
    _limit("resets-email", "pseudonym", "3600", "1 h", "Password resets asked for an e-mail address"),
    _limit("email-links", "member", "3600", "1 h", "Links to confirm an e-mail address that a member asked for"),
    _limit("email-links-to", "pseudonym", "3600", "1 h", "Such links sent to an e-mail address"),
    _limit("number-changes", "member", "86400", "1 d", "Changes of the phone number"),
    _limit("search", "member or address block", "60", "1 min", "Searches"),
    _limit("suggest", "member or address block", "60", "1 min", "Names offered while somebody types"),
    _limit("address-text", "member", "3600", "1 h", "Texts to sign that a member asked for"),
    _limit("uploads", "member", "3600", "1 h", "Pictures uploaded"),
    _limit("coauthors", "member", "86400", "1 d", "Co-authors asked"),
    _limit("mentions", "member", "86400", "1 d", "Notices of those whom a member has named"),
    _limit("poll-votes", "member", "60", "1 min", "Votes cast in polls"),
    _limit("take-backs", "member", "86400", "1 d", "Tips taken back"),
    _limit("new-member-tips", "member", "86400", "1 d", "Tips given by a new member"),
    _limit(
        "new-member-coins",
        "member",
        "86400",
        "1 d",
        "Cents given, tipped and paid for comments by a new member",
    ),
    _limit("admin-refused", "member", "3600", "1 h", "That a member without a role came to the admin is noted"),
    _limit("withdrawals", "member", "86400", "1 d", "Withdrawals asked for"),
    CacheKey(
        pattern="civitas:limit:api:{whom}",
        database=LIMITS,
        ttl=timedelta(minutes=2),
        purpose="Requests to the API by a member or from an address block",
        structure="Hash: when this minute began, requests in it, requests in the last one",
    ),
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
        pattern="civitas:readers:{day}:{post}",
        database=LIMITS,
        ttl=timedelta(hours=25),
        purpose="Who has opened a post's page on a day, so that each counts once",
        structure="Set: pseudonyms that hold for that day",
    ),
    CacheKey(
        pattern="civitas:readers:{day}:{post}:places",
        database=LIMITS,
        ttl=timedelta(hours=25),
        purpose="How many visitors of one address were counted among them: ten at most",
        structure="Hash: pseudonym of the address → number",
    ),
    CacheKey(
        pattern="civitas:views, civitas:views-taken",
        database=LIMITS,
        ttl="1 min: until the job has written them to the posts",
        purpose="Views counted since the last run of that job, and those that it is writing",
        structure="Hash: views by post",
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
