"""Gathering: what is owed becomes what members read.

While a member has an unread notification about a thing, more of the same is added to it, and nobody is told again. One
gatherer at a time works for a member; others pass on to the next one.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import translation

from accounts.members.models import Block, Mute, Profile
from accounts.members.preferences import complete
from accounts.notifications import kinds, live, rules
from accounts.notifications.models import Notification, OwedNotice
from accounts.notifications.operations.notices import NUDGE_KEY, NUDGED_LATELY
from accounts.notifications.queries import balances_of, unread_counts
from accounts.notifications.readable import as_readable
from config.lib.ids import uuid7_at

log = logging.getLogger(__name__)

CHUNK = 2000  # owed notices of one transaction
_MEMBERS = 500  # members of one transaction: each is one lock, and locks are not without number
ROUND = 50_000
PAUSE = 2.5 * NUDGED_LATELY  # seconds between two rounds
_KEY_LASTS = 30  # seconds, should the rounds break off


@dataclass
class _Chunk:
    """What one transaction has done, for those who are listening."""

    owed: int = 0
    new: list[Notification] = field(default_factory=list)
    moved: set[UUID] = field(default_factory=set)  # members whose coins may have moved


class Then(StrEnum):
    """What follows a round of the job."""

    NOTHING = "NOTHING"
    ANOTHER = "ANOTHER"
    THE_LAST = "THE_LAST"


def gather_round(*, at: datetime, is_last: bool = False) -> Then:
    """One round of the job, up to ROUND owed notices; what has to follow it after a pause of PAUSE seconds.

    While rounds follow each other nobody need call the worker, and the key in the cache says so. When a round finds
    nothing the key goes, and one more follows: whoever owed a notice in the belief that it would be found did so
    before the key went, or at most NUDGED_LATELY seconds after it.
    """
    if gather(at=at, most=ROUND):
        cache.set(NUDGE_KEY, 1, timeout=_KEY_LASTS)
        return Then.ANOTHER
    return Then.THE_LAST if cache.delete(NUDGE_KEY) and not is_last else Then.NOTHING


def gather(*, at: datetime, chunk: int = CHUNK, most: int | None = None) -> int:
    """Turn what is owed, all of it or at least `most`, into notifications; how many owed notices there were.

    Chunks commit one by one. Safe to run any number of times at once: each owed notice is counted in one notification.
    """
    total = 0
    while most is None or total < most:
        done = _gather_some(at=at, most=chunk)
        if not done.owed:
            break
        total += done.owed
        _announce(done)
    return total


@transaction.atomic
def _gather_some(*, at: datetime, most: int) -> _Chunk:
    members = _take_members(most)
    # Only now: what another gatherer did for these members is committed and seen by this look.
    owed = list(_owed_to(members)[:most]) if members else []
    if not owed:
        return _Chunk()
    done = _Chunk(owed=len(owed))
    chosen = {
        user: complete(stored or {})
        for user, stored in Profile.objects.filter(user__in=members).values_list("user_id", "preferences")
    }
    groups = _grouped(owed, chosen)
    _look_up(groups)
    _write(groups, chosen=chosen, done=done, at=at)
    OwedNotice.objects.filter(pk__in=[one.pk for one in owed]).delete()
    coins = [one for one in owed if one.coins is not None]
    done.moved = {one.user_id for one in coins} | {one.giver for one in coins if one.giver is not None}
    return done


def _take_members(most: int) -> list[UUID]:
    """Members to whom the oldest notices are owed and for whom nobody else gathers, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id FROM ("
            " SELECT DISTINCT user_id FROM (SELECT user_id FROM accounts_owednotice ORDER BY id LIMIT %s) AS oldest"
            " LIMIT %s) AS waiting"
            " WHERE pg_try_advisory_xact_lock(hashtextextended('accounts.notices:' || user_id, 0))",
            [most, _MEMBERS],
        )
        return [row[0] for row in cursor.fetchall()]


def _owed_to(members: list[UUID]) -> Any:
    """What is owed to members, oldest first; each says `is_unwanted` when its reader wants nothing from its actor."""
    actor = OuterRef("actor__user")
    reader = OuterRef("user")
    unwanted = (
        Exists(Mute.objects.filter(user=reader, page=OuterRef("actor")))
        | Exists(Block.objects.filter(user=reader, blocked=actor))
        | Exists(Block.objects.filter(user=actor, blocked=reader))
    )
    rows = OwedNotice.objects.filter(user__in=members).annotate(
        is_unwanted=unwanted, actor_name=F("actor__display_name"), giver=F("actor__user"), status=F("user__status")
    )
    return rows.order_by("id")


@dataclass
class _Group:
    """Owed notices of one kind about one thing, for one member."""

    user_id: UUID
    kind: kinds.Kind
    reference_type: str
    reference_id: UUID | None
    owed: list[Any] = field(default_factory=list)
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_gone: bool = False

    @property
    def key(self) -> tuple[UUID, str, str, UUID | None]:
        return self.user_id, self.kind.name, self.reference_type, self.reference_id


