"""The language of search, as pure functions: what was typed becomes a `Query`, and a `Query` becomes a tsquery.

Words must all occur; `"words in quotes"` stand side by side; `-word` must not occur; `@name` wrote it; `#tag` is in it;
`after:2026-11-01` begins with that day and `before:2026-11-01` ends with the day before; a month or a year will do.
Whatever is none of these is a word: nothing that can be typed is an error.
"""

import math
import re
import string
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

LONGEST = 200  # characters
MOST_TERMS = 16  # what is typed beyond them is not looked for
LONGEST_TAG = 50

# What ts_headline sets around a match. No text holds them: they are taken out before.
MARK, UNMARK = "\x02", "\x03"

# A match that is twice as good outweighs this many days of age.
TWICE_IS_WORTH_DAYS = 90

_TOKEN = re.compile(r'(-?)(?:"([^"]*)(?:"|$)|([^\s"]+))')
_NAME = re.compile(r"@([a-z0-9_]{3,30})", re.ASCII | re.IGNORECASE)
_TAG = re.compile(rf"#(\w{{1,{LONGEST_TAG}}})")
_DATED = re.compile(r"(before|after):(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII | re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]")
# Letters of scripts that set no blanks between words.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
# They stand for "<", ">" and between unspaced letters while PostgreSQL looks for matches; its parser sees blanks.
_LESS, _GREATER, _BETWEEN = "\x04", "\x05", "\x06"
_PLACEHOLDERS = re.compile(f"[{MARK}-{_BETWEEN}]")
_LETTER = re.compile(r"[^\W_]")
_LETTERS_OF_NAMES = string.ascii_lowercase + string.digits + "_"
_TOKENS_OF_MARKDOWN = re.compile(r"(?m)^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?)+|\*{1,3}|~~|`+")
_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\s]*\)")


@dataclass(frozen=True)
class Term:
    """A word, or words side by side; or what must not occur."""

    text: str
    is_phrase: bool = False
    is_left_out: bool = False


@dataclass(frozen=True)
class Query:
    """What somebody looks for."""

    terms: tuple[Term, ...] = ()
    authors: tuple[str, ...] = ()
    not_authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    not_tags: tuple[str, ...] = ()
    after: date | None = None
    before: date | None = None

    @property
    def has_words(self) -> bool:
        """Whether there is a word that must occur."""
        return any(not term.is_left_out for term in self.terms)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is named that something could be found by: what is left out finds nothing by itself."""
        return not (self.has_words or self.authors or self.tags)

    @property
    def is_narrowed(self) -> bool:
        """Whether something beside words decides what is found."""
        beside = (self.authors, self.not_authors, self.tags, self.not_tags, self.after, self.before)
        return any(part for part in beside)

    @property
    def words(self) -> str:
        """The words that must occur, as one text; what names are compared with."""
        return " ".join(term.text for term in self.terms if not term.is_left_out)


def tidy(text: str) -> str:
    """What was typed, of one form, without what cannot be seen, one blank between words, no longer than LONGEST."""
    return " ".join(_UNSEEN.sub(" ", even(text)).split())[:LONGEST].rstrip()


def even(text: str) -> str:
    """Text with one form of each letter (NFKC), and without what cannot be seen: soft hyphens, marks of direction."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def searchable(text: str) -> str:
    """Words as they are looked for; SQL keeps those of posts and pages alike (0073_words_of_one_form.sql)."""
    return _UNSPACED.sub(r" \g<0> ", even(text).replace("<", " ").replace(">", " "))


