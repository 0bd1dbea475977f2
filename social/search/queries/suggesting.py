"""What to offer while somebody types, and when nothing was found."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.lookups import TrigramSimilar
from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import F, QuerySet, Value

from social.hashtags.models import Hashtag
from social.hashtags.queries import with_public_post
from social.search import rules
from social.search.kinds import Found
from social.search.queries.hashtags import find_hashtags, hashtags_for, show_hashtags
from social.search.queries.pages import find_pages, pages_for, show_pages
from social.search.rules import Query

_PAGES, _HASHTAGS = 5, 4
_OF_ONE = 3  # guesses for one word
_LOOKED_AT = 20  # names that are much like it
_WORDS = 3  # of a query that are looked at, the first ones
_SHORTEST, _LONGEST = 3, 24  # letters of such a word


@dataclass(frozen=True)
class Suggestions:
    """Pages and hashtags that begin with what is being typed."""

    query: str
    pages: list[Found]
    hashtags: list[Found]


def suggestions(text: str, reader: Any) -> Suggestions:
    """Pages and hashtags for what is being typed so far; a name or hashtag that has only begun counts too."""
    typed = rules.tidy(text)
    query = rules.parse(typed)
    # The sign alone decides what is looked for: "@a" is no username yet, and no word.
    sign, begun = typed[:1], typed[1:]
    names, tags = query, query
    if sign == "@" and " " not in typed:
        names, tags = rules.parse(begun), Query()
    elif sign == "#" and " " not in typed:
        names, tags = Query(), rules.parse(typed)
    return Suggestions(
        query=typed,
        pages=show_pages(_best(find_pages(names, reader, by_beginning=True), _PAGES), reader) if typed else [],
        hashtags=show_hashtags(_best(find_hashtags(tags, reader, by_beginning=True), _HASHTAGS), reader)
        if typed
        else [],
    )


def _best(hits: Any, most: int) -> list[Any]:
    return [pk for _score, pk in sorted(hits, key=lambda hit: (-hit[0], -hit[1].int))[:most]]


def guesses(query: Query, reader: Any, *, most: int = 3) -> list[str]:
    """What may have been meant: the query, with one of its words replaced by a name or hashtag that is much like it."""
    found: list[str] = []
    for name in query.authors[:_WORDS]:
        others = tuple(known for known in query.authors if known != name)
        found += [
            rules.written(replace(query, authors=(*others, near)))
            for near in _near(pages_for(reader), "username", name)
        ]
    for name in query.tags[:_WORDS]:
        kept = tuple(known for known in query.tags if known != name)
        found += [
            rules.written(replace(query, tags=(*kept, near))) for near in _near(hashtags_for(reader), "name", name)
        ]
    for term in [term for term in query.terms if not (term.is_phrase or term.is_left_out)][:_WORDS]:
        terms = tuple(known for known in query.terms if known != term)
        word = rules.tag_name(term.text)
        found += [
            rules.written(replace(query, terms=terms, tags=(*query.tags, near)))
            for near in _near(hashtags_for(reader), "name", word)
        ]
        found += [
            rules.written(replace(query, terms=terms, authors=(near,)))
            for near in _near(pages_for(reader), "username", word)
            if not query.authors
        ]
    return list(dict.fromkeys(found))[:most]


def _near(rows: QuerySet[Any], column: str, word: str) -> list[str]:
    """Names that are written a little differently: compared by pg_trgm where the server has it, else looked up."""
    if not _SHORTEST <= len(word) <= _LONGEST:
        return []
    if knows_similar():
        alike = rows.filter(TrigramSimilar(F(column), Value(word))).order_by(TrigramSimilarity(column, word).desc())
        return [name for name in _names(alike, column) if name != word][:_OF_ONE]
    most_used = "-posts_count" if rows.model is Hashtag else "-followers_count"
    near = rows.filter(**{f"{column}__in": sorted(rules.variants(word))}).order_by(most_used, column)
    return _names(near, column)[:_OF_ONE]


def _names(rows: QuerySet[Any], column: str) -> list[str]:
    """The first of some names; of hashtags those under which anybody sees a post. One query."""
    if rows.model is not Hashtag:
        return list(rows.values_list(column, flat=True)[:_LOOKED_AT])
    found = with_public_post(rows).values_list(column, "public_post")[:_LOOKED_AT]
    return [name for name, post in found if post is not None]


_knows_similar: bool | None = None


def knows_similar() -> bool:
    """Whether the server compares texts by their trigrams; asked once per process."""
    global _knows_similar
    if _knows_similar is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')")
            _knows_similar = bool(cursor.fetchone()[0])
    return _knows_similar
