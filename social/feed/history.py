"""How words came to be as they are: each late change as what it took away and what it added."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.db.models import QuerySet

from social.feed.models import Comment, CommentEdition, Post, PostEdition

_PARTS = re.compile(r"\S+\s*|\s+")
# Beyond this the comparison takes longer than anybody waits; then the whole text is what changed.
_MOST_COMPARISONS = 400_000


@dataclass(frozen=True)
class Piece:
    """A run of text that a change left ("same"), took away ("gone") or added ("new")."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A change of words: when it was made, and what became of the title and of the text; nothing where it stayed."""

    at: datetime
    title: Sequence[Piece]
    content: Sequence[Piece]


def editions_of(row: Post | Comment) -> QuerySet[PostEdition] | QuerySet[CommentEdition]:
    """The words that a post or comment had before its late changes; slice it by `-id`."""
    if isinstance(row, Post):
        return PostEdition.objects.filter(post=row)
    return CommentEdition.objects.filter(comment=row)


def changes(row: Post | Comment, editions: Sequence[PostEdition | CommentEdition]) -> list[Change]:
    """What each of some neighbouring editions, newest first, turned into. One query when these are not the newest."""
    if not editions:
        return []
    after = editions_of(row).filter(pk__gt=editions[0].pk).order_by("id").first() or row
    found = []
    for edition in editions:
        before_title, after_title = getattr(edition, "title", ""), getattr(after, "title", "")
        found.append(
            Change(
                at=edition.created_at,
                title=compared(before_title, after_title) if before_title != after_title else [],
                content=compared(edition.content, after.content) if edition.content != after.content else [],
            )
        )
        after = edition
    return found


def compared(before: str, after: str) -> list[Piece]:
    """Two texts as one, word by word: "two plums" and "three plums" → gone "two ", new "three ", same "plums"."""
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    if len(old) * len(new) > _MOST_COMPARISONS:
        return [Piece(kind, text) for kind, text in (("gone", before), ("new", after)) if text]
    return list(_pieces(old, new))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(old[i:j]))
            continue
        if i < j:
            yield Piece("gone", "".join(old[i:j]))
        if k < m:
            yield Piece("new", "".join(new[k:m]))
