"""What stands in the head of a page for those who share it: its one address, its card, its feed."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from config.lib.links import absolute
from config.templatetags.words import excerpt
from social.search.queries.hashtags import address_of_hashtag
from social.search.rules import plain
from social.sharing import queries
from social.sharing.queries import Image

register = template.Library()

_TEXT = 200


def _card(
    *,
    address: str,
    image: Image,
    kind: str = "website",
    title: str = "",
    text: str = "",
    atom: str = "",
    published: datetime | None = None,
) -> dict[str, Any]:
    return {
        "address": address,
        "image": image,
        "kind": kind,
        "share_title": title,
        "share_text": excerpt(" ".join(text.split()), _TEXT),
        "atom": absolute(atom) if atom else "",
        "published": published,
    }


@register.inclusion_tag("social/sharing/_card.html", takes_context=True)
def share_card(context: Context, title: str = "", text: str = "", atom: str = "") -> dict[str, Any]:
    """Of any page: its address without a query, and the site's picture. No query."""
    request = context.get("request")
    address = absolute(request.path) if request is not None and request.resolver_match else ""
    return _card(address=address, image=queries.site_image(), title=title, text=text, atom=atom)


@register.inclusion_tag("social/sharing/_card.html")
def share_post(post: Any) -> dict[str, Any]:
    """Of a post: its words and first picture, and the feed of its page. No query."""
    page = post.page
    name = _("Former member") if page.is_erased else page.display_name or page.username
    return _card(
        address=absolute(reverse("social:read_post", args=[post.pk])),
        image=queries.image_of_post(post),
        kind="article",
        title=post.title or _("Post by %(name)s") % {"name": name},
        text=plain(post.content),
        atom="" if page.is_erased else reverse("social:page_atom", args=[page.username]),
        published=post.created_at,
    )


@register.inclusion_tag("social/sharing/_card.html")
def share_page(page: Any) -> dict[str, Any]:
    """Of a member's page: who it is, their picture, and the feed of what they write. No query."""
    name = page.display_name or page.username
    return _card(
        address=absolute(reverse("social:page", args=[page.username])),
        image=queries.image_of_page(page),
        kind="profile",
        title=f"{name} (@{page.username})",
        text=page.bio or _("What %(name)s writes on Civitas.") % {"name": name},
        atom=reverse("social:page_atom", args=[page.username]),
    )


@register.inclusion_tag("social/sharing/_card.html")
def share_hashtag(hashtag: Any) -> dict[str, Any]:
    """Of a hashtag: its name, and the feed of the posts under it if there are any. No query."""
    return _card(
        address=absolute(address_of_hashtag(hashtag.name)),
        image=queries.site_image(),
        title=f"#{hashtag.name}",
        text=_("Posts under #%(name)s on Civitas.") % {"name": hashtag.name},
        atom=reverse("social:tag_atom", args=[hashtag.name]) if hashtag.posts_count else "",
    )
