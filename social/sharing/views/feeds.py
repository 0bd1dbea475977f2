"""Atom feeds (RFC 4287): what is hot, what a page has written, what is under a hashtag."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from accounts.members.models import Page
from accounts.members.queries import page_by_username
from config.lib.etags import etag_of
from config.lib.links import absolute
from config.lib.markdown import written
from config.lib.pages import refusals_are_pages
from config.templatetags.words import excerpt
from social.feed.models import Post
from social.hashtags.models import Hashtag
from social.search.queries.hashtags import address_of_hashtag
from social.sharing import queries
from social.sharing.rules import from_anywhere, sayable

_FRESH = "public, max-age=300"


class Posts(Feed):
    """Posts as entries; each is known by its own address, wherever it is found."""

    feed_type = Atom1Feed

    def item_title(self, item: Post) -> str:
        return sayable(item.title or excerpt(" ".join(item.content.split()), 80))

    def item_description(self, item: Post) -> str:
        html = from_anywhere(sayable(written(item)), absolute("/"))
        picture = queries.picture_of(item)
        if picture is None:
            return html
        shown = '<p><img src="{}" width="{}" height="{}" alt="{}"></p>'
        return html + format_html(shown, picture.url, picture.width, picture.height, sayable(picture.alt))

    def item_link(self, item: Post) -> str:
        return absolute(reverse("social:read_post", args=[item.pk]))

    def item_guid(self, item: Post) -> str:
        return self.item_link(item)

    def item_author_name(self, item: Post) -> str:
        return _("Former member") if item.page.is_erased else sayable(item.page.display_name or item.page.username)

    def item_author_link(self, item: Post) -> str | None:
        return None if item.page.is_erased else absolute(reverse("social:page", args=[item.page.username]))

    def item_pubdate(self, item: Post) -> datetime:
        return item.created_at

    def item_updateddate(self, item: Post) -> datetime:
        return item.edited_at or item.created_at


class Hot(Posts):
    """What is hot."""

    def title(self) -> str:
        return _("Civitas: what is hot")

    def link(self) -> str:
        return absolute(reverse("social:feed_hot"))

    def feed_url(self) -> str:
        return absolute(reverse("social:hot_atom"))

    def items(self) -> Sequence[Post]:
        return queries.hot_posts()


class OfPage(Posts):
    """What a page has written."""

    def get_object(self, request: HttpRequest, username: str) -> Page:
        return page_by_username(username)

    def title(self, obj: Page) -> str:
        return sayable(f"{obj.display_name} (@{obj.username})")

    def subtitle(self, obj: Page) -> str:
        return sayable(obj.bio)

    def link(self, obj: Page) -> str:
        return absolute(reverse("social:page", args=[obj.username]))

    def feed_url(self, obj: Page) -> str:
        return absolute(reverse("social:page_atom", args=[obj.username]))

    def items(self, obj: Page) -> Sequence[Post]:
        return queries.posts_of(obj)


class UnderHashtag(Posts):
    """What is under a hashtag."""

    def get_object(self, request: HttpRequest, name: str) -> Hashtag:
        return queries.hashtag_named(name)

    def title(self, obj: Hashtag) -> str:
        return f"#{obj.name}"

    def link(self, obj: Hashtag) -> str:
        return absolute(address_of_hashtag(obj.name))

    def feed_url(self, obj: Hashtag) -> str:
        return absolute(reverse("social:tag_atom", args=[obj.name]))

    def items(self, obj: Hashtag) -> Sequence[Post]:
        return queries.posts_under(obj)


def _served(feed: Posts) -> Callable[..., HttpResponse]:
    """A feed as a view: fresh for five minutes, 304 when nothing has changed since, refusals as pages."""

    def view(request: HttpRequest, **named: Any) -> HttpResponse:
        made = feed(request, **named)
        response = condition(etag_func=lambda _request: etag_of(made.content))(lambda _request: made)(request)
        response.headers["Cache-Control"] = _FRESH
        return response

    return require_safe(refusals_are_pages(view))


hot_atom = _served(Hot())
page_atom = _served(OfPage())
tag_atom = _served(UnderHashtag())
