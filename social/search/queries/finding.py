"""Results: the hits of a kind in their order, page by page, with the matches marked."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from config.lib.pagination import DEFAULT_SIZE, BadCursor
from social.search import rules
from social.search.kinds import Found, Hit, Kind, registered
from social.search.rules import Query

Piece = tuple[str, bool]  # text, and whether it matches

_OPTIONS = f"StartSel={rules.MARK}, StopSel={rules.UNMARK}, MaxFragments=2, MinWords=10, MaxWords=24, ShortWord=0"
_NAMES = f"StartSel={rules.MARK}, StopSel={rules.UNMARK}, HighlightAll=true"
_LONGEST_UNMARKED = 220


@dataclass(frozen=True)
class Result:
    """One row of the results, with what matches in it."""

    found: Found
    title: list[Piece]
    text: list[Piece]

    @property
    def plain_text(self) -> str:
        """The excerpt without marks."""
        return "".join(text for text, _matches in self.text)


@dataclass(frozen=True)
class Results:
    """One page of results of one kind."""

    kind: Kind
    rows: list[Result] = field(default_factory=list)
    next: str | None = None
    previous: str | None = None
    is_by_beginning: bool = False  # nothing matched exactly: these begin like the words


def results(kind: Kind, query: Query, reader: Any, *, cursor: str = "", size: int = DEFAULT_SIZE) -> Results:
    """The page of results behind, or before, a position. May raise BadCursor.

    Where no word matches as it is written, words that begin like it are looked for.
    """
    position = _read(cursor) if cursor else None
    is_wide = kind.by_beginning or (position is not None and position[0])
    hits = _ordered(kind.find(query, reader, by_beginning=is_wide))
    if not hits and not is_wide and position is None and query.has_words:
        is_wide = True
        hits = _ordered(kind.find(query, reader, by_beginning=True))
    start = _start(hits, position, size)
    end = min(start + size, len(hits))
    return Results(
        kind=kind,
        rows=marked(kind, query, kind.show([pk for _score, pk in hits[start:end]], reader), by_beginning=is_wide),
        next=_write(hits[end - 1], is_wide=is_wide) if 0 < end < len(hits) else None,
        previous=_write(hits[start], is_wide=is_wide, is_backwards=True) if 0 < start < len(hits) else None,
        is_by_beginning=is_wide and not kind.by_beginning,
    )


def at_a_glance(query: Query, reader: Any) -> list[Results]:
    """The best of every kind that has any."""
    found = (results(kind, query, reader, size=kind.at_a_glance) for kind in registered())
    return [page for page in found if page.rows]


def _ordered(hits: Sequence[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit[0], -hit[1].int))


def _start(hits: Sequence[Hit], position: tuple[bool, bool, Hit] | None, size: int) -> int:
    """Where a page begins: at the first hit behind a position, or so many before it."""
    if position is None:
        return 0
    _is_wide, is_backwards, (score, pk) = position
    key = (-score, -pk.int)
    if is_backwards:
        return max(0, sum((-found, -other.int) < key for found, other in hits) - size)
    return sum((-found, -other.int) <= key for found, other in hits)


def _write(hit: Hit, *, is_wide: bool, is_backwards: bool = False) -> str:
    packed = json.dumps([int(is_wide), int(is_backwards), hit[0], str(hit[1])], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _read(cursor: str) -> tuple[bool, bool, Hit]:
    try:
        if len(cursor) > 200:
            raise BadCursor
        is_wide, is_backwards, score, pk = json.loads(
            base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        )
        if is_wide not in (0, 1) or is_backwards not in (0, 1) or not isinstance(pk, str):
            raise BadCursor
        return bool(is_wide), bool(is_backwards), (float(score), UUID(pk))
    except (UnicodeEncodeError, binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadCursor from error


def marked(kind: Kind, query: Query, rows: Sequence[Found], *, by_beginning: bool) -> list[Result]:
    """Rows with their matches marked, in titles and excerpts. One query; none where no word is looked for."""
    titles, texts = [row.title for row in rows], [rules.plain(row.text) for row in rows]
    asked = rules.tsquery(query, by_beginning=by_beginning) if query.has_words else ""
    if asked and rows:
        titles, texts = [rules.to_mark(title) for title in titles], [rules.to_mark(text) for text in texts]
        both = _headlines(
            [(kind.config, title, _NAMES) for title in titles] + [_excerpt(text) for text in texts], asked
        )
        titles = both[: len(rows)]
        # Where only the title matches, the text is shown from its beginning.
        texts = [
            rules.cut_out(made, text) if rules.MARK in made else _beginning_of(text)
            for made, text in zip(both[len(rows) :], texts, strict=True)
        ]
    else:
        texts = [_beginning_of(text) for text in texts]
    return [
        Result(found, rules.marked(title), rules.marked(text))
        for found, title, text in zip(rows, titles, texts, strict=True)
    ]


def _excerpt(text: str) -> tuple[str, str, str]:
    return ("english", text, _OPTIONS)


def _headlines(texts: Sequence[tuple[str, str, str]], asked: str) -> list[str]:
    """Texts with their matches marked; each with the configuration and the options for it."""
    configs, bare, options = zip(*texts, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline(t.config::regconfig, t.text, to_tsquery(t.config::regconfig, %(asked)s), t.options)"
            " FROM unnest(%(configs)s::text[], %(texts)s::text[], %(options)s::text[])"
            " WITH ORDINALITY AS t(config, text, options, place) ORDER BY t.place",
            {"asked": asked, "configs": list(configs), "texts": list(bare), "options": list(options)},
        )
        return [row[0] for row in cursor.fetchall()]


def _beginning_of(text: str) -> str:
    if len(text) <= _LONGEST_UNMARKED:
        return text
    return text[:_LONGEST_UNMARKED].rsplit(" ", 1)[0] + "…"
