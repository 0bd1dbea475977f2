"""Pages that can be found: by what they are called, and by what they tell of themselves."""

from collections.abc import Sequence
from math import log2
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchRank
from django.db.models import F, FloatField, QuerySet, Value
from django.db.models.functions import Collate
from django.urls import reverse

from accounts.members.boundaries import leave_out
from accounts.members.models import Page
from social.search.kinds import Found, Hit
from social.search.queries.matching import as_asked, english, newest_with_words
from social.search.rules import Query

_SHORTEST = 2  # letters of a name that one begins to look for
_EXACT, _BEGINS = 20.0, 4.0  # what a username that is, or begins with, the word is worth: 20 doublings of the rest


def pages_for(reader: Any) -> QuerySet[Page]:
    """Pages that a reader may see and does not keep away. One query more for members."""
    return leave_out(Page.objects.visible(), reader, author="user_id", page="pk", text=("display_name", "bio"))


def find_pages(query: Query, reader: Any, *, by_beginning: bool) -> list[Hit]:
    """Pages whose names begin with the words, or that tell of them. Six queries at most, five for visitors.

    Hashtags and days are no matter of theirs: who names them alone looks for no page.
    """
    pages = pages_for(reader)
    names = [name for name in (*query.authors, query.words.lower()) if len(name) >= _SHORTEST and " " not in name]
    found: dict[UUID, float] = {}
    for pk, username, rank, followers in [*_by_words(pages, query), *_by_username(pages, names)]:
        score = log2(max(rank, 0.0001)) + log2(1 + followers) / 2 + _bonus(username, names)
        found[pk] = max(score, found.get(pk, score))
    return [(score, pk) for pk, score in found.items()]


def _bonus(username: str, names: Sequence[str]) -> float:
    if username in names:
        return _EXACT
    return _BEGINS if any(username.startswith(name) for name in names) else 0.0


def _by_words(pages: QuerySet[Page], query: Query) -> list[Any]:
    if not query.has_words:
        return []
    names = as_asked(query, "simple", by_beginning=any(len(term.text) >= _SHORTEST for term in query.terms))
    tells = english(query, by_beginning=False)
    asked = names | tells  # type: ignore[operator]
    rank = SearchRank(F("found_by__words"), asked)
    rows = pages.annotate(rank=rank).values_list("pk", "username", "rank", "followers_count")
    return newest_with_words(rows, asked, is_narrowed=False)


def _by_username(pages: QuerySet[Page], names: Sequence[str]) -> list[Any]:
    """Usernames hold underscores and digits, at which texts fall into words. The first of them along their index."""
    found: list[Any] = []
    rank = Value(1.0, output_field=FloatField())
    pages = pages.alias(plain=Collate("username", "C"))
    for name in names:
        rows = pages.filter(plain__startswith=name).order_by("plain")
        found += rows.annotate(rank=rank).values_list("pk", "username", "rank", "followers_count")[:50]
    return found


def show_pages(ids: Sequence[UUID], reader: Any) -> list[Found]:
    """Pages among the results. One query."""
    rows = Page.objects.visible().in_bulk(list(ids))
    return [
        Found(
            kind="pages",
            id=pk,
            url=reverse("social:page", args=[rows[pk].username]),
            title=rows[pk].display_name,
            text=rows[pk].bio,
            page=rows[pk],
            count=rows[pk].followers_count,
            row=rows[pk],
        )
        for pk in ids
        if pk in rows
    ]
