"""Posts that can be found."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from social.feed.models import Post
from social.hashtags.models import PostTag
from social.search.kinds import Found, Hit
from social.search.queries.matching import by_authors, dated, newest_matches
from social.search.rules import Query


def posts_for(reader: Any) -> QuerySet[Post]:
    """Posts that a reader may see and does not keep away. One query more for members."""
    return Post.objects.for_reader(reader, whatever_standing=True)


def tagged(rows: QuerySet[Any], query: Query, *, post: str = "pk") -> QuerySet[Any]:
    """Those under every hashtag that the query names, and under none that it leaves out."""
    for name in query.tags:
        rows = rows.filter(**{f"{post}__in": PostTag.objects.filter(hashtag__name=name).values("post")})
    if query.not_tags:
        rows = rows.exclude(**{f"{post}__in": PostTag.objects.filter(hashtag__name__in=query.not_tags).values("post")})
    return rows


def find_posts(query: Query, reader: Any, *, by_beginning: bool) -> list[Hit]:
    """Posts with the words, by the authors, under the hashtags, of the days. Five queries at most."""
    if query.is_empty:
        return []
    rows = tagged(by_authors(dated(posts_for(reader), query), query), query)
    return newest_matches(rows, query, by_beginning=by_beginning)


def show_posts(ids: Sequence[UUID], reader: Any) -> list[Found]:
    """Posts among the results. One query."""
    rows = Post.objects.visible_to(reader).select_related("page").in_bulk(list(ids))
    return [
        Found(
            kind="posts",
            id=pk,
            url=reverse("social:read_post", args=[pk]),
            title=rows[pk].title,
            text=rows[pk].content,
            page=rows[pk].page,
            created_at=rows[pk].created_at,
            row=rows[pk],
        )
        for pk in ids
        if pk in rows
    ]
