"""How words came to be as they are: each late change as what it took away and what it added."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.db.models import QuerySet

from social.feed.models import Comment, CommentEdition, Post, PostEdition

_PARTS = re.compile(r"\S+\s*|\s+")
# Beyond this a comparison takes longer than some hundredths of a second; then all of the text is what changed.
_MOST_STEPS = 1_000_000


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
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    between = old[start : len(old) - end], new[start : len(new) - end]
    whole = [
        Piece("same", "".join(old[:start])),
        *_compared(*between),
        Piece("same", "".join(old[len(old) - end :])),
    ]
    return [piece for piece in whole if piece.text]


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words of two texts are the same from the start."""
    return next(
        (n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )


def _compared(old: list[str], new: list[str]) -> Iterator[Piece]:
    """Word by word; a text that repeats few words so often that each may stand for any other only as a whole.

    The matcher looks, for every run that it finds, at every pair of equal words: that is what is counted.
    """
    often = Counter(new)
    pairs = sum(often[word] for word in old)
    if pairs * min(len(old), len(new)) > _MOST_STEPS:
        yield Piece("gone", "".join(old))
        yield Piece("new", "".join(new))
    else:
        yield from _pieces(old, new)


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(old[i:j]))
            continue
        if i < j:
            yield Piece("gone", "".join(old[i:j]))
        if k < m:
            yield Piece("new", "".join(new[k:m]))
