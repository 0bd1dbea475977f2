"""Reads of comments: the threads of a post, a page of them at a time.

A thread is a comment on the post itself (its root) with all that was answered below. A page shows PER_PAGE threads,
each with its first ANSWERS answers; the rest of a thread is on pages of its own. Each page costs the same few queries,
however many comments there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from accounts.members.boundaries import mark_left_out
from accounts.members.models import User
from config.lib.pagination import BadCursor, Keyset, Slice
from social.feed.models import Comment, Post

SORTS = {
    "top": Keyset("-total_tokens_received", "-id"),
    "new": Keyset("-id"),
    "old": Keyset("id"),
}
TOP = "top"
IN_THREAD = Keyset("id")

PER_PAGE = 30
ANSWERS = 10  # a page is at most 330 comments: what a phone can draw
PER_THREAD = 100
# Lists within lists end here: deeper answers stand beside what they answer, and name it.
DEEPEST = 12

# The first answers of each thread, along social_comment_root. Removed ones count only while something stands below
# them, or whoever removes some answers of their own would push those of others out of sight.
_FIRST_ANSWERS = """
    SELECT answer.id FROM unnest(%s::uuid[]) AS thread(root) CROSS JOIN LATERAL (
      SELECT c.id FROM social_comment c
        WHERE c.root_id = thread.root AND c.id >= %s
          AND (c.deleted_at IS NULL OR EXISTS (
            SELECT FROM social_comment k WHERE k.parent_id = c.id AND k.deleted_at IS NULL))
        ORDER BY c.id LIMIT %s
    ) AS answer
