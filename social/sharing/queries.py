"""What visitors may see, as programs ask for it: bounded lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.templatetags.static import static

from accounts.members.models import Page
from config.lib.links import absolute
from config.lib.refusals import NotThere
from social.feed import queries as feed
from social.feed.models import Post
from social.hashtags.models import Hashtag, PostTag
from social.hashtags.queries import with_public_post
from social.search.rules import tag_name

VISITOR = AnonymousUser()

IN_A_FEED = 30
IN_A_SITEMAP = 5_000
MOST_IN_SITEMAPS = 20_000


@dataclass(frozen=True)
class Image:
    """A picture for a card: where it is, how large, what it shows."""

    url: str
    width: int
    height: int
    alt: str = ""

    @property
    def is_large(self) -> bool:
        """Whether it fills a card; small ones stand beside the words."""
        return self.width >= 600


# The first picture of a post; whoever keeps pictures says.
Picturing = Callable[[Post], Image | None]
_picturing: list[Picturing] = []


def pictured_by(picturing: Picturing) -> None:
    """Register where the picture of a post's card comes from."""
    if picturing not in _picturing:
        _picturing.append(picturing)


def hot_posts() -> Sequence[Post]:
    """The hottest posts. One query."""
    return feed.HOT.slice(feed.hot_feed(VISITOR), size=IN_A_FEED).rows


def posts_of(page: Page) -> Sequence[Post]:
    """The newest posts of a page. One query."""
    return feed.NEWEST.slice(feed.posts_of(page, VISITOR), size=IN_A_FEED).rows


def hashtag_named(name: str) -> Hashtag:
    """A hashtag with posts under it that a visitor may see. May refuse with NotThere."""
    kept = tag_name(name)
    rows = with_public_post(Hashtag.objects.filter(name=kept, posts_count__gt=0))
    found: Any = rows.first() if "\0" not in kept else None
    if found is None or found.public_post is None:
        raise NotThere()
    return found


def posts_under(hashtag: Hashtag) -> Sequence[Post]:
    """The newest posts under a hashtag. One query."""
    under = PostTag.objects.filter(hashtag=hashtag).values("post")
    posts = Post.objects.visible_to(VISITOR).select_related("page").filter(pk__in=under)
    return feed.NEWEST.slice(posts, size=IN_A_FEED).rows


def posts_to_index() -> QuerySet[Post]:
    """The newest posts, for sitemaps."""
    posts = Post.objects.visible_to(VISITOR).order_by("-id").only("id", "created_at", "edited_at")
    return posts[:MOST_IN_SITEMAPS]


def pages_to_index() -> QuerySet[Page]:
    """The newest pages that have written something, for sitemaps."""
    pages = Page.objects.visible().filter(posts_count__gt=0).order_by("-created_at", "-id").only("id", "username")
    return pages[:MOST_IN_SITEMAPS]


def hashtags_to_index() -> list[Hashtag]:
    """The hashtags with most posts, for sitemaps: those of them under which a visitor sees one."""
    used: Any = with_public_post(Hashtag.objects.filter(posts_count__gt=0).order_by("-posts_count", "name"))
    return [hashtag for hashtag in used[:IN_A_SITEMAP] if hashtag.public_post]


def picture_of(post: Post) -> Image | None:
    """The first picture of a post; None for a post without any. No query."""
    return next((image for picturing in _picturing if (image := picturing(post)) is not None), None)


def image_of_post(post: Post) -> Image:
    """The picture of a post's card: its first one, else its page's, else the site's."""
    return picture_of(post) or image_of_page(post.page)


def image_of_page(page: Any) -> Image:
    """The picture of a page's card, else the site's."""
    url = page.picture_url(256)
    return Image(absolute(url), 256, 256) if url else site_image()


def site_image() -> Image:
    """The site's own card."""
    return Image(absolute(static("images/share.png")), 1200, 630, "Civitas")
