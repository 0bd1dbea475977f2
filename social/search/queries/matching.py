"""What the kinds share: which rows match, and how well."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, FloatField, QuerySet, Value
from django.utils import timezone

from accounts.members.models import Page
from social.search import rules
from social.search.kinds import Hit
from social.search.rules import Query

# The newest so many that match are ranked; what is older is found by more words or by days. A word that stands
# everywhere then costs as much as one that stands in a thousand posts.
MOST = 1000

# More than any table holds: a subquery with a limit is planned by itself.
_ALL = 2**62
_DAY = 86400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def english(query: Query, *, by_beginning: bool) -> SearchQuery | None:
    """The words of a query as PostgreSQL asks for them; None without any."""
    return as_asked(query, "english", by_beginning=by_beginning)


def as_asked(query: Query, config: str, *, by_beginning: bool) -> SearchQuery | None:
    """The same by the rules of a text search configuration."""
    asked = rules.tsquery(query, by_beginning=by_beginning)
    return SearchQuery(asked, search_type="raw", config=config) if asked else None


def dated(rows: QuerySet[Any], query: Query) -> QuerySet[Any]:
    """Those of the days that the query names; days begin when they do for the reader."""
    if query.after is not None:
        rows = rows.filter(created_at__gte=_start(query.after))
    if query.before is not None:
        rows = rows.filter(created_at__lt=_start(query.before))
    return rows


def _start(day: date) -> datetime:
    # The first and the last days of the calendar have no moment in every time zone.
    if not 2 <= day.year <= 9998:
        return datetime.combine(day, time.min, tzinfo=UTC)
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def by_authors(rows: QuerySet[Any], query: Query) -> QuerySet[Any]:
    """Those written by one of the authors that the query names, and by none that it leaves out."""
    # Asked for first: with the ids at hand, the index of each page's own posts gives them in order.
    if query.authors:
        pages = list(Page.objects.visible().filter(username__in=query.authors).values_list("pk", flat=True))
        rows = rows.filter(page__in=pages)
    if query.not_authors:
        pages = list(Page.objects.filter(username__in=query.not_authors).values_list("pk", flat=True))
        rows = rows.exclude(page__in=pages)
    return rows


def with_words(rows: QuerySet[Any], asked: SearchQuery) -> QuerySet[Any]:
    """Those in whose words is what is asked. Two short questions to the planner.

    Newest first and few of many, PostgreSQL reads back from the newest when it expects to meet enough soon. Of a word
    that stands nowhere it expects one row in two hundred, and would read the whole table. So a word is looked up in
    the index first, unless it is a common one: reading back costs MOST / share rows, looking up share × all.
    """
    words = rows.model._meta.get_field("found_by").related_model
    matching = words.objects.filter(words=asked)
    expected, among = (_expected(some) for some in (matching, words.objects.all()))
    if expected * expected > MOST * among:
        return rows.filter(found_by__words=asked)
    return rows.filter(pk__in=matching.values("pk")[:_ALL])


def _expected(rows: QuerySet[Any]) -> int:
    """How many rows the planner expects."""
    return int(json.loads(rows.values("pk").explain(format="json"))[0]["Plan"]["Plan Rows"])


def newest_matches(rows: QuerySet[Any], query: Query, *, by_beginning: bool) -> list[Hit]:
    """The newest rows with the words of a query, each with its score. One query, and two about it."""
    asked = english(query, by_beginning=by_beginning)
    rank: Any = Value(1.0, output_field=FloatField())
    if asked is not None:
        rows = with_words(rows, asked)
    if asked is not None and query.has_words:
        rank = SearchRank(F("found_by__words"), asked)
    # Not in the order of other queries that this one may have been made of.
    newest = rows.order_by("-pk").annotate(rank=rank).values_list("pk", "rank", "created_at")[:MOST]
    return [(rules.score(rank=found, days=(at - _EPOCH).total_seconds() / _DAY), pk) for pk, found, at in newest]
