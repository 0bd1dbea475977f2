"""Who has tipped a post or a comment; and with what one's own tips begin."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.members import preferences
from accounts.members.operations import set_preferences
from config.lib.pages import refusals_are_pages
from config.lib.pagination import BadCursor
from config.lib.runtime import figures
from social.feed import forms, models, queries
from social.feed.addresses import address_of_comment, address_of_post
from social.feed.views.frames import MemberRequest, PageRequest, neighbours


@require_safe
@refusals_are_pages
def tippers_of_post(request: PageRequest, post_id: UUID) -> HttpResponse:
    """Everybody who has tipped a post, the most generous first."""
    return _tippers(request, queries.post_for(request.user, post_id))


@require_safe
@refusals_are_pages
def tippers_of_comment(request: PageRequest, comment_id: UUID) -> HttpResponse:
    """Everybody who has tipped a comment."""
    return _tippers(request, queries.comment_for(request.user, comment_id))


def _tippers(request: PageRequest, target: Any) -> HttpResponse:
    tips = queries.tips_by_page(target, request.user)
    try:
        found = queries.TIPPERS.slice(tips, cursor=request.GET.get("cursor", ""), size=50)
    except BadCursor:
        found = queries.TIPPERS.slice(tips, size=50)
    is_comment = isinstance(target, models.Comment)
    context = {
        "row": target,
        "address": address_of_comment(target.post_id, target.pk) if is_comment else address_of_post(target.pk),
        "tippers": queries.tippers(found.rows),
        **neighbours(request, found),
    }
    return render(request, "social/feed/tippers.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def usual_tip(request: MemberRequest) -> HttpResponse:
    """The amount that a tip's form begins with."""
    bounds = {"least": figures().TIP_MIN, "most": figures().TIP_MAX}
    if request.method != "POST":
        chosen = preferences.complete(request.user.profile.preferences)
        form = forms.UsualTip(initial={"usual_tip": chosen["usual_tip"]}, **bounds)
        return render(request, "social/feed/usual_tip.html", {"form": form, **bounds})
    form = forms.UsualTip(request.POST, **bounds)
    if not form.is_valid():
        return render(request, "social/feed/usual_tip.html", {"form": form, **bounds}, status=422)
    set_preferences(member=request.user, at=timezone.now(), usual_tip=form.cleaned_data["usual_tip"])
    messages.success(request, _("Your usual tip is saved."))
    return redirect("social:usual_tip")
