"""The feeds."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.lib.pagination import Gathered, Keyset, keyset_page
from social.feed import models, queries
from social.feed.views.frames import MemberRequest, PageRequest, cards, composer, neighbours


@require_safe
def feed_hot(request: PageRequest) -> HttpResponse:
    """What is hot and warm, for members and visitors."""
    context = _feed(request, queries.hot_feed(request.user), queries.HOT)
    return render(request, "social/feed/feed_hot.html", {**context, **composer(request)})


@require_safe
def feed_trending(request: PageRequest) -> HttpResponse:
    """What coins reach at present, the fastest first."""
    trending = queries.trending_feed(request.user, at=timezone.now())
    return render(request, "social/feed/feed_trending.html", _feed(request, trending, queries.TRENDING))


@require_safe
def feed_new(request: PageRequest) -> HttpResponse:
    """Everything, the newest first."""
    return render(request, "social/feed/feed_new.html", _feed(request, queries.new_feed(request.user), queries.NEWEST))


@require_safe
def feed_gems(request: PageRequest) -> HttpResponse:
    """Well tipped posts that few have seen."""
    return render(request, "social/feed/feed_gems.html", _feed(request, queries.gems_feed(request.user), queries.GEMS))


@login_required
@require_safe
def feed_following(request: MemberRequest) -> HttpResponse:
    """What the pages that the member follows have written."""
    context = _feed(request, queries.following_feed(request.user), queries.NEWEST)
    context["follows_any"] = bool(context["posts"]) or request.user.follows.exists()
    return render(request, "social/feed/feed_following.html", context)


def _feed(request: PageRequest, posts: QuerySet[models.Post] | Gathered, keyset: Keyset) -> dict[str, Any]:
    found = keyset_page(request, posts, *keyset.order)
    return {
        "posts": cards(request, found.rows),
        "is_first": not request.GET.get("cursor"),
        **neighbours(request, found),
    }
