"""The drafts' pages: what one keeps, opened, kept from the composer, thrown away."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.pages import refusals_are_pages, render_fragment_or_page
from config.lib.refusals import Refused
from social.drafts import forms, operations, queries, rules
from social.drafts.models import Draft
from social.feed import extras
from social.feed.extras import ExtraForm
from social.feed.forms import WritePost
from social.feed.models import Post
from social.feed.views.frames import MemberRequest, composer, land_on_part

# Their rows stand beside the draft, not in it.
_OWN_ROWS = ("pictures", "draft")


@login_required
@never_cache
@require_safe
def drafts(request: MemberRequest) -> HttpResponse:
    """What one has begun, the last touched first."""
    kept = queries.drafts_of(request.user).order_by("-updated_at", "-id")[: rules.MOST]
    return render(request, "social/drafts/drafts.html", {"drafts": kept, "most": rules.MOST})


@login_required
@never_cache
@require_safe
@refusals_are_pages
def open_draft(request: MemberRequest, draft_id: UUID) -> HttpResponse:
    """A draft in the composer, with all of its parts as they stood."""
    draft = queries.draft_for(request.user, draft_id)
    form = WritePost(auto_id="post-%s", initial={"title": draft.title, "content": draft.content})
    context = {**composer(request, form, forms.parts_as_kept(draft)), "draft": draft}
    return render(request, "social/feed/write_post.html", context)


@login_required
@never_cache
@require_POST
@refusals_are_pages
def save_draft(request: MemberRequest) -> HttpResponse:
    """Put away what stands in the composer."""
    parts = extras.parts_of(member=request.user, data=request.POST, files=request.FILES)
    form = forms.KeepDraft(request.POST)
    is_usable = extras.are_usable(form, [part for part in parts if part.prefix in _OWN_ROWS], at=timezone.now())
    shown = WritePost(request.POST, auto_id="post-%s")
    if is_usable:
        try:
            draft = _keep(request, form, parts)
        except Refused as refusal:
            shown.is_valid()
            shown.errors.clear()
            land_on_part(shown, parts, refusal)
        else:
            return _put_away(request, draft)
    return render_fragment_or_page(
        request,
        "social/feed/_composer.html",
        composer(request, shown, parts),
        page="social/feed/write_post.html",
        status=422,
    )


@login_required
@never_cache
@require_POST
@refusals_are_pages
def autosave_draft(request: MemberRequest) -> HttpResponse:
    """Keep what stands in the composer while it is being written; the answer is its hidden part, and when."""
    parts = extras.parts_of(member=request.user, data=request.POST)
    form = forms.KeepDraft(request.POST)
    if not all([form.is_valid(), *[part.is_valid() for part in parts if part.prefix in _OWN_ROWS]]):
        return HttpResponse(status=422)
    key = form.cleaned_data["key"]
    if key and Post.objects.filter(user=request.user, key=f"post:{key}").exists():
        # Sent meanwhile: there is nothing left to keep.
        return HttpResponse(status=204)
    try:
        draft = _keep(request, form, parts)
    except Refused as refusal:
        return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain; charset=utf-8")
    part = forms.FromDraft(prefix="draft", member=request.user, initial={"id": draft.pk})
    return render(request, "social/drafts/_part.html", {"form": part, "kept_at": timezone.now()})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def throw_draft_away(request: MemberRequest, draft_id: UUID) -> HttpResponse:
    """Ask, then throw a draft away."""
    draft = queries.draft_for(request.user, draft_id)
    if request.method == "POST":
        operations.throw_draft_away(writer=request.user, draft_id=draft_id)
        messages.success(request, _("The draft is thrown away."))
        return redirect("social:drafts")
    context = {"draft": draft, "cancel_url": reverse("social:drafts"), "action_url": request.path, "danger": True}
    return render(request, "social/drafts/throw_draft_away.html", context)


def _keep(request: MemberRequest, form: forms.KeepDraft, parts: list[ExtraForm]) -> Draft:
    """The draft that the form names with what stands now, or a new one: words outlive a draft that is gone."""
    by_name = {part.prefix: part for part in parts}
    # A part that nobody touched holds what it began with, which is nobody's wish.
    others = [str(part.prefix) for part in parts if part.prefix not in _OWN_ROWS and part.has_changed()]
    words: dict[str, Any] = {
        "writer": request.user,
        "title": form.cleaned_data["title"],
        "content": form.cleaned_data["content"],
        "rest": rules.rest_of(dict(request.POST.lists()), others),
        "pictures": by_name["pictures"].value,
        "at": timezone.now(),
    }
    if by_name["draft"].is_used:
        return operations.change_draft(draft_id=by_name["draft"].value, **words)
    key = form.cleaned_data["key"]
    return operations.write_draft(key=f"form:{key}" if key else None, **words)


def _put_away(request: MemberRequest, draft: Draft) -> HttpResponse:
    messages.success(request, _("Your draft is kept."))
    if request.htmx:
        return render(request, "social/drafts/_put_away.html", composer(request))
    return redirect("social:drafts")
