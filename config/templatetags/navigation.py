"""The places of the site, in the order in which the rail shows them. A new room adds one line to PLACES.

A place whose URL does not resolve is left out, so a room can be named here before it is built.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ON_PHONES = 5  # as many as a thumb can tell apart


@dataclass(frozen=True)
class Place:
    """Where one can go. `who` is all, member or visitor; `count` names a context variable: how many are new."""

    label: str | Promise
    icon: str
    url_name: str
    who: str = "all"
    in_bar: bool = False
    of_page: bool = False
    count: str = ""
    is_write: bool = False


PLACES = (
    Place(_("Home"), "house", "social:feed_hot", in_bar=True),
    Place(_("Following"), "users", "social:feed_following", who="member", in_bar=True),
    Place(_("Forum"), "messages-square", "social:forum"),
    Place(_("Messages"), "mail", "social:messages", who="member", count="unread_messages"),
    Place(_("Notifications"), "bell", "accounts:notifications", who="member", count="unread_notifications"),
    Place(_("Market"), "store", "marketplace:market"),
    Place(_("Governance"), "vote", "governance:proposals"),
    Place(_("Economy"), "chart-line", "economy:observatory"),
    Place(_("Wallet"), "wallet", "economy:wallet", who="member", in_bar=True),
    Place(_("My page"), "user-round", "social:page", who="member", of_page=True),
    Place(_("Write"), "pen-line", "social:write_post", who="member", in_bar=True, is_write=True),
    Place(_("Sign in"), "log-in", "accounts:signin", who="visitor", in_bar=True, is_write=True),
)


@cache
def _address(url_name: str, username: str = "") -> str:
    try:
        return reverse(url_name, args=[username] if username else [])
    except NoReverseMatch:
        return ""


def address_of(place: Place, username: str) -> str:
    """The place's URL for this member, or "" when there is none (yet)."""
    if place.of_page:
        # Not kept: as many addresses as members.
        return _address.__wrapped__(place.url_name, username) if username else ""
    return _address(place.url_name)


def _count(context: Mapping[str, Any], name: str) -> int:
    """How many are new, from a number in the context or a function that looks."""
    found = context.get(name) if name else None
    return (found() if callable(found) else found) or 0


def links(*, path: str, username: str, is_member: bool, context: Mapping[str, Any]) -> dict[str, Any]:
    """The links of the rail, which of them the bar of phones shows, and which wait under "More"."""
    found: list[dict[str, Any]] = []
    for place in PLACES:
        if place.who not in ("all", "member" if is_member else "visitor"):
            continue
        url = address_of(place, username)
        if url:
            inside = url != "/" and path.startswith(url)
            found.append(
                {
                    "label": place.label,
                    "icon": place.icon,
                    "url": url,
                    "current": "page" if path == url else "true" if inside else "",
                    "count": _count(context, place.count),
                    "count_of": place.count,
                    "is_write": place.is_write,
                    "in_bar": place.in_bar,
                }
            )
    # Those that ask for a place in the bar come first, then others in order; the last place may be "More".
    spare = ON_PHONES - (len(found) > ON_PHONES) - sum(link["in_bar"] for link in found)
    for link in [link for link in found if not link["in_bar"]][: max(0, spare)]:
        link["in_bar"] = True
    more = [link for link in found if not link["in_bar"]]
    return {
        "links": found,
        "more": more,
        "more_is_current": any(link["current"] for link in more),
        "more_count": sum(link["count"] for link in more),
    }


@dataclass(frozen=True)
class Section:
    """One page of the settings, and in a few words what it is for."""

    label: str | Promise
    says: str | Promise
    icon: str
    url_name: str


SECTIONS = (
    Section(_("Profile"), _("what you tell of yourself, language, time zone"), "user-round", "accounts:edit_profile"),
    Section(_("Pages"), _("names, pictures, and which one you act as"), "users", "accounts:my_pages"),
    Section(_("Privacy"), _("who reaches you, whom and what you do not want to meet"), "eye-off", "accounts:privacy"),
    Section(_("Feeds"), _("what your feeds leave out"), "flame", "social:choose_feeds"),
    Section(_("Notifications"), _("what you hear of, where and when"), "bell", "accounts:choose_notices"),
    Section(_("Security"), _("number, e-mail, password, second factor, sessions"), "shield-check", "accounts:security"),
    Section(_("Addresses"), _("blockchain addresses that are proved to be yours"), "link", "accounts:my_addresses"),
    Section(_("Invitations"), _("links by which others may join"), "ticket", "accounts:my_invitations"),
    Section(_("My data"), _("take it along, or close the account"), "download", "accounts:my_data"),
)


def sections(*, path: str) -> dict[str, Any]:
    """The pages of the settings, with the one where the reader is."""
    found = []
    for section in SECTIONS:
        url = _address(section.url_name)
        if url:
            found.append(
                {
                    "label": section.label,
                    "says": section.says,
                    "icon": section.icon,
                    "url": url,
                    "current": "page" if path == url else "true" if path.startswith(url) else "",
                }
            )
    return {"sections": found}
