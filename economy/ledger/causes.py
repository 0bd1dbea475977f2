"""What caused a movement, and who stood on the other side: told by the rooms whose rows are the cause.

A transfer names its cause by a type and an id. Whoever makes rows of that type registers how they are called and where
they are; and, for kinds of movement that pass through a fund (tips) or were made in the name of one of several pages,
which page stood on the other side. Registered in `ready()`; one query per type, however many lines.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.members.models import Page, User
from config.lib.money import ZERO
from economy.ledger.models import Posting, TransferKind


@dataclass(frozen=True)
class Cause:
    """What a line links to. `url` is empty where there is nothing to go to any more."""

    label: str
    url: str


# Ids of one type → how each is called and where it is. What is gone for everyone may be left out.
Resolver = Callable[[Collection[UUID]], Mapping[UUID, tuple[str, str]]]


class OtherSide(Protocol):
    """Which page stood on the other side of movements of some kinds. It never says more than the page that acted: which
    other pages its member has is not for the reader to learn."""

    kinds: tuple[str, ...]

    def pages(self, member: User, lines: Sequence[Posting]) -> Mapping[UUID, UUID]:
        """Of a member's lines (of these kinds, with their transfers): transfer → page."""
        ...

    def with_page(self, member: User, page: Page) -> Q:
        """The member's lines of these kinds in which this page, another member's, stood on the other side: a filter of
        postings."""
        ...


_resolvers: dict[str, Resolver] = {}
_sides: list[OtherSide] = []


def register(reference_type: str, resolver: Resolver) -> None:
    """Say how the rows of a type are called and where they are. A type has one resolver."""
    known = _resolvers.setdefault(reference_type, resolver)
    if known is not resolver:
        raise ValueError(f"two different resolvers for {reference_type!r}")


def register_other_side(side: OtherSide) -> None:
    """Say who stands on the other side of movements of some kinds."""
    if side not in _sides:
        _sides.append(side)


def other_sides() -> list[OtherSide]:
    """All that are registered."""
    return list(_sides)


def title_of(line: Posting, *, member: User) -> str:
    """What a line (with its transfer) of a member is called: its kind, as it is from their side."""
    if line.kind == TransferKind.TIP_REFUND and line.transfer.actor_id == member.pk:
        return _("Tip taken back")
    if line.kind == TransferKind.REWARD and line.amount < ZERO:
        return _("Reward taken back")
    return str(line.get_kind_display())


def causes_of(lines: Collection[Posting]) -> dict[UUID, Cause]:
    """The cause of each of these lines (with their transfers), by transfer. One query per type of cause."""
    asked: dict[str, set[UUID]] = {}
    for line in lines:
        transfer = line.transfer
        if transfer.reference_id is not None and transfer.reference_type in _resolvers:
            asked.setdefault(transfer.reference_type, set()).add(transfer.reference_id)
    known = {name: _resolvers[name](ids) for name, ids in asked.items()}
    found = {}
    for line in lines:
        transfer = line.transfer
        cause = known.get(transfer.reference_type, {}).get(transfer.reference_id) if transfer.reference_id else None
        if cause is not None:
            found[transfer.pk] = Cause(*cause)
    return found