def _grouped(owed: Iterable[Any], chosen: Mapping[UUID, Mapping[str, Any]]) -> list[_Group]:
    """What is wanted of it, by member, kind and thing, in the order in which each thing came first."""
    groups: dict[Any, _Group] = {}
    for one in owed:
        kind = kinds.kind_of(one.type)
        if kind is None:
            log.warning("a notice of an unknown kind is dropped: %s", one.type)
            continue
        preferences = chosen.get(one.user_id)
        if preferences is None or one.is_unwanted or one.status == "ERASED" or not kinds.is_shown(kind, preferences):
            continue
        key = (one.user_id, one.type, one.reference_type, one.reference_id)
        group = groups.setdefault(
            key if kind.is_gathered else one.pk,
            _Group(one.user_id, kind, one.reference_type, one.reference_id),
        )
        group.owed.append(one)
    return list(groups.values())


def _look_up(groups: list[_Group]) -> None:
    """Ask each kind that can about the things of its notices, once per kind of thing."""
    asked: dict[tuple[str, str], set[UUID]] = defaultdict(set)
    for group in groups:
        if group.kind.look_up is not None and group.reference_id is not None:
            asked[group.kind.name, group.reference_type].add(group.reference_id)
    found: dict[tuple[str, str], Mapping[UUID, Mapping[str, Any]]] = {}
    for (name, reference_type), ids in asked.items():
        look_up = getattr(kinds.kind_of(name), "look_up")  # noqa: B009 - known to be there
        found[name, reference_type] = look_up(reference_type, ids)
    for group in groups:
        answers = found.get((group.kind.name, group.reference_type))
        if answers is not None and group.reference_id is not None:
            group.is_gone = group.reference_id not in answers
            group.facts = answers.get(group.reference_id, {})


def _write(groups: list[_Group], *, chosen: Mapping[UUID, Mapping[str, Any]], done: _Chunk, at: datetime) -> None:
    """Extend what is unread, make what is new, drop what was taken back."""
    unread = _unread_of(groups)
    extended, undone = [], []
    for group in groups:
        if group.is_gone:
            continue
        present = unread.get(group.key) if group.kind.is_gathered else None
        row = present or Notification(
            id=uuid7_at(at),
            created_at=at,
            updated_at=at,
            user_id=group.user_id,
            type=group.kind.name,
            reference_type=group.reference_type,
            reference_id=group.reference_id,
            is_urgent=kinds.email_of(group.kind, chosen[group.user_id]) == "now",
        )
        row.data = rules.added(row.data, [_happening(one) for one in group.owed], facts=group.facts)
        if row.data["count"] < 1:
            undone += [present.pk] if present else []
            continue
        if not _word(row, group, language=chosen[group.user_id]["language"]):
            continue
        if present is None:
            done.new.append(row)
        else:
            extended.append(row)
    Notification.objects.bulk_create(done.new, batch_size=500)
    if undone:
        Notification.objects.filter(pk__in=undone).delete()
    Notification.objects.bulk_update(extended, ["title", "message", "data", "happened_at"], batch_size=200)


def _happening(owed: Any) -> rules.Happening:
    return rules.Happening(owed.actor_id, owed.actor_name or "", owed.coins, owed.data, owed.created_at)


def _unread_of(groups: list[_Group]) -> dict[tuple[UUID, str, str, UUID | None], Notification]:
    """The unread notifications that these would be added to, locked: whoever reads one meanwhile waits."""
    if not groups:
        return {}
    about = Q(reference_id__in={group.reference_id for group in groups if group.reference_id is not None})
    if any(group.reference_id is None for group in groups):
        about |= Q(reference_id=None)
    rows = (
        Notification.objects.select_for_update(no_key=True)
        .filter(
            about,
            user__in={group.user_id for group in groups},
            type__in={group.kind.name for group in groups},
            is_read=False,
        )
        .order_by("id")
    )
    return {(row.user_id, row.type, row.reference_type, row.reference_id): row for row in rows}


def _word(row: Notification, group: _Group, *, language: str) -> bool:
    """Write what a notification says now, by its data; whether there is anything to say."""
    moments = [one.created_at for one in group.owed if not _happening(one).is_taken_back]
    row.happened_at = max(moments if row.happened_at is None else [*moments, row.happened_at])
    known = dict(settings.LANGUAGES)
    try:
        with translation.override(language if language in known else settings.LANGUAGE_CODE):
            title, message = group.kind.words(kinds.gathered(row.data))
        row.data["path"] = group.kind.path(row.data["facts"])
    except Exception:
        # One that cannot be worded must not keep everyone else's from being told.
        log.exception("a notice of the kind %s cannot be worded and is dropped", group.kind.name)
        return False
    row.title, row.message = title[: rules.LONGEST_TITLE], message[: rules.LONGEST_MESSAGE]
    return bool(row.title)


def _announce(done: _Chunk) -> None:
    """Tell open pages and programs, after the commit; those whom nobody listens for cost next to nothing."""
    listening = live.listening(done.moved | {row.user_id for row in done.new})
    if not listening:
        return
    unread = unread_counts(listening)
    for row in as_readable(row for row in done.new if row.user_id in listening):
        live.publish(row.user_id, "notification", live.shown(row, unread=unread.get(row.user_id, 0)))
    for user_id, balance in balances_of(done.moved & listening).items():
        live.publish(user_id, "balance", balance)
