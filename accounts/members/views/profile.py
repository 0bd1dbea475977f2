"""What one tells of oneself, and the language and time zone of the site."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.members import forms, operations, preferences, queries
from accounts.members.views.frames import MemberRequest, land
from config.lib.pages import refusals_are_pages
from config.lib.refusals import Refused


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def edit_profile(request: MemberRequest) -> HttpResponse:
    """What a member tells of themselves on their first page."""
    if request.method != "POST":
        return _page(request)
    form = forms.EditProfile(request.POST)
    status = 422
    if form.is_valid():
        try:
            operations.edit_account(member=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            status = land(form, refusal)
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("accounts:edit_profile")
    return _page(request, form=form, status=status)


@login_required
@never_cache
@require_POST
@refusals_are_pages
def choose_language(request: MemberRequest) -> HttpResponse:
    """The language and time zone of what the member sees."""
    form = forms.ChooseLanguage(request.POST)
    if not form.is_valid():
        return _page(request, language_form=form, status=422)
    operations.set_preferences(member=request.user, at=timezone.now(), **form.cleaned_data)
    with translation.override(form.cleaned_data["language"] or translation.get_language()):
        messages.success(request, _("Language and time zone are saved."))
    return redirect("accounts:edit_profile")


def _page(request: MemberRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    member = queries.account_of(request.user)
    chosen = preferences.complete(member.profile.preferences)
    context = {
        "form": forms.EditProfile(initial=forms.EditProfile.of(member, member.profile)),
        "language_form": forms.ChooseLanguage(initial={name: chosen[name] for name in ("language", "time_zone")}),
        **given,
    }
    return render(request, "accounts/members/edit_profile.html", context, status=status)
