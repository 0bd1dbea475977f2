"""The pages of joining: a member's invitations, the page behind a link, and applying."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.invitations import forms, operations, queries, rules, under_way
from accounts.members.models import User
from config.lib.pages import refusals_are_pages
from config.lib.refusals import Refused
from config.lib.runtime import figures

# What whoever fills in a form can mend there; anything else is a page of its own.
_ON_THE_FORM = (422, 429)


class MemberRequest(HttpRequest):
    """By type: a request of a member, for views that let nobody else in."""

    user: User


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def my_invitations(request: MemberRequest) -> HttpResponse:
    """Make a link by which others may join, and see those there are and who came by them."""
    now, status = timezone.now(), 200
    form = forms.MakeInvitation(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = operations.make_invitation(inviter=request.user, at=now, **form.cleaned_data)
            except Refused as refusal:
                status = _land(form, refusal)
            else:
                messages.success(request, _("Your link is ready. Copy it and send it to whom it is for."))
                return redirect(reverse("accounts:my_invitations") + f"#invitation-{made.pk}")
    rows = queries.invitations_of(request.user)
    for row in rows:
        row.link = request.build_absolute_uri(reverse("accounts:join_by_invitation", args=[row.code]))  # type: ignore[attr-defined]
        row.is_good = row.is_usable(now)  # type: ignore[attr-defined]
    context = {
        "form": form,
        "open": [row for row in rows if row.is_good],  # type: ignore[attr-defined]
        "past": [row for row in rows if not row.is_good],  # type: ignore[attr-defined]
        "is_closed": figures().SIGN_UP_MODE == rules.CLOSED,
    }
    return render(request, "accounts/invitations/my_invitations.html", context, status=status)


@login_required
@never_cache
@require_POST
@refusals_are_pages
def revoke_invitation(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    """Take one's own link back."""
    operations.revoke(inviter=request.user, invitation_id=invitation_id, at=timezone.now())
    messages.success(request, _("Nobody can join by that link any more."))
    return redirect("accounts:my_invitations")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_by_invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Who invites, and with what; going on keeps the invitation for the sign-in that follows."""
    invitation = queries.good_invitation(code, at=timezone.now())
    if invitation is not None and request.method == "POST" and not request.user.is_authenticated:
        under_way.keep_invitation(request.session, invitation.code)
        return redirect("accounts:signin")
    context = {"invitation": invitation, "mode": figures().SIGN_UP_MODE}
    status = 200 if invitation is not None else 404
    return render(request, "accounts/invitations/join_by_invitation.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def apply(request: HttpRequest) -> HttpResponse:
    """Write why one would like to join; comes after the number was proved, where one joins by application."""
    if request.user.is_authenticated:
        return redirect("/")
    now = timezone.now()
    applicant = under_way.applicant_of(request.session, at=now)
    if applicant is None:
        return redirect("accounts:signin")
    names = {"username": applicant.username, "display_name": applicant.display_name}
    form, status = forms.Apply(request.POST or None, initial=names), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                operations.apply(phone_number=applicant.number, at=now, **form.cleaned_data)
            except Refused as refusal:
                status = _land(form, refusal)
            else:
                under_way.forget(request.session)
                return redirect("accounts:applied")
    return render(request, "accounts/invitations/apply.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD"])
def applied(request: HttpRequest) -> HttpResponse:
    """What happens now with an application."""
    return render(request, "accounts/invitations/applied.html")


def _land(form: Any, refusal: Refused) -> int:
    if refusal.status not in _ON_THE_FORM:
        raise refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return refusal.status
