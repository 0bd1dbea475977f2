"""Reads of hashtags. Each costs the same however many posts and hashtags there are."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from config.lib.ids import first_id_at
from config.lib.refusals import NotThere
from social.feed.models import Post
from social.hashtags import rules
from social.hashtags.models import Hashtag, PostTag

BUSY_DAYS = 7
_LATEST = 1000


def with_public_post(rows: QuerySet[Hashtag]) -> QuerySet[Any]:
    """Hashtags that say in `public_post` which post under them a visitor may see; None: nobody is to read their names.

    `posts_count` holds the posts of banned members too. Slice first, and leave out those without one after: each that
    is answered with is looked up along the index of its own posts. A condition would be weighed against all hashtags,
    and EXISTS might be answered from a table of all posts.
    """
    post = Post.objects.visible_to(None).filter(tags__hashtag=OuterRef("pk")).order_by().values("pk")[:1]
    return rows.annotate(public_post=Subquery(post))


def hashtag_named(name: str) -> Hashtag:
    """The hashtag of a name however it is written; one without posts when there is none under it that anybody may see.

    May refuse with NotThere for what cannot be a hashtag.
    """
    wanted = rules.name_of(name.removeprefix("#"))
    if wanted is None:
        raise NotThere()
    found: Any = with_public_post(Hashtag.objects.filter(name=wanted)).first()
    return found if found is not None and found.public_post else Hashtag(name=wanted)


def posts_under(hashtag: Hashtag, reader: Any) -> QuerySet[Post]:
    """Posts under a hashtag, without what the reader keeps away; slice it with `feed.queries.NEWEST`."""
    return Post.objects.for_reader(reader, whatever_standing=True).filter(tags__hashtag=hashtag.pk)


def busy_hashtags(*, at: datetime, most: int = 8) -> list[Hashtag]:
    """The hashtags that most people have used in the last seven days, each with `people`.

    Counted over the latest thousand filings, so a busy week costs what a calm one does. One query.
    """
    latest = PostTag.objects.filter(pk__gte=first_id_at(at - timedelta(days=BUSY_DAYS))).order_by("-pk")[:_LATEST]
    used = (
        PostTag.objects.filter(pk__in=latest.values("pk"), post__in=Post.objects.visible_to(None))
        .values("hashtag")
        .annotate(people=Count("post__user", distinct=True))
        .order_by("-people", "hashtag__name")
        .values_list("hashtag_id", "hashtag__name", "hashtag__posts_count", "people")[:most]
    )
    found = []
    for pk, name, posts_count, people in used:
        hashtag = Hashtag(pk=pk, name=name, posts_count=posts_count)
        hashtag.people = people  # type: ignore[attr-defined]
        found.append(hashtag)
    return found
