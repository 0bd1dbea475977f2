"""Hashtags that can be found: by how they begin."""

from collections.abc import Sequence
from math import log2
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from accounts.members.boundaries import boundaries_of
from social.hashtags.models import Hashtag
from social.hashtags.queries import with_public_post
from social.search.kinds import Found, Hit
from social.search.rules import Query, tag_name

_MOST = 200
_EXACT = 40.0  # what the very word is worth: more than any number of posts


def hashtags_for(reader: Any) -> QuerySet[Hashtag]:
    """Hashtags with posts under them, without the words that the reader has muted. One query more for members.

    Whether anybody may see one of the posts is asked of those that are answered with: `with_public_post`.
    """
    rows = Hashtag.objects.filter(posts_count__gt=0)
    mine = boundaries_of(reader)
    return rows.exclude(name__iregex=mine.words) if mine is not None and mine.words else rows


def find_hashtags(query: Query, reader: Any, *, by_beginning: bool) -> list[Hit]:
    """Hashtags that begin like a word or hashtag of the query, those with most posts first. Two queries at most."""
    names = {*query.tags, *(tag_name(term.text) for term in query.terms if not term.is_left_out)}
    if not names:
        return []
    alike = Q()
    for name in names:
        alike |= Q(name__startswith=name) if len(name) > 1 else Q(name=name)
    rows = with_public_post(hashtags_for(reader).filter(alike).order_by("-posts_count", "name"))
    found = rows.values_list("pk", "name", "posts_count", "public_post")[:_MOST]
    return [(log2(1 + posts) + (_EXACT if name in names else 0.0), pk) for pk, name, posts, shown in found if shown]


def show_hashtags(ids: Sequence[UUID], reader: Any) -> list[Found]:
    """Hashtags among the results. One query."""
    rows = Hashtag.objects.in_bulk(list(ids))
    return [
        Found(
            kind="hashtags",
            id=pk,
            url=address_of_hashtag(rows[pk].name),
            title=f"#{rows[pk].name}",
            count=rows[pk].posts_count,
            created_at=rows[pk].created_at,
            row=rows[pk],
        )
        for pk in ids
        if pk in rows
    ]


def address_of_hashtag(name: str) -> str:
    """The page of a hashtag; where there is none, the search for it."""
    try:
        return reverse("social:tag", args=[name])
    except NoReverseMatch:
        return f"{reverse('social:search')}?{urlencode({'q': f'#{name}'})}"
