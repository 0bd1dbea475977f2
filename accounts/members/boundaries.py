"""Boundaries: whom a member keeps away, whom and what they do not want to read.

A block holds both ways and on every page of either side: no comment, tip, gift or follow passes. A mute and a muted
word change only what the member who set them sees, and nobody else learns of them.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from accounts.members import preferences, rules
from accounts.members.models import Block, Mute, MutedWord, Page, User
from config.lib.refusals import NotThere, Refused

MOST_WORDS = 100
MOST_PAGES = 1000

Rows = TypeVar("Rows", bound=Model)
Some = TypeVar("Some", bound=QuerySet[Any])
Ender = Callable[[UUID, UUID], None]

_enders: list[Ender] = []


class Blocked(Refused):
    """One of the two has blocked the other; which one is not said."""

    slug = "blocked"
    title = _("Not between you two")
    sentence = _("You and this member keep apart: one of you has blocked the other.")
    sqlstate = "CV403"


class OwnBoundary(Refused):
    """One does not keep oneself away."""

    slug = "own-page"
    title = _("That is you")
    sentence = _("This is a page of your own.")


class TooManyBoundaries(Refused):
    """The list is full."""

    slug = "too-many-boundaries"
    title = _("The list is full")
    sentence = _("There is room for %(most)s. Take one away first.")


class UnusableWord(Refused):
    """Nothing that could stand in a text, or too long."""

    slug = "unusable-word"
    title = _("Not a word")
    sentence = _("Write a word or phrase of at most 50 characters that can be seen.")
    field = "word"


def on_block(ender: Ender) -> None:
    """Register what ends between two members when one blocks the other; part of the blocking transaction."""
    if ender not in _enders:
        _enders.append(ender)


# -- Blocks -------------------------------------------------------------------------------------------------------


def block(*, member: User, page: Page, at: datetime) -> None:
    """Keep the member behind a page away; having done so already is no error.

    Follows between the two end. May refuse with OwnBoundary, TooManyBoundaries.
    """
    if page.user_id == member.pk:
        raise OwnBoundary()
    with transaction.atomic():
        pass_one_at_a_time(member.pk, page.user_id)
        _must_have_room(Block.objects.filter(user=member).exclude(blocked=page.user_id), MOST_PAGES)
        Block.objects.bulk_create(
            [Block(user=member, blocked_id=page.user_id, page=page, created_at=at)], ignore_conflicts=True
        )
        for ender in _enders:
            ender(member.pk, page.user_id)


def unblock(*, member: User, page: Page) -> None:
    """Keep a member away no longer, by any page of theirs; not having done so is no error."""
    Block.objects.filter(user=member, blocked=page.user_id).delete()


def keep_apart(one_id: UUID, other_id: UUID) -> bool:
    """Whether one of two members has blocked the other."""
    return Block.objects.filter(_between(one_id, other_id)).exists()


def must_not_keep_apart(member_id: UUID, *others: UUID) -> None:
    """Refuses with Blocked when a member and one of the others have a block between them. One query."""
    if Block.objects.filter(Q(user=member_id, blocked__in=others) | Q(user__in=others, blocked=member_id)).exists():
        raise Blocked()


def pass_one_at_a_time(one_id: UUID, other_id: UUID) -> None:
    """Until the transaction ends, nobody blocks or follows between these two: a follow does not slip past a block."""
    first, second = sorted((str(one_id), str(other_id)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('accounts.boundary:' || %s || ':' || %s, 0))",
            [first, second],
        )


def _between(one_id: UUID, other_id: UUID) -> Q:
    return Q(user=one_id, blocked=other_id) | Q(user=other_id, blocked=one_id)


# -- Mutes --------------------------------------------------------------------------------------------------------


def mute(*, member: User, page: Page, at: datetime) -> None:
    """Leave a page out of what the member reads; having done so already is no error.

    May refuse with OwnBoundary, TooManyBoundaries.
    """
    if page.user_id == member.pk:
        raise OwnBoundary()
    with transaction.atomic():
        _must_have_room(Mute.objects.filter(user=member).exclude(page=page), MOST_PAGES)
        Mute.objects.bulk_create([Mute(user=member, page=page, created_at=at)], ignore_conflicts=True)


def unmute(*, member: User, page: Page) -> None:
    """Read a page again; not having muted it is no error."""
    Mute.objects.filter(user=member, page=page).delete()


def mute_word(*, member: User, word: str, at: datetime) -> MutedWord:
    """Leave out texts with a word or phrase; one that is muted already is found again.

    May refuse with UnusableWord, TooManyBoundaries.
    """
    kept = rules.muted_word(word)
    if not kept:
        raise UnusableWord()
    with transaction.atomic():
        _must_have_room(MutedWord.objects.filter(user=member).exclude(word__iexact=kept), MOST_WORDS)
        MutedWord.objects.bulk_create([MutedWord(user=member, word=kept, created_at=at)], ignore_conflicts=True)
    return MutedWord.objects.get(user=member, word__iexact=kept)


def unmute_word(*, member: User, word_id: UUID) -> None:
    """Read a word again. May refuse with NotThere for a word that is not the member's."""
    if not MutedWord.objects.filter(user=member, pk=word_id).delete()[0]:
        raise NotThere()


