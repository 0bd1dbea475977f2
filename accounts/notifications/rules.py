"""Pure rules of delivery and of gathering."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

# After each attempt. The first pause also covers the attempt itself: nobody else takes the message meanwhile.
_PAUSES = (30, 60, 120, 300, 900, 1800, 3600)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after the n-th attempt (1 is the first): growing, at most an hour."""
    return timedelta(seconds=_PAUSES[min(max(attempts, 1), len(_PAUSES)) - 1])


# -- Gathering ------------------------------------------------------------------------------------

NAMED = 3  # people named of many
LONGEST_TITLE, LONGEST_MESSAGE = 200, 1000
# People of whom a notification remembers that they are counted. Whoever comes again after as many others counts anew.
REMEMBERED = 500


@dataclass(frozen=True)
class Happening:
    """Something that happened to a member: by which page (none for the community itself), worth what."""

    actor_id: UUID | None
    actor_name: str
    coins: Decimal | None
    data: Mapping[str, Any]
    at: datetime

    @property
    def is_taken_back(self) -> bool:
        """Whether it ends something that was to be told: coins below zero, of what happened at `given_at`."""
        return self.coins is not None and self.coins < 0


def added(data: Mapping[str, Any], happenings: Sequence[Happening], *, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a notification holds after more of the same: how often, by how many, worth what, the last three by name.

    `data` is what it held before (empty for a new one); `facts` are known of the thing it is about. What was taken back
    lessens it if it told of it: if that came no earlier than the first that it tells of (`since`). At a count of 0
    nothing is left to tell.
    """
    known = list(data.get("known", ()))
    people = int(data.get("people", 0))
    who = [(one["id"], one["name"]) for one in data.get("who", ())]
    coins = Decimal(data["coins"]) if data.get("coins") is not None else None
    told = [one for one in happenings if not one.is_taken_back]
    moments = [one.at for one in told] + ([datetime.fromisoformat(data["since"])] if data.get("since") else [])
    since = min(moments, default=None)
    ended = [
        one
        for one in happenings
        if one.is_taken_back and since is not None and datetime.fromisoformat(one.data["given_at"]) >= since
    ]
    for happening in (*told, *ended):
        if happening.coins is not None:
            coins = (coins or Decimal("0.00")) + happening.coins
    for happening in told:
        if happening.actor_id is None:
            continue
        page = str(happening.actor_id)
        mark = page[-12:]  # the random end of a UUIDv7 tells pages apart
        if mark not in known:
            known.append(mark)
            people += 1
        who = [(page, happening.actor_name), *(one for one in who if one[0] != page)][:NAMED]
    return {
        "count": int(data.get("count", 0)) + len(told) - len(ended),
        "people": people,
        "coins": None if coins is None else str(coins),
        "who": [{"id": page, "name": name} for page, name in who],
        "known": known[-REMEMBERED:],
        "facts": {**data.get("facts", {}), **(told[-1].data if told else {}), **facts},
        "since": since and since.isoformat(),
    }


def less(data: Mapping[str, Any], *, unquoted: Collection[str], may_name: Callable[[str], bool]) -> dict[str, Any]:
    """What a notification tells without the facts of these names, and without the people that may not be named.

    They still count: of two people who are not both named it says that there were two. A former member has no id, and
    no name that could be taken away.
    """
    facts = {name: fact for name, fact in data.get("facts", {}).items() if name not in unquoted}
    who = [one for one in data.get("who", ()) if not one["id"] or may_name(one["id"])]
    return {**data, "facts": facts, "who": who}
