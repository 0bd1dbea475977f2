"""A poll in place: how it stands, and voting in it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config.lib.pages import refusals_are_pages
from config.lib.refusals import Refused
from social.feed import queries as feed
from social.feed.models import Post
from social.feed.views.frames import MemberRequest, PageRequest, address_of_post
from social.polls import forms, operations, queries


@never_cache
@require_safe
@refusals_are_pages
def poll(request: PageRequest, post_id: UUID) -> HttpResponse:
    """The poll of a post as it stands for the reader, for a card; without scripts it stands on the post's page."""
    post = feed.post_for(request.user, post_id)
    if not request.htmx:
        return redirect(f"{address_of_post(post_id)}#poll-{post_id}")
    return _drawn(request, post, takes_focus=True)


@login_required
@never_cache
@require_POST
@refusals_are_pages
def vote(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Vote, or vote otherwise than before."""
    post = feed.post_for(request.user, post_id)
    form = forms.Vote(request.POST)
    said, status = "", 422
    if form.is_valid():
        try:
            operations.cast_vote(
                voter=request.user, post_id=post_id, option_id=form.cleaned_data["option"], at=timezone.now()
            )
        except Refused as refusal:
            if refusal.status not in (409, 422, 429):
                raise
            said, status = str(refusal), refusal.status
        else:
            said, status = _("Your vote is in. You can change it until the end."), 200
    else:
        said = " ".join(str(error) for error in form.errors["option"])
    if request.htmx:
        return _drawn(request, post, said=said, status=status, takes_focus=True)
    (messages.success if status == 200 else messages.error)(request, said)
    return redirect(f"{address_of_post(post_id)}#poll-{post_id}")


def _drawn(request: PageRequest, post: Post, *, status: int = 200, **context: object) -> HttpResponse:
    tally = queries.tally_of(post.pk, request.user, timezone.now())
    context = {
        "post": post,
        "extra": post.carries.get("poll", {}),
        "tally": tally,
        "is_refused": status >= 400,
        **context,
    }
    return render(request, "social/polls/_tally.html", context, status=status)
