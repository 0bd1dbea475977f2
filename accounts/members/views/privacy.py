"""Who reaches one, and whom and what one does not want to meet."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.members import boundaries, forms, operations, preferences, queries
from accounts.members.models import Page
from accounts.members.views.frames import MemberRequest, land
from config.lib.pages import refusals_are_pages, way_back
from config.lib.refusals import NotThere, Refused


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def privacy(request: MemberRequest) -> HttpResponse:
    """Who may reach the member and what is shown of them; below it, the lists of whom and what they keep away."""
    if request.method != "POST":
        return _page(request)
    form = forms.Privacy(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    operations.set_preferences(member=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Your choices are saved."))
    return redirect("accounts:privacy")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def block_page(request: MemberRequest, username: str) -> HttpResponse:
    """Ask, then keep the member behind a page away."""
    page = queries.page_by_username(username)
    if page.user_id == request.user.pk:
        raise boundaries.OwnBoundary()
    its_address = reverse("social:page", args=[page.username])
    if request.method == "POST":
        boundaries.block(member=request.user, page=page, at=timezone.now())
        messages.success(request, _("You and @%(name)s keep apart now.") % {"name": page.username})
        return redirect(its_address)
    context = {"page": page, "action_url": request.path, "cancel_url": its_address, "danger": True}
    return render(request, "accounts/members/block_page.html", context)


@login_required
@never_cache
@require_POST
@refusals_are_pages
def unblock_page(request: MemberRequest, page_id: UUID) -> HttpResponse:
    """Keep a member away no longer."""
    page = _page_with(page_id)
    boundaries.unblock(member=request.user, page=page)
    messages.success(request, _("@%(name)s is blocked no longer.") % {"name": page.username})
    return redirect(way_back(request, reverse("accounts:privacy")))


@login_required
@never_cache
@require_POST
@refusals_are_pages
def mute_page(request: MemberRequest, username: str) -> HttpResponse:
    """Leave a page out of what the member reads."""
    page = queries.page_by_username(username)
    boundaries.mute(member=request.user, page=page, at=timezone.now())
    messages.success(
        request, _("What @%(name)s writes is left out for you. They do not learn of it.") % {"name": page.username}
    )
    return redirect(way_back(request, reverse("social:page", args=[page.username])))


@login_required
@never_cache
@require_POST
@refusals_are_pages
def unmute_page(request: MemberRequest, page_id: UUID) -> HttpResponse:
    """Read a page again."""
    page = _page_with(page_id)
    boundaries.unmute(member=request.user, page=page)
    messages.success(request, _("You read @%(name)s again.") % {"name": page.username})
    return redirect(way_back(request, reverse("accounts:privacy")))


@login_required
@never_cache
@require_POST
@refusals_are_pages
def mute_word(request: MemberRequest) -> HttpResponse:
    """Leave out texts with a word or phrase."""
    form = forms.MuteWord(request.POST, auto_id="word-%s")
    status = 422
    if form.is_valid():
        try:
            muted = boundaries.mute_word(member=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            status = land(form, refusal)
        else:
            messages.success(request, _("Texts with “%(word)s” are left out for you.") % {"word": muted.word})
            return redirect(reverse("accounts:privacy") + "#words")
    return _page(request, word_form=form, status=status)


@login_required
@never_cache
@require_POST
@refusals_are_pages
def unmute_word(request: MemberRequest, word_id: UUID) -> HttpResponse:
    """Read a word again."""
    boundaries.unmute_word(member=request.user, word_id=word_id)
    messages.success(request, _("The word is muted no longer."))
    return redirect(reverse("accounts:privacy") + "#words")


def _page_with(page_id: UUID) -> Page:
    """A page by its id, shown or not: a boundary can be lifted from whoever has left. May refuse with NotThere."""
    page = Page.objects.filter(pk=page_id).first()
    if page is None:
        raise NotThere()
    return page


def _page(request: MemberRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    chosen = preferences.complete(request.user.profile.preferences)
    context = {
        "form": forms.Privacy(initial=forms.Privacy.of(chosen)),
        "word_form": forms.MuteWord(auto_id="word-%s"),
        "blocks": request.user.blocks.select_related("page").order_by("-id"),
        "mutes": request.user.mutes.select_related("page").order_by("-id"),
        "words": request.user.muted_words.order_by("word"),
        **given,
    }
    return render(request, "accounts/members/privacy.html", context, status=status)
