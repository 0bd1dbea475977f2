"""Pure rules about members: names, free comments, weeks since sign-up."""

import re
import secrets
import unicodedata
from datetime import date, datetime

USERNAME = re.compile(r"^[a-z0-9_]{3,30}$", re.ASCII)

# Names that would be taken for the site itself.
RESERVED = frozenset(
    [
        "about",
        "admin",
        "administrator",
        "api",
        "civitas",
        "community",
        "economy",
        "forum",
        "governance",
        "government",
        "help",
        "market",
        "me",
        "moderator",
        "null",
        "root",
        "security",
        "settings",
        "signin",
        "staff",
        "support",
        "system",
        "team",
        "treasury",
        "undefined",
        "wallet",
    ]
)

_FIRST = [
    "amber",
    "autumn",
    "brave",
    "bright",
    "calm",
    "clear",
    "clever",
    "cosmic",
    "crisp",
    "dapper",
    "eager",
    "early",
    "fair",
    "fleet",
    "gentle",
    "golden",
    "happy",
    "honest",
    "jolly",
    "keen",
    "kind",
    "lively",
    "lucky",
    "lunar",
    "mellow",
    "merry",
    "mild",
    "misty",
    "noble",
    "nimble",
    "patient",
    "plain",
    "proud",
    "quick",
    "quiet",
    "rapid",
    "rosy",
    "silent",
    "silver",
    "simple",
    "sleek",
    "smart",
    "snowy",
    "solar",
    "steady",
    "sunny",
    "swift",
    "tidy",
    "vivid",
    "warm",
    "wise",
    "witty",
    "young",
]
_SECOND = [
    "acorn",
    "alder",
    "aspen",
    "badger",
    "beacon",
    "birch",
    "brook",
    "cedar",
    "clover",
    "comet",
    "coral",
    "crane",
    "creek",
    "dove",
    "ember",
    "falcon",
    "fern",
    "finch",
    "fox",
    "garden",
    "harbor",
    "hazel",
    "heron",
    "hill",
    "ivy",
    "jay",
    "lake",
    "lark",
    "maple",
    "meadow",
    "mint",
    "moss",
    "oak",
    "olive",
    "orchid",
    "otter",
    "owl",
    "pebble",
    "pine",
    "plover",
    "poppy",
    "quail",
    "raven",
    "reed",
    "river",
    "robin",
    "sparrow",
    "spruce",
    "stone",
    "swan",
    "thistle",
    "thrush",
    "tulip",
    "valley",
    "violet",
    "willow",
    "wren",
]


def made_up_username() -> str:
    """A free-looking name that says nothing about its owner, such as quiet_heron_4821."""
    return f"{secrets.choice(_FIRST)}_{secrets.choice(_SECOND)}_{secrets.randbelow(9000) + 1000}"


# Embeddings, overrides and isolates: they turn the words that stand after a name, which are not its owner's.
_STEERS_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Letters by category, but blank: Hangul fillers.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")


def shown_name(typed: str) -> str:
    """A name as it is kept: one line, and nothing in it that changes the text around it; empty when none is to be seen.

    Joiners stay, because emoji and some scripts need them; accents alone, spaces and format characters are not seen.
    """
    plain = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in typed)
    name = " ".join(_STEERS_DIRECTION.sub("", plain).split())
    is_seen = any(unicodedata.category(letter)[0] not in "CMZ" and letter not in _BLANK_LETTERS for letter in name)
    return name if is_seen else ""


def is_good_username(username: str) -> bool:
    """Whether a username has the form ^[a-z0-9_]{3,30}$ and is not one of the site's own words."""
    return bool(USERNAME.match(username)) and username not in RESERVED


def free_comments_left(*, remaining: int, counted_on: date | None, today: date, allowance: int) -> int:
    """Free comments left on a UTC day: the day's count, or the whole allowance when another day was counted last."""
    return min(remaining, allowance) if counted_on == today else allowance


def weeks_since(joined_at: datetime, at: datetime) -> int:
    """Full weeks since sign-up; 0 in the first one."""
    return max(0, (at - joined_at).days // 7)
