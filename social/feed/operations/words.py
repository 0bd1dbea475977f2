"""What words carry: their HTML, whom they name, what they are filed under, and which posts they show."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.members.models import Page
from accounts.notifications.operations import Owed, owe_notices
from config.lib import markdown
from config.lib.ids import uuid7_at
from config.lib.limits import Limit, counted
from config.lib.refusals import TooMany
from config.lib.runtime import figures
from social.feed.models import Comment, Mention, Post, Quote
from social.hashtags.operations import file_post
from social.hashtags.rules import names_of

MOST_NAMED = 10
MOST_QUOTED = 3

_DAY = 86400

_OF_A_POST = re.compile(r"/p/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """A text and what is in it."""

    html: str
    pages: Sequence[Page] = ()
    hashtags: Collection[str] = ()
    posts: Sequence[UUID] = field(default=())


def understand(content: str) -> Words:
    """Render a text and find what it carries. One query when it names somebody, else none.

    The first ten names are linked, where there is a page of that name, and the first ten hashtags.
    """
    return _understood(markdown.read(content), _pages_named([content]))


def keep_words(
    row: Post | Comment, words: Words, *, at: datetime, told: Collection[UUID] = (), is_new: bool = True
) -> None:
    """Remember what the words of a post or comment carry, last in the transaction that writes them.

    Who is named hears of it, once per text, unless they are `told` of it anyway; nothing is refused where that is too
    many. Plain new words cost nothing.
    """
    if words.pages:
        _tell(row, words.pages, at=at, told=told)
    if isinstance(row, Post):
        if words.posts or not is_new:
            _quote(row, words.posts, at=at)
        if words.hashtags or not is_new:
            file_post(post_id=row.pk, names=words.hashtags, at=at)


@transaction.atomic
def render_missing(*, at: datetime, most: int = 200) -> int:
    """Render up to `most` posts and comments whose HTML is missing, newest first; how many there were.

    They are filed under their hashtags and show what they quote; nobody is told of anything, for it is no news. What
    another one renders at this moment, or changes, is left to the next round.
    """
    done = 0
    kinds: tuple[Any, ...] = (Post, Comment)
    for kind in kinds:
        waiting = kind.objects.filter(html="", deleted_at=None).order_by("-id")
        rows = list(waiting.select_for_update(no_key=True, skip_locked=True)[: most - done])
        pages = _pages_named([row.content for row in rows])
        understood = [(row, _understood(markdown.read(row.content), pages)) for row in rows]
        for row, words in understood:
            row.html = words.html
        kind.objects.bulk_update(rows, ["html"])
        for row, words in understood:
            # Of those who are named nobody is told, and nobody will be when the text is edited.
            _remember(row, _not_yet_named(row, words.pages), at=at)
            keep_words(row, Words(words.html, (), words.hashtags, words.posts), at=at)
        done += len(rows)
    return done


def render_again(rows: Any) -> int:
    """Have posts or comments (a QuerySet) rendered anew by the job; until then names in them are no links. How many."""
    return rows.update(html="")


def _pages_named(texts: Iterable[str]) -> Mapping[str, Page]:
    """The pages that texts name, by username; of each text the first ten. One query at most."""
    names = {name for text in texts if "@" in text for name in markdown.read(text).names[:MOST_NAMED]}
    if not names:
        return {}
    return {page.username: page for page in Page.objects.visible().filter(username__in=names)}


def _understood(reading: markdown.Reading, pages: Mapping[str, Page]) -> Words:
    named = [pages[name] for name in reading.names[:MOST_NAMED] if name in pages]
    hashtags = names_of(reading.tags)
    html = reading.html(
        names={page.username: reverse("social:page", args=[page.username]) for page in named},
        tags={word: reverse("social:tag", args=[name]) for word, name in hashtags.items()},
    )
    return Words(html, named, set(hashtags.values()), _posts_among(reading.addresses))


def _posts_among(addresses: Iterable[str]) -> list[UUID]:
    """The posts of this site that links lead to, in their order, each once, no more than are shown."""
    home = urlsplit(settings.SITE_ADDRESS).netloc
    found: dict[UUID, None] = {}
    for address in addresses:
        try:
            parts = urlsplit(address)
        except ValueError:
            continue
        post = _OF_A_POST.fullmatch(parts.path)
        if post and parts.netloc in ("", home):
            found[UUID(post[1])] = None
    return list(found)[:MOST_QUOTED]


def _tell(row: Post | Comment, pages: Sequence[Page], *, at: datetime, told: Collection[UUID]) -> None:
    """Owe those who are named a notice: each page once per text, each member one at a time, nobody of their own words.

    Whoever keeps apart from the writer, or has muted them, is left out where notices are gathered. Who is named beyond
    what a text or its writer's day has room for is linked all the same.
    """
    new = _not_yet_named(row, pages)
    unheard = list(dict.fromkeys(page.user_id for page in new if page.user_id not in told))
    heard = unheard[: _room_today(row.user_id, len(unheard))]
    members = {page.user_id: page for page in reversed(new) if page.user_id in heard}
    kind = "post" if isinstance(row, Post) else "comment"
    owed = [
        Owed(member, "mention", row.page, (kind, row.pk), data={"as": page.username})
        for member, page in members.items()
    ]
    owe_notices(owed, at=at)
    _remember(row, [page for page in new if page.user_id in members or page.user_id in told], at=at)


def _room_today(writer: UUID, wanted: int) -> int:
    """Count mentions against MENTIONS_PER_DAY, one by one; how many of those wanted there is room for."""
    limit = Limit("mentions", str(writer), figures().MENTIONS_PER_DAY, _DAY)
    for number in range(wanted):
        try:
            with counted(limit):
                pass
        except TooMany:
            return number
    return wanted


def _not_yet_named(row: Post | Comment, pages: Sequence[Page]) -> list[Page]:
    """The pages that a text names for the first time, other than its writer's own: MOST_NAMED in its whole life."""
    others = [page for page in pages if page.user_id != row.user_id]
    if not others:
        return []
    known = set(Mention.objects.filter(**_place_of(row)).values_list("page_id", flat=True))
    new = [page for page in others if page.pk not in known]
    return new[: max(MOST_NAMED - len(known), 0)]


def _remember(row: Post | Comment, pages: Sequence[Page], *, at: datetime) -> None:
    """Write down the pages that a text names now."""
    place = _place_of(row)
    Mention.objects.bulk_create([Mention(id=uuid7_at(at), created_at=at, page=page, **place) for page in pages])


def _place_of(row: Post | Comment) -> dict[str, Any]:
    return {"post": row} if isinstance(row, Post) else {"comment": row}


def _quote(post: Post, wanted: Sequence[UUID], *, at: datetime) -> None:
    """Show these posts below a post's words, and no others. What is not there any more is not kept."""
    Quote.objects.filter(post=post).exclude(quoted__in=wanted).delete()
    there = set(Post.objects.filter(pk__in=wanted, deleted_at=None).exclude(pk=post.pk).values_list("pk", flat=True))
    # Ids a millisecond apart keep the order of the words.
    moments = {quoted: at + timedelta(milliseconds=place) for place, quoted in enumerate(wanted) if quoted in there}
    Quote.objects.bulk_create(
        [Quote(id=uuid7_at(when), created_at=at, post=post, quoted_id=quoted) for quoted, when in moments.items()],
        ignore_conflicts=True,
    )
