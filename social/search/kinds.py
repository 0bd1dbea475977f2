"""The registry of what can be found. Each room adds its kind in `apps.py: ready()`; the page and the API show all.

A kind answers two questions: which of its rows match a query and may be seen by a reader, best first and bounded; and
how rows look among the results. It must never answer with what the reader may not see.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from social.search.rules import Query

# One row that matches: its score, and its id.
Hit = tuple[float, UUID]


class Find(Protocol):
    """The rows of a kind that match and that the reader may see, in no particular order, at most some thousand.

    `by_beginning`: words that only begin like those of the query match as well.
    """

    def __call__(self, query: Query, reader: Any, *, by_beginning: bool) -> list[Hit]: ...


@dataclass(frozen=True)
class Found:
    """One row among the results. `title` and `text` are plain text; the matches in them are marked later."""

    kind: str
    id: UUID
    url: str
    title: str = ""
    text: str = ""
    page: Any = None  # who made it
    created_at: datetime | None = None
    count: int | None = None  # posts under a hashtag, followers of a page
    row: Any = None  # for the kind's own template


@dataclass(frozen=True)
class Kind:
    """Something that can be found."""

    name: str  # in addresses and in the API: posts
    label: Any  # on its tab
    icon: str
    find: Find
    # The rows of ids, in their order; those that are gone meanwhile are left out. A fixed number of queries.
    show: Callable[[Sequence[UUID], Any], list[Found]]
    template: str  # gets `found`
    config: str = "english"  # by whose rules matches are marked: the text search configuration
    by_beginning: bool = False  # whether the beginnings of words are looked for from the start
    at_a_glance: int = 3  # how many are shown where all kinds are


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Let something be found; tabs stand in the order of registration."""
    _kinds[kind.name] = kind


def registered() -> Sequence[Kind]:
    """Everything that can be found."""
    return tuple(_kinds.values())


def kind_named(name: str) -> Kind | None:
    """The kind of a name."""
    return _kinds.get(name)
