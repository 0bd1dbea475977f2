"""Sitemaps: posts, pages and hashtags that visitors may see, so many and no more."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.members.models import Page
from social.feed.models import Post
from social.hashtags.models import Hashtag
from social.search.queries.hashtags import address_of_hashtag
from social.sharing import queries

_PLACES = ("social:feed_hot", "social:feed_new", "social:feed_trending", "social:feed_gems", "economy:observatory")


class Section(Sitemap):
    """One part of the sitemap; its addresses are those of SITE_ADDRESS."""

    limit = queries.IN_A_SITEMAP

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_ADDRESS).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_ADDRESS).scheme

    def get_latest_lastmod(self) -> datetime | None:
        return None  # the index would read every row for it


class Places(Section):
    """The pages that are always there."""

    def items(self) -> list[str]:
        return [path for name in _PLACES if (path := _address_of(name))]

    def location(self, item: str) -> str:
        return item


class Posts(Section):
    """The newest posts."""

    def items(self) -> Any:
        return queries.posts_to_index()

    def location(self, item: Post) -> str:
        return reverse("social:read_post", args=[item.pk])

    def lastmod(self, item: Post) -> datetime:
        return item.edited_at or item.created_at


class Pages(Section):
    """Pages that have written something."""

    def items(self) -> Any:
        return queries.pages_to_index()

    def location(self, item: Page) -> str:
        return reverse("social:page", args=[item.username])


class Hashtags(Section):
    """Hashtags with posts under them."""

    def items(self) -> Any:
        return queries.hashtags_to_index()

    def location(self, item: Hashtag) -> str:
        return address_of_hashtag(item.name)


_SECTIONS: dict[str, Any] = {
    "places": Places,
    "posts": Posts,
    "pages": Pages,
    "hashtags": Hashtags,
}


def _address_of(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@require_safe
@cache_control(public=True, max_age=3600)
def sitemaps(request: HttpRequest) -> HttpResponse:
    """Which sitemaps there are."""
    return sitemap_views.index(request, _SECTIONS, sitemap_url_name="social:sitemap")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """One sitemap."""
    return sitemap_views.sitemap(request, _SECTIONS, section=section)