def tag_name(text: str) -> str:
    """A hashtag as it is kept: NFKC, small letters, without #."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.removeprefix("#")).casefold())


def parse(text: str) -> Query:
    """What was typed, understood. Of several authors any will do; every hashtag must be there; days narrow down."""
    query = Query()
    for sign, phrase, bare in list(_TOKEN.findall(tidy(text)))[:MOST_TERMS]:
        query = _with(query, phrase, bare, is_left_out=bool(sign))
    return query


def _with(query: Query, phrase: str, bare: str, *, is_left_out: bool) -> Query:
    if name := _NAME.fullmatch(bare):
        return _added(query, "not_authors" if is_left_out else "authors", name[1].lower())
    if _TAG.fullmatch(bare) and _TAG.fullmatch(f"#{tag_name(bare)}"):
        return _added(query, "not_tags" if is_left_out else "tags", tag_name(bare))
    if (dated := _DATED.fullmatch(bare)) and not is_left_out and (day := _day(dated)):
        return _narrowed(query, dated[1].lower(), day)
    words = phrase.strip() or bare.lstrip("-")
    if not _LETTER.search(words):
        return query
    return _added(query, "terms", Term(words, is_phrase=bool(phrase), is_left_out=is_left_out))


def _added(query: Query, name: str, value: str | Term) -> Query:
    known = getattr(query, name)
    return query if value in known else replace(query, **{name: (*known, value)})  # type: ignore[arg-type]


def _narrowed(query: Query, which: str, day: date) -> Query:
    if which == "after":
        return replace(query, after=max(day, query.after or day))
    return replace(query, before=min(day, query.before or day))


def _day(dated: re.Match[str]) -> date | None:
    """The first day of a year, a month or a day that is written; None when the calendar has none such."""
    try:
        return date(int(dated[2]), int(dated[3] or 1), int(dated[4] or 1))
    except ValueError:
        return None


def written(query: Query) -> str:
    """A query as one would type it; what `parse` makes the same query of."""
    parts = [
        ("-" if term.is_left_out else "") + (f'"{term.text}"' if term.is_phrase else term.text) for term in query.terms
    ]
    parts += [f"@{name}" for name in query.authors] + [f"-@{name}" for name in query.not_authors]
    parts += [f"#{name}" for name in query.tags] + [f"-#{name}" for name in query.not_tags]
    parts += [f"{name}:{day:%Y-%m-%d}" for name, day in (("after", query.after), ("before", query.before)) if day]
    return " ".join(parts)


def tsquery(query: Query, *, by_beginning: bool = False) -> str:
    """The words of a query for to_tsquery; empty without any. Every word is quoted: none is taken for an operator.

    `by_beginning` also finds words that only begin like those of the query; phrases and what is left out stay exact.
    """
    parts = []
    for term in query.terms:
        is_open = by_beginning and not term.is_phrase and not term.is_left_out
        parts.append(("!" if term.is_left_out else "") + quoted(searchable(term.text)) + (":*" if is_open else ""))
    return " & ".join(parts)


def quoted(text: str) -> str:
    """Text as one operand of to_tsquery."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def score(*, rank: float, days: float) -> float:
    """The order of results: log2 of how well the words match, plus a point for every 90 days since 1970.

    All that was found ages alike, so the age need not be in it: of two results the difference stays the same, and a
    list that is read page by page keeps its order. The same stands in SQL (`queries.finding`); a test compares.
    """
    return math.log2(max(rank, 0.0001)) + days / TWICE_IS_WORTH_DAYS


def plain(text: str) -> str:
    """Members' text for an excerpt: without the marks of Markdown, and without what is set around matches."""
    text = _LINK.sub(r"\1", _PLACEHOLDERS.sub("", text))
    return " ".join(_TOKENS_OF_MARKDOWN.sub("", text).split())


def to_mark(text: str) -> str:
    """Text in which PostgreSQL is to mark matches: its words are those that are found. `marked` puts it right again."""
    text = even(_UNSEEN.sub(" ", text)).replace("<", _LESS).replace(">", _GREATER)
    return _UNSPACED.sub(rf"{_BETWEEN}\g<0>{_BETWEEN}", text)


def cut_out(headline: str, text: str) -> str:
    """A headline with an ellipsis at each end where its text goes on: "… the garden" of "Mind the garden"."""
    bare = headline.replace(MARK, "").replace(UNMARK, "").strip()
    before = "" if text.startswith(bare[:20]) else "… "
    return f"{before}{headline}{'' if text.endswith(bare[-20:]) else ' …'}"


def marked(text: str) -> list[tuple[str, bool]]:
    """A headline in pieces: (text, whether it matches). Marks that have lost their partner are no matter."""
    pieces: list[tuple[str, bool]] = []
    text = text.replace(_LESS, "<").replace(_GREATER, ">").replace(_BETWEEN, "")
    for place, part in enumerate(re.split(f"[{MARK}{UNMARK}]", text)):
        if part:
            pieces.append((part, place % 2 == 1))
    return pieces


def variants(word: str) -> set[str]:
    """Every name that one letter makes of a word: added, left out, changed, or swapped with its neighbour.

    As many as 76 times its letters; looked up by name, they cost the same however many names there are.
    """
    letters = _LETTERS_OF_NAMES + "".join(sorted(set(word) - set(_LETTERS_OF_NAMES)))
    splits = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in splits if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1}
    found |= {head + letter + tail[1:] for head, tail in splits if tail for letter in letters}
    found |= {head + letter + tail for head, tail in splits for letter in letters}
    return found - {word, ""}
