"""A member's page: who they are, what they wrote, who follows them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.badges.queries import badges_of
from accounts.members.models import Page
from accounts.members.queries import (
    addresses_shown_on,
    hides_coins,
    page_by_username,
    profile_links,
    relation_to,
)
from config.lib.pages import refusals_are_pages, render_fragment_or_page, way_back
from config.lib.pagination import keyset_page
from social.feed import operations, queries
from social.feed.views.frames import MemberRequest, PageRequest, cards, neighbours


@require_safe
@refusals_are_pages
def page(request: PageRequest, username: str) -> HttpResponse:
    """A page and its posts."""
    shown = page_by_username(username)
    found = keyset_page(request, queries.posts_of(shown, request.user).filter(pinned_at=None), *queries.NEWEST.order)
    pinned = None if request.GET.get("cursor") else queries.pinned_on(shown, request.user)
    posts = cards(request, [*([pinned] if pinned else []), *found.rows])
    context = {
        **_head(request, shown),
        "pinned": pinned,
        "posts": posts,
        **neighbours(request, found),
    }
    return render(request, "social/feed/page.html", context)


@require_safe
@refusals_are_pages
def followers(request: PageRequest, username: str) -> HttpResponse:
    """Who follows a page."""
    shown = page_by_username(username)
    found = keyset_page(request, queries.followers_of(shown, request.user), *queries.NEWEST.order)
    return render(
        request,
        "social/feed/followers.html",
        {**_head(request, shown), "follows": found.rows, **neighbours(request, found)},
    )


@login_required
@require_POST
@refusals_are_pages
def follow(request: MemberRequest, username: str) -> HttpResponse:
    """Follow a page."""
    shown = page_by_username(username)
    operations.follow(follower=request.user, page=shown, at=timezone.now())
    return _followed(request, shown)


@login_required
@require_POST
@refusals_are_pages
def unfollow(request: MemberRequest, username: str) -> HttpResponse:
    """Follow a page no longer."""
    shown = page_by_username(username)
    operations.unfollow(follower=request.user, page=shown)
    return _followed(request, shown)


def _followed(request: MemberRequest, shown: Page) -> HttpResponse:
    if not request.htmx:
        return redirect(way_back(request, reverse("social:page", args=[shown.username])))
    shown.refresh_from_db(fields=["followers_count"])
    context = _head(request, shown) | {"is_swapped": True}
    return render_fragment_or_page(request, "social/feed/_page_head.html", context)


def _head(request: PageRequest, shown: Page) -> dict[str, Any]:
    """Who the page is. Its member's profile stands on their first page only: it would tell whose the others are."""
    return {
        "page": shown,
        "is_own": request.user.is_authenticated and shown.user_id == request.user.pk,
        "is_followed": bool(queries.followed_among(request.user, [shown])),
        "profile": shown.user.profile if shown.is_primary else None,
        "links": profile_links(shown.user.profile) if shown.is_primary else [],
        "addresses": addresses_shown_on(shown),
        "badges": badges_of(shown.user),
        "hides_coins": hides_coins(shown, request.user),
        "relation": relation_to(shown, request.user),
    }
