"""What a notification may still tell when it is read.

A ban, a page that is closed, words that were removed and a block may all come later than the notice. So the row stays
as it was made, and is worded anew for each reading: it tells everything again when a ban is lifted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation

from accounts.members.models import Block, Page
from accounts.members.remembered import language_and_zone
from accounts.notifications import kinds, rules
from accounts.notifications.models import Notification
from accounts.notifications.rules import LONGEST_MESSAGE, LONGEST_TITLE


def as_readable(rows: Iterable[Notification]) -> list[Notification]:
    """Notifications as their readers may read them now: no words of what may not be seen, nobody who may not be named.

    Nor of members with whom their reader keeps apart. Two queries at most, however many they are and whose. The rows
    are not to be saved.
    """
    found = list(rows)
    writers = _writers_of(found)
    apart = _apart({row.user_id for row in found}, set(writers.values()))
    for row in found:
        _leave_out(row, {thing for thing, writer in writers.items() if (row.user_id, writer) not in apart})
    return found


def _writers_of(rows: Sequence[Notification]) -> dict[str, UUID]:
    """Of what is quoted and of the pages that are named: all that may be seen, and whose each is. One query."""
    asked: dict[str, set[UUID]] = defaultdict(set)
    named: set[str] = set()
    for row in rows:
        named.update(one["id"] for one in row.data.get("who", ()) if one["id"])
        if row.reference_id is not None and _quotes_of(row):
            asked[row.reference_type].add(row.reference_id)
    shown: list[QuerySet[Any]] = [Page.objects.visible().filter(pk__in=named)] if named else []
    shown += [kinds.shown_things(reference_type).filter(pk__in=ids) for reference_type, ids in asked.items()]
    if not shown:
        return {}
    first, *others = [things.order_by().values_list("pk", "user_id") for things in shown]
    return {str(thing): writer for thing, writer in first.union(*others, all=True)}


def _apart(readers: set[UUID], writers: set[UUID]) -> set[tuple[UUID, UUID]]:
    """Pairs of a reader and a writer who keep apart, whoever of them has said so. One query."""
    if not writers:
        return set()
    blocks = Block.objects.filter(Q(user__in=readers, blocked__in=writers) | Q(user__in=writers, blocked__in=readers))
    pairs = set(blocks.values_list("user_id", "blocked_id"))
    return pairs | {(blocked, user) for user, blocked in pairs}


def _quotes_of(row: Notification) -> set[str]:
    """The names of what it holds of the words of others."""
    kind = kinds.kind_of(row.type)
    if kind is None or not kinds.holds_words(row.reference_type):
        return set()
    return set(kind.quotes) & set(row.data.get("facts", {}))


def _leave_out(row: Notification, may_be_seen: set[str]) -> None:
    quotes = _quotes_of(row)
    unquoted = quotes if str(row.reference_id) not in may_be_seen else set()
    data = rules.less(row.data, unquoted=unquoted, may_name=may_be_seen.__contains__)
    if not unquoted and len(data["who"]) == len(row.data.get("who", ())):
        return
    row.data = data
    kind = kinds.kind_of(row.type)
    if kind is None:
        row.message = ""
        return
    language, _zone = language_and_zone(row.user_id)
    with translation.override(language or translation.get_language() or settings.LANGUAGE_CODE):
        title, message = kind.words(kinds.gathered(data))
    row.title, row.message = title[:LONGEST_TITLE], message[:LONGEST_MESSAGE]
