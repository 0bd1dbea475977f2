"""The page on which one says whether one shares in the tips of a post, and the button that asks no longer."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from config.lib.pages import refusals_are_pages
from config.lib.runtime import figures
from social.coauthors import forms, operations, queries
from social.coauthors.models import CoAuthor
from social.feed.addresses import address_of_post
from social.feed.views.frames import MemberRequest


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def answer_coauthor(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Say what one's share would be, then yes or no. Whoever is asked no longer is told so beside the post."""
    try:
        return _answer(request, post_id)
    except queries.NotAsked as refusal:
        messages.info(request, str(refusal))
        return redirect("social:read_post", post_id)


def _answer(request: MemberRequest, post_id: UUID) -> HttpResponse:
    form = forms.Answer(request.POST if request.method == "POST" else None)
    if form.is_valid():
        row = operations.answer(
            member=request.user, post_id=post_id, agrees=form.cleaned_data["answer"] == "yes", at=timezone.now()
        )
        if row.answer == CoAuthor.Answer.YES:
            said = _("You share in the tips of this post: %(percent)s%% of what goes to its writers.")
        else:
            said = _("You do not share in the tips of this post.")
        messages.success(request, said % {"percent": row.percent})
        return redirect("social:read_post", post_id)
    row = queries.invitation_for(request.user, post_id)
    context = {
        "row": row.post,
        "mine": row,
        "address": address_of_post(post_id),
        "creator_share": figures().TIP_CREATOR_SHARE,
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "social/coauthors/answer_coauthor.html", context, status=status)


@login_required
@require_POST
@refusals_are_pages
def take_back_question(request: MemberRequest, post_id: UUID, page_id: UUID) -> HttpResponse:
    """Ask somebody no longer. Pressed twice, it says the same."""
    operations.take_back_question(author=request.user, post_id=post_id, page_id=page_id)
    messages.success(request, _("They are not asked any more."))
    return redirect("social:read_post", post_id)
