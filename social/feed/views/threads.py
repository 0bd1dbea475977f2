"""The threads of a post as its pages show them: a page of them, one of them, or the one that a link leads to."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from social.feed import models, queries
from social.feed.addresses import address_of_post
from social.feed.forms import WriteComment
from social.feed.threads import SORTS, TOP, Conversation, Threads
from social.feed.views.frames import PageRequest

DEEPEST_INDENT = 6


def as_comments(request: PageRequest, comments: Sequence[models.Comment]) -> Sequence[models.Comment]:
    """Comments as the thread shows them: with the reader's own open tips, no deeper than 6."""
    own = queries.tips_on_comments(request.user, comments)
    for comment in comments:
        comment.own_tips = own.get(comment.pk, [])  # type: ignore[attr-defined]
        comment.indent = min(comment.thread_depth, DEEPEST_INDENT)  # type: ignore[attr-defined]
    return comments


def threads(request: PageRequest, post: models.Post, form: WriteComment | None = None, **more: Any) -> dict[str, Any]:
    """Context of a post's comments, and of the form for the next one with its price.

    The address says which: `sort` and `cursor`, `thread` for one alone, `comment` for one that must be there. `new` is
    a comment that has just been written.
    """
    asked = request.POST if request.method == "POST" else request.GET
    conversation = Conversation(post, request.user)
    sort = _sort_in(asked)
    new = more.get("new")
    shown = conversation.thread(asked.get("thread", ""), cursor=asked.get("cursor", "")) if new is None else None
    if shown is None:
        shown = conversation.page(
            sort=sort, cursor=asked.get("cursor", ""), wanted=str(new.pk) if new else asked.get("comment", "")
        )
    as_comments(request, shown.rows)
    context = {"post": post, "comments": shown.rows, "alone": shown.alone, **_ways(post, shown, sort), **more}
    return context | comment_form(request, post, form)


def comment_form(request: PageRequest, post: models.Post, form: WriteComment | None = None) -> dict[str, Any]:
    """Context of the form for a comment; nothing for visitors."""
    if not request.user.is_authenticated:
        return {"post": post}
    # As the counter stands now, not as it stood when the request began.
    request.user.refresh_from_db(fields=["daily_comments_free_remaining", "daily_comments_reset_at"])
    price = queries.price_of_next_comment(author=request.user, post=post, at=timezone.now())
    return {
        "post": post,
        "form": form or WriteComment(auto_id="comment-new-%s"),
        "price": price,
        "sort": _sort_in(request.POST if request.method == "POST" else request.GET),
    }


def _sort_in(asked: QueryDict) -> str:
    return next((sort for sort in SORTS if asked.get("sort") == sort), TOP)


def _ways(post: models.Post, shown: Threads, sort: str) -> dict[str, Any]:
    """Where the pages beside this one are, and the other sorts."""
    here = address_of_post(post.pk)
    by = {} if sort == TOP else {"sort": sort}

    def beside(cursor: str | None) -> str:
        return f"{here}?{urlencode(by | {'cursor': cursor})}#comments" if cursor else ""

    names = {"top": _("Top"), "new": _("Newest"), "old": _("Oldest")}
    return {
        "sort": sort,
        "sorts": [
            {"name": name, "label": names[name], "address": here if name == TOP else f"{here}?sort={name}"}
            for name in SORTS
        ],
        "next": beside(shown.next),
        "previous": beside(shown.previous),
    }
