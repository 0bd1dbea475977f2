"""Searching, as often as one may. Reads alone: what is counted is that somebody asked."""

from contextlib import AbstractContextManager
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.lib import limits
from config.lib.addresses import block_of
from config.lib.limits import Limit
from config.lib.refusals import Refused, TooMany
from config.lib.runtime import figures
from social.search import kinds, queries, rules
from social.search.kinds import Kind
from social.search.queries import Results, Suggestions
from social.search.rules import Query

_MINUTE = 60


class TooManySearches(TooMany):
    """SEARCHES_PER_MINUTE, or what visitors of one address have together."""

    slug = "search-limit"
    title = _("That was a lot of searching")
    sentence = _("You have searched a lot in a minute. Try again in %(wait)s.")


class SearchTooLong(Refused):
    """More than anybody types."""

    slug = "search-too-long"
    status = 400
    title = _("Too much to look for")
    sentence = _("Look for at most %(most)s characters.")
    field = "q"


def search(*, text: str, kind: Kind, reader: Any, address: str, cursor: str = "", size: int = 20) -> Results:
    """One page of results of one kind. May refuse with SearchTooLong, TooManySearches; may raise BadCursor."""
    query = understood(text)
    if query.is_empty:
        return Results(kind)
    with _counted(reader, address):
        return queries.results(kind, query, reader, cursor=cursor, size=size)


def search_all(*, text: str, reader: Any, address: str) -> list[Results]:
    """The best of every kind. Counts once. May refuse with SearchTooLong, TooManySearches."""
    query = understood(text)
    if query.is_empty:
        return []
    with _counted(reader, address):
        return queries.at_a_glance(query, reader)


def suggest(*, text: str, reader: Any, address: str) -> Suggestions:
    """What begins like what is being typed. May refuse with SearchTooLong, TooManySearches."""
    understood(text)
    settings = figures()
    quantity = settings.SUGGESTIONS_PER_MINUTE if reader.is_authenticated else settings.SUGGESTIONS_PER_MINUTE_VISITORS
    with limits.counted(
        Limit("suggest", _whom(reader, address), quantity, _MINUTE),
        refuse=TooManySearches,
    ):
        return queries.suggestions(text, reader)


def understood(text: str) -> Query:
    """What was typed. May refuse with SearchTooLong."""
    if len(text) > rules.LONGEST:
        raise SearchTooLong(most=rules.LONGEST)
    return rules.parse(text)


def kind_of(name: str) -> Kind | None:
    """The kind of a name; None when nothing of that kind can be found."""
    return kinds.kind_named(name)


def _counted(reader: Any, address: str) -> AbstractContextManager[Any]:
    settings = figures()
    quantity = settings.SEARCHES_PER_MINUTE if reader.is_authenticated else settings.SEARCHES_PER_MINUTE_VISITORS
    return limits.counted(Limit("search", _whom(reader, address), quantity, _MINUTE), refuse=TooManySearches)


def _whom(reader: Any, address: str) -> str:
    return f"member:{reader.pk}" if reader.is_authenticated else f"address:{block_of(address)}"