def _must_have_room(present: QuerySet, most: int) -> None:
    if present.count() >= most:
        raise TooManyBoundaries(most=most)


# -- What a reader does not want to read --------------------------------------------------------------------------


@dataclass(frozen=True)
class Boundaries:
    """A reader's boundaries at a glance, so that lists of those who have none are asked for as ever."""

    reader_id: UUID
    has_blocks: bool
    is_blocked: bool
    has_mutes: bool
    words: str
    least_standing: int = 0

    def apart(self, author: str) -> Q | None:
        """Rows whose author and the reader keep apart; None when there are none for sure."""
        found = None
        if self.has_blocks:
            found = Q(**{f"{author}__in": Block.objects.filter(user=self.reader_id).values("blocked")})
        if self.is_blocked:
            by = Q(**{f"{author}__in": Block.objects.filter(blocked=self.reader_id).values("user")})
            found = by if found is None else found | by
        return found

    def unwanted(self, *, author: str, page: str | None, texts: tuple[str, ...]) -> Q | None:
        """Rows of muted pages or with muted words, the reader's own aside; None when there are none for sure."""
        found = Q()
        if self.has_mutes and page is not None:
            found |= Q(**{f"{page}__in": Mute.objects.filter(user=self.reader_id).values("page")})
        if self.words:
            for text in texts:
                found |= Q(**{f"{text}__iregex": self.words})
        return found & ~Q(**{author: self.reader_id}) if found else None


def boundaries_of(reader: Any) -> Boundaries | None:
    """A reader's boundaries, in one query; None for visitors."""
    if not reader.is_authenticated:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM accounts_block WHERE user_id = %(reader)s),"
            " EXISTS (SELECT FROM accounts_block WHERE blocked_id = %(reader)s),"
            " EXISTS (SELECT FROM accounts_mute WHERE user_id = %(reader)s),"
            " ARRAY(SELECT word FROM accounts_mutedword WHERE user_id = %(reader)s ORDER BY word),"
            " (SELECT preferences->'least_standing' FROM accounts_profile WHERE user_id = %(reader)s)",
            {"reader": reader.pk},
        )
        has_blocks, is_blocked, has_mutes, words, least = cursor.fetchone()
    return Boundaries(
        reader.pk,
        has_blocks,
        is_blocked,
        has_mutes,
        rules.pattern_of(words),
        preferences.DEFAULTS["least_standing"] if least is None else json.loads(least),
    )


def leave_out(
    queryset: Some,
    reader: Any,
    *,
    author: str = "author_id",
    page: str | None = "page_id",
    text: str | tuple[str, ...] | None = "content",
    standing: str | None = None,
) -> Some:
    """A list without what its reader does not want to read, or may not. One query more for members, however long it is.

    `author`, `page`, `text` and `standing` name the columns; None when the rows have none, or it does not matter here
    (on a muted page itself). One's own rows are never too low.
    """
    mine = boundaries_of(reader)
    if mine is None:
        return queryset
    texts = (text,) if isinstance(text, str) else text or ()
    for unwanted in (mine.apart(author), mine.unwanted(author=author, page=page, texts=texts)):
        if unwanted is not None:
            queryset = queryset.exclude(unwanted)
    if standing is not None and mine.least_standing:
        queryset = queryset.filter(Q(**{f"{standing}__gte": mine.least_standing}) | Q(**{author: reader.pk}))
    return queryset


def mark_left_out(
    queryset: QuerySet[Rows], reader: Any, *, author: str = "author_id", page: str = "page_id", text: str = "content"
) -> QuerySet[Rows]:
    """A list in which what would be left out keeps its place: each row says `is_apart` and `is_unwanted`.

    For threads, where an answer would hang in the air without what it answers. One query more for members.
    """
    mine = boundaries_of(reader)
    marks: dict[str, Q | None] = {"is_apart": None, "is_unwanted": None}
    if mine is not None:
        marks = {
            "is_apart": mine.apart(author),
            "is_unwanted": mine.unwanted(author=author, page=page, texts=(text,)),
        }
    is_so = {
        name: Value(False) if which is None else ExpressionWrapper(which, output_field=BooleanField())
        for name, which in marks.items()
    }
    return queryset.annotate(**is_so)
