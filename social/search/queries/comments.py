"""Comments that can be found."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts.members.boundaries import leave_out
from social.feed.models import Comment
from social.search.kinds import Found, Hit
from social.search.queries.matching import by_authors, dated, newest_matches
from social.search.queries.posts import posts_for, tagged
from social.search.rules import Query


def find_comments(query: Query, reader: Any, *, by_beginning: bool) -> list[Hit]:
    """Comments with the words, on posts that the reader may see and does not keep away. Six queries at most."""
    if query.is_empty:
        return []
    said = Comment.objects.of_shown().filter(post__in=posts_for(reader).values("pk"))
    rows: QuerySet[Any] = leave_out(said, reader, author="user_id", text="content")
    rows = tagged(by_authors(dated(rows, query), query), query, post="post")
    return newest_matches(rows, query, by_beginning=by_beginning)


def show_comments(ids: Sequence[UUID], reader: Any) -> list[Found]:
    """Comments among the results. One query."""
    rows = Comment.objects.of_shown().select_related("page", "post__page").in_bulk(list(ids))
    return [
        Found(
            kind="comments",
            id=pk,
            url=f"{reverse('social:read_post', args=[rows[pk].post_id])}#comment-{pk}",
            text=rows[pk].content,
            page=rows[pk].page,
            created_at=rows[pk].created_at,
            row=rows[pk],
        )
        for pk in ids
        if pk in rows
    ]
