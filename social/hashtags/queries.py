"""Reads of hashtags. Each costs the same however many posts and hashtags there are."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from config.lib.ids import first_id_at
from config.lib.refusals import NotThere
from social.feed.models import Post
from social.hashtags import rules
from social.hashtags.models import Hashtag, PostTag

BUSY_DAYS = 7
_LATEST = 1000


def hashtag_named(name: str) -> Hashtag:
    """The hashtag of a name however it is written; one without posts when nobody has used it yet.

    May refuse with NotThere for what cannot be a hashtag.
    """
    wanted = rules.name_of(name.removeprefix("#"))
    if wanted is None:
        raise NotThere()
    return Hashtag.objects.filter(name=wanted).first() or Hashtag(name=wanted)


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
