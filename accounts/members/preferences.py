"""What a member prefers: the names, the defaults, and what each may be. Pure: it knows neither database nor clock.

Stored is only what a member has chosen (`Profile.preferences`); `complete` fills in the rest. Whoever reads one reads
it from there, so that a default is written in one place.
"""

import re
import zoneinfo
from collections.abc import Mapping
from functools import cache
from typing import Any

DEFAULTS: dict[str, Any] = {
    "language": "",  # as the browser asks
    "time_zone": "UTC",
    "messages_from": "everyone",
    "on_leaderboards": True,
    "hide_balance": False,  # coins earned are not shown on the member's pages, nor in any table of the richest
    "show_addresses": False,
    "least_standing": 0,  # coins that a post must have received to be in one's feeds
    "email_notices": True,
    "digest": "daily",
    "quiet_from": "",  # no quiet hours
    "quiet_to": "",
    "notices": {},  # kind → {"site": bool, "email": "off" | "now" | "digest"}; what is left out is the kind's default
}

MESSAGES_FROM = ("everyone", "followed", "nobody")
DIGESTS = ("off", "daily", "weekly")
EMAILS = ("off", "now", "digest")

TIME_OF_DAY = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
KIND = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
MOST_KINDS = 100
MOST_STANDING = 1000

_BOOLEANS = ("on_leaderboards", "hide_balance", "show_addresses", "email_notices")
_ONE_OF = {"messages_from": MESSAGES_FROM, "digest": DIGESTS}


@cache
def time_zones() -> frozenset[str]:
    """The names of all time zones; read once, because that walks a folder."""
    return frozenset(zoneinfo.available_timezones()) | {"UTC"}


def complete(stored: Mapping[str, Any]) -> dict[str, Any]:
    """All preferences: what was chosen, defaults for the rest. What is not known (any more) is left out."""
    return {name: stored.get(name, default) for name, default in DEFAULTS.items()}


def merged(stored: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored after a change. Only what is sent changes, inside `notices` by kind and by channel."""
    notices = {kind: dict(choice) for kind, choice in (stored.get("notices") or {}).items()}
    for kind, choice in (changes.get("notices") or {}).items():
        notices[kind] = {**notices.get(kind, {}), **choice}
    result = {**stored, **changes}
    if notices:
        result["notices"] = notices
    return result


def fault_of(name: str, value: Any, *, languages: tuple[str, ...]) -> str:
    """What is wrong with a value for a preference: "" (nothing), "unknown" (no such preference) or "invalid"."""
    if name not in DEFAULTS:
        return "unknown"
    return "" if _is_good(name, value, languages) else "invalid"


def _is_good(name: str, value: Any, languages: tuple[str, ...]) -> bool:
    if name in _BOOLEANS:
        return isinstance(value, bool)
    if name == "least_standing":
        return type(value) is int and 0 <= value <= MOST_STANDING
    if name == "notices":
        return isinstance(value, Mapping) and len(value) <= MOST_KINDS and all(map(_is_choice, value, value.values()))
    if not isinstance(value, str):
        return False
    if name == "language":
        return value == "" or value in languages
    if name == "time_zone":
        return value in time_zones()
    if name in ("quiet_from", "quiet_to"):
        return value == "" or TIME_OF_DAY.fullmatch(value) is not None
    return value in _ONE_OF[name]


def _is_choice(kind: Any, choice: Any) -> bool:
    """Whether this says where a kind of notice goes."""
    return (
        isinstance(kind, str)
        and KIND.fullmatch(kind) is not None
        and isinstance(choice, Mapping)
        and set(choice) <= {"site", "email"}
        and isinstance(choice.get("site", True), bool)
        and choice.get("email", "off") in EMAILS
    )