"""
_LOWEST = UUID(int=0)


@dataclass(frozen=True)
class Threads:
    """Comments in the order of their threads, each one followed by what answers it; and the pages beside."""

    rows: list[Comment]
    next: str | None = None
    previous: str | None = None
    alone: Comment | None = None  # the root, when the page is of one thread


class Conversation:
    """The comments of a post as one reader may see them.

    Removed ones, and those of banned or closed accounts, keep their place without their text (`is_hidden`) while they
    are answered; so do those of members with whom the reader keeps apart (`is_apart`). What the reader has muted is
    marked (`is_unwanted`). One query for members' boundaries, when it is made.
    """

    def __init__(self, post: Post, reader: Any) -> None:
        self.post = post
        comments = Comment.objects.filter(post=post).select_related("page").annotate(writer_is=F("user__status"))
        self._all = mark_left_out(comments, reader, author="user_id")

    def roots(self) -> QuerySet[Comment]:
        """The comments on the post itself, without removed ones that nobody has answered; slice it with a sort."""
        answered = Comment.objects.filter(root=OuterRef("pk"), deleted_at=None)
        return self._all.filter(Q(deleted_at=None) | Exists(answered), parent=None)

    def page(self, *, sort: str = TOP, cursor: str = "", size: int = PER_PAGE, wanted: str = "") -> Threads:
        """A page of threads; with the thread of the wanted comment in front when it is not on it.

        Two queries; up to three more for a wanted comment, one more when answers stand apart from what they answer.
        """
        found = _slice(SORTS.get(sort, SORTS[TOP]), self.roots(), cursor, size)
        comment = self.find(wanted)
        roots = list(found.rows)
        if comment is not None and not any(root.pk == _root_of(comment) for root in roots):
            roots = [*self._all.filter(pk=_root_of(comment)), *roots]
        return Threads(self.with_answers(roots, wanted=comment), found.next, found.previous)

    def thread(self, root_id: str, *, cursor: str = "") -> Threads | None:
        """One thread, oldest answers first, PER_THREAD on a page; None when there is no such one. Two queries."""
        root = self.find(root_id)
        if root is None or root.parent_id is not None:
            return None
        found = _slice(IN_THREAD, self._all.filter(root=root.pk), cursor, PER_THREAD)
        root.has_earlier, root.more_after = bool(found.previous), found.next or ""
        return Threads(self._lay_out([root], found.rows), alone=root)

    def find(self, comment_id: str) -> Comment | None:
        """A comment of the conversation by what an address says, which may be anything."""
        try:
            return self._all.filter(pk=UUID(comment_id)).first() if comment_id else None
        except ValueError:
            return None

    def with_answers(self, roots: Sequence[Comment], *, wanted: Comment | None = None) -> list[Comment]:
        """Threads with their first answers; that of the wanted comment begins with it when it would not be seen."""
        answers = self._first_answers([root.pk for root in roots])
        if wanted is not None and wanted.parent_id is not None and wanted.pk not in {row.pk for row in answers}:
            root_id = _root_of(wanted)
            answers = [row for row in answers if row.root_id != root_id]
            answers += self._first_answers([root_id], since=wanted.pk)
            for root in roots:
                root.has_earlier = root.pk == root_id
        by_root: dict[UUID | None, list[Comment]] = {}
        for row in answers:
            by_root.setdefault(row.root_id, []).append(row)
        kept: list[Comment] = []
        for root in roots:
            below = by_root.get(root.pk, [])
            if len(below) > ANSWERS:
                below = below[:ANSWERS]
                root.more_after = IN_THREAD.after(below[-1])
            kept += below
        return self._lay_out(roots, kept)

    def _first_answers(self, roots: Sequence[UUID], since: UUID = _LOWEST) -> list[Comment]:
        if not roots:
            return []
        first = RawSQL(_FIRST_ANSWERS, [list(roots), since, ANSWERS + 1])  # noqa: S611 - parameters only
        return list(self._all.filter(pk__in=first).order_by("id"))

    def _lay_out(self, roots: Sequence[Comment], answers: Iterable[Comment]) -> list[Comment]:
        """Each comment before what answers it, marked with how its lists open and close."""
        for row in (*roots, *answers):
            self._veil(row)
        rows = _with_something_to_say(_in_order(roots, answers))
        _mark(rows)
        self._name_answered([row for row in rows if row.is_adrift])
        return rows

    def _veil(self, row: Comment) -> None:
        row.post = self.post
        if row.deleted_at is not None or row.writer_is not in User.SHOWN or not row.page.is_active:  # type: ignore[attr-defined]
            row.content, row.html, row.is_hidden = "", "", True
        if row.is_apart:
            row.content, row.html = "", ""

    def _name_answered(self, adrift: Sequence[Comment]) -> None:
        """Who wrote what answers stand apart from; nobody is named whose words are not shown."""
        if not adrift:
            return
        found = self._all.in_bulk({row.parent_id for row in adrift if row.parent_id})
        for above in found.values():
            self._veil(above)
        for row in adrift:
            answered = found.get(row.parent_id)
            if answered is not None and not (answered.is_hidden or answered.is_apart or answered.is_unwanted):
                row.answered_page = answered.page


def _root_of(comment: Comment) -> UUID:
    return comment.root_id or comment.pk


def _slice(order: Keyset, rows: QuerySet[Comment], cursor: str, size: int) -> Slice:
    """A cursor that is not ours, or of another sort, shows the first page."""
    try:
        return order.slice(rows, cursor=cursor, size=size)
    except BadCursor:
        return order.slice(rows, size=size)


def _in_order(roots: Sequence[Comment], answers: Iterable[Comment]) -> list[Comment]:
    """Each one followed by what answers it; what answers something that is not here follows its root."""
    answers = list(answers)
    here = {row.pk for row in (*roots, *answers)}
    below: dict[UUID | None, list[Comment]] = {}
    for row in answers:
        row.is_adrift = row.parent_id not in here
        below.setdefault(row.root_id if row.is_adrift else row.parent_id, []).append(row)
    ordered: list[Comment] = []
    waiting = list(roots)[::-1]
    for root in roots:
        root.level = 0
    while waiting:
        row = waiting.pop()
        ordered.append(row)
        for answer in reversed(below.get(row.pk, [])):
            answer.above = row
            answer.level = min(row.level + 1, DEEPEST)
            # Beside what it answers it would seem to answer the same.
            answer.is_adrift = answer.is_adrift or row.level == DEEPEST
            waiting.append(answer)
    return ordered


def _with_something_to_say(rows: Sequence[Comment]) -> list[Comment]:
    """Without removed comments that nobody has answered; answered ones hold the place of the answers."""
    kept, answered = [], set()
    for row in reversed(rows):
        if not row.is_hidden or row.pk in answered or row.more_after:
            kept.append(row)
            if row.above is not None:
                answered.add(row.above.pk)
    return kept[::-1]


def _mark(rows: Sequence[Comment]) -> None:
    """Say of each row whether a list of answers opens below it, and which lists end behind it."""
    open_lists: list[Comment] = []
    levels = [row.level for row in rows]
    for row, level_after in zip(rows, [*levels[1:], 0], strict=False):
        row.opens = level_after > row.level
        for above in open_lists:
            above.answers_shown += 1
        if row.opens:
            open_lists.append(row)
        else:
            row.closes = [open_lists.pop() for _level in range(row.level - level_after)]
