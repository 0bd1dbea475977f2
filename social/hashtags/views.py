"""A hashtag's page."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.lib.pages import refusals_are_pages
from config.lib.pagination import keyset_page
from social.feed.queries import NEWEST
from social.feed.views.frames import PageRequest, cards, neighbours
from social.hashtags import queries


@require_safe
@refusals_are_pages
def tag(request: PageRequest, name: str) -> HttpResponse:
    """The posts under a hashtag, the newest first. However it is written, its page is one."""
    hashtag = queries.hashtag_named(name)
    if hashtag.name != name:
        return redirect("social:tag", hashtag.name, permanent=True)
    found = keyset_page(request, queries.posts_under(hashtag, request.user), *NEWEST.order)
    context = {
        "hashtag": hashtag,
        "posts": cards(request, found.rows),
        "busy": queries.busy_hashtags(at=timezone.now()),
        **neighbours(request, found),
    }
    return render(request, "social/hashtags/tag.html", context)
