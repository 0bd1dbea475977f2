"""What the kinds share: which rows match, and how well."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, FloatField, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.members.models import Page
from config.lib.ids import first_id_at
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
    # Ids carry the time, and their index stands in its order: reading back begins there.
    if query.after is not None:
        start = _start(query.after)
        rows = rows.filter(created_at__gte=start, pk__gte=first_id_at(start))
    if query.before is not None:
        end = _start(query.before)
        rows = rows.filter(created_at__lt=end, pk__lt=first_id_at(end))
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


def newest_with_words(rows: QuerySet[Any], asked: SearchQuery, *, is_narrowed: bool) -> list[Any]:
    """The newest MOST of rows in whose words is what is asked. Two queries at most, and one about it.

    Newest first and few of many, PostgreSQL reads back from the newest when it expects to meet enough soon. Of a word
    that stands nowhere it expects one row in two hundred, and would read the whole table. So a word is looked up in
    the index first, unless it is a common one: reading back costs MOST / share rows, looking up share × all. Of what
    is looked up, only the newest is followed further, where nothing else narrows it down and enough of it is shown.
    """
    rows = rows.order_by("-pk")
    words = rows.model._meta.get_field("found_by").related_model
    matching = words.objects.filter(words=asked).values("pk")
    expected, among = _expected(matching, words.objects.values("pk"))
    if expected * expected > MOST * among:
        return list(rows.filter(found_by__words=asked)[:MOST])
    if not is_narrowed:
        by_id = Cast("pk", TextField()).desc()  # the same order, but no index to read back along
        newest = list(rows.filter(pk__in=matching.order_by(by_id)[: 2 * MOST])[:MOST])
        if len(newest) == MOST:
            return newest
    return list(rows.filter(pk__in=matching[:_ALL])[:MOST])


def _expected(*some: QuerySet[Any]) -> list[int]:
    """How many rows the planner expects of each of several."""
    first, *others = some
    plan = json.loads(first.union(*others, all=True).explain(format="json"))[0]["Plan"]
    return [int(part["Plan Rows"]) for part in plan["Plans"]]


def newest_matches(rows: QuerySet[Any], query: Query, *, by_beginning: bool) -> list[Hit]:
    """The newest rows with the words of a query, each with its score; queries as `newest_with_words`."""
    asked = english(query, by_beginning=by_beginning)
    rank: Any = Value(1.0, output_field=FloatField())
    if asked is not None and query.has_words:
        rank = SearchRank(F("found_by__words"), asked)
    # Not in the order of other queries that this one may have been made of.
    rows = rows.order_by("-pk").annotate(rank=rank).values_list("pk", "rank", "created_at")
    newest = rows[:MOST] if asked is None else newest_with_words(rows, asked, is_narrowed=query.is_narrowed)
    return [(rules.score(rank=found, days=(at - _EPOCH).total_seconds() / _DAY), pk) for pk, found, at in newest]
