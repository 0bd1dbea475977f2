"""The registry of what members hear of. Each app adds its kinds in `apps.py: ready()`; the rest is the same for all.

A kind knows its words, its link and where it goes by default. Words are written when a notice is gathered, in the
language of whoever reads it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.members.preferences import EMAILS, KIND


@dataclass(frozen=True)
class Gathered:
    """What one notification tells of: everything of one kind about one thing that its member has not read yet."""

    count: int  # how often it happened
    people: int = 0  # how many pages did it; 0 when the community itself did
    names: tuple[str, ...] = ()  # the last three of these, the very last first
    coins: Decimal | None = None  # what it was worth together
    data: Mapping[str, Any] = field(default_factory=dict)  # what was owed with the last one

    def who(self) -> str:
        """The people in one phrase: "Ana", "Ana and Bob", "12 people"."""
        if self.people == 1 and self.names:
            return self.names[0]
        if self.people == 2 and len(self.names) > 1:
            return _("%(one)s and %(other)s") % {"one": self.names[0], "other": self.names[1]}
        return ngettext("%(n)d person", "%(n)d people", self.people) % {"n": self.people}

    def among_them(self) -> str:
        """Who some of many were: "Ana, Bob, Cem and 9 others"; nothing when `who` has named all."""
        if self.people <= 2 or not self.names:
            return ""
        names = ", ".join(self.names)
        others = self.people - len(self.names)
        if others <= 0:
            return names
        return ngettext("%(names)s and %(n)d other", "%(names)s and %(n)d others", others) % {
            "names": names,
            "n": others,
        }


def gathered(data: Mapping[str, Any]) -> Gathered:
    """What a notification's data (`rules.added`) tells."""
    return Gathered(
        count=data["count"],
        people=data["people"],
        names=tuple(one["name"] for one in data["who"]),
        coins=None if data["coins"] is None else Decimal(data["coins"]),
        data=data["facts"],
    )


Words = Callable[[Gathered], tuple[str, str]]
Path = Callable[[Mapping[str, Any]], str]
LookUp = Callable[[str, Collection[UUID]], Mapping[UUID, Mapping[str, Any]]]


def path_in(data: Mapping[str, Any]) -> str:
    """The path that was owed with it."""
    return str(data.get("path", ""))


def words_in(gathered: Gathered) -> tuple[str, str]:
    """Title and message as they were owed with it, for words that are written where it happens."""
    return str(gathered.data.get("title", "")), str(gathered.data.get("message", ""))


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    `look_up` completes what is known of the things that notices are about, many at once: (kind of thing, ids) → id →
    data. A thing that it does not answer for is gone, and nobody hears of it. `quotes` names what of the data are
    words of others: they are left out while the thing may not be seen (`quoted_from`).
    """

    name: str
    label: str | Promise
    icon: str
    words: Words = words_in
    path: Path = path_in
    email: str = "digest"  # by default: off, now, digest
    says: str | Promise = ""  # in a few words, for the page of choices
    is_always_shown: bool = False  # on the site, whatever the member has chosen; e-mail stays as it is by default
    is_chosen: bool = True  # whether it stands on the page of choices
    order: int = 10  # where it stands there
    is_gathered: bool = True  # while one about the same thing is unread, more of it is added to that one
    look_up: LookUp | None = None
    quotes: tuple[str, ...] = ("about",)


_kinds: dict[str, Kind] = {}

# Of a kind of thing, all that may be seen now; each row has a `user`, whose words they are.
Shown = Callable[[], QuerySet[Any]]

_quoted_from: dict[str, Shown] = {}


def register(kind: Kind) -> None:
    """Register one; a second one of the same name must be the same."""
    if KIND.fullmatch(kind.name) is None or kind.email not in EMAILS:
        raise ValueError(f"{kind.name!r} cannot be a kind of notice")
    if _kinds.setdefault(kind.name, kind) != kind:
        raise ValueError(f"two different kinds of notice are named {kind.name!r}")


def kind_of(name: str) -> Kind | None:
    """The kind of this name, or None when no app knows it (any more)."""
    return _kinds.get(name)


def registered() -> list[Kind]:
    """All kinds, in the order of the page of choices."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def quoted_from(reference_type: str, shown: Shown) -> None:
    """Register which things of a kind may be quoted. Notices that already stand ask this whenever they are read."""
    _quoted_from[reference_type] = shown


def holds_words(reference_type: str) -> bool:
    """Whether things of a kind are somebody's words; those that nobody has registered are not."""
    return reference_type in _quoted_from


def shown_things(reference_type: str) -> QuerySet[Any]:
    """The things of a kind that may be quoted now."""
    return _quoted_from[reference_type]()


def is_shown(kind: Kind, preferences: Mapping[str, Any]) -> bool:
    """Whether a member with these preferences hears of it on the site."""
    return kind.is_always_shown or bool(preferences["notices"].get(kind.name, {}).get("site", True))


def email_of(kind: Kind, preferences: Mapping[str, Any]) -> str:
    """How a member with these preferences hears of it by e-mail: off, now or digest."""
    if not preferences["email_notices"]:
        return "off"
    if kind.is_always_shown:
        return kind.email
    return str(preferences["notices"].get(kind.name, {}).get("email", kind.email))
