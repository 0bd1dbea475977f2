"""The feeds."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.lib.pagination import keyset_page
from social.feed import queries
from social.feed.views.frames import MemberRequest, PageRequest, cards, composer, neighbours


@require_safe
def feed_hot(request: PageRequest) -> HttpResponse:
    """What is hot and warm, for members and visitors."""
    found = keyset_page(request, queries.hot_feed(request.user), *queries.HOT.order)
    context = {
        "posts": cards(request, found.rows),
        "is_first": not request.GET.get("cursor"),
        **neighbours(request, found),
        **composer(request),
    }
    return render(request, "social/feed/feed_hot.html", context)


@login_required
@require_safe
def feed_following(request: MemberRequest) -> HttpResponse:
    """What the pages that the member follows have written."""
    found = keyset_page(request, queries.following_feed(request.user), *queries.NEWEST.order)
    context = {
        "posts": cards(request, found.rows),
        "follows_any": bool(found.rows) or request.user.follows.exists(),
        **neighbours(request, found),
    }
    return render(request, "social/feed/feed_following.html", context)
