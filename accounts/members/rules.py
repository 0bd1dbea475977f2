"""Pure rules about members: names, free comments, weeks since sign-up."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime

USERNAME = re.compile(r"^[a-z0-9_]{3,30}$", re.ASCII)

# What a page is called whose member was erased; nobody else may be.
ERASED = re.compile(r"deleted_[0-9a-f]{12}", re.ASCII)

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


MOST_LINKS, LONGEST_LINK_NAME, LONGEST_LINK = 10, 50, 255
MOST_INTERESTS, LONGEST_INTEREST = 30, 50

PICTURES = "avatars"


def picture_name(avatar: str, size: int) -> str:
    """The file of a page's picture in one size (edge in pixels). `avatar` is what the page's row names."""
    return f"{avatar}-{size}.webp"


LONGEST_WORD = 50

# In these scripts words stand without spaces between them, so a word may begin and end anywhere.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def muted_word(typed: str) -> str:
    """A word or phrase to be muted as it is kept; empty when it cannot be: nothing to be seen, or too long."""
    word = shown_name(typed)
    return word if len(word) <= LONGEST_WORD else ""


def pattern_of(words: Iterable[str]) -> str:
    """A regular expression, for PostgreSQL and Python alike, that finds any of the words as whole ones; empty for none.

    "cat" is found in "My cat!" and not in "category"; spaces in a phrase stand for any spaces.
    """
    return "|".join(_pattern_of(word) for word in words)


def _pattern_of(word: str) -> str:
    # Nothing but letters, digits and spaces of a word has a meaning of its own after this.
    body = r"\s+".join("".join(_literal(sign) for sign in part) for part in word.split())
    before = r"(?<!\w)" if _is_spaced(word[0]) else ""
    after = r"(?!\w)" if _is_spaced(word[-1]) else ""
    return f"{before}{body}{after}"


def _literal(sign: str) -> str:
    return f"\\{sign}" if sign.isascii() and not sign.isalnum() and sign != "_" else sign


def _is_spaced(sign: str) -> bool:
    return (sign.isalnum() or sign == "_") and not _UNSPACED.match(sign)


def is_good_username(username: str) -> bool:
    """Whether a username has the form ^[a-z0-9_]{3,30}$ and is not one of the site's own words."""
    return USERNAME.fullmatch(username) is not None and username not in RESERVED and not ERASED.fullmatch(username)


def free_comments_left(*, remaining: int, counted_on: date | None, today: date, allowance: int) -> int:
    """Free comments left on a UTC day: the day's count, or the whole allowance when another day was counted last."""
    return min(remaining, allowance) if counted_on == today else allowance


def weeks_since(joined_at: datetime, at: datetime) -> int:
    """Full weeks since sign-up; 0 in the first one."""
    return max(0, (at - joined_at).days // 7)
