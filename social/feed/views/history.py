"""What posts and comments said before they were changed."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.lib.pages import refusals_are_pages
from config.lib.pagination import keyset_page
from social.feed import history, models, queries
from social.feed.addresses import address_of_comment, address_of_post
from social.feed.views.frames import PageRequest, neighbours

_AT_ONCE = 10


@require_safe
@refusals_are_pages
def history_of_post(request: PageRequest, post_id: UUID) -> HttpResponse:
    """The changes of a post, for whoever may read it."""
    post = queries.post_for(request.user, post_id)
    return _history(request, post, address_of_post(post.pk))


@require_safe
@refusals_are_pages
def history_of_comment(request: PageRequest, comment_id: UUID) -> HttpResponse:
    """The changes of a comment, for whoever may read it."""
    comment = queries.comment_for(request.user, comment_id)
    return _history(request, comment, address_of_comment(comment.post_id, comment.pk))


def _history(request: PageRequest, row: models.Post | models.Comment, address: str) -> HttpResponse:
    found = keyset_page(request, history.editions_of(row), "-id", size=_AT_ONCE)
    context = {
        "row": row,
        "address": address,
        "changes": history.changes(row, found.rows),
        "is_first": not request.GET.get("cursor"),
        **neighbours(request, found),
    }
    return render(request, "social/feed/history.html", context)
