"""The member's e-mail address: asking for a link to a new one, waiting for it, and doing without."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.signin import forms
from accounts.signin.operations import emails, passwords
from accounts.signin.operations.proofs import needs_fresh_proof
from accounts.signin.views.frames import MemberRequest, land, page
from config.lib.pages import refusals_are_pages
from config.lib.refusals import Refused


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
@needs_fresh_proof
def change_email(request: MemberRequest) -> HttpResponse:
    """Take an address and send a link to it."""
    form = forms.NewEmailForm(request.POST or None)
    status, refusal = (422 if form.is_bound else 200), None
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            emails.begin(member=request.user, email=email, at=timezone.now())
        except Refused as refused:
            refusal, status = refused, land(form, refused)
        else:
            return redirect("accounts:change_email")
    context = {
        "form": form,
        "waiting_for": emails.waiting_for(request.user, at=timezone.now()),
        "has_password": passwords.has_password(request.user),
    }
    return page(request, "change_email", context, status=status, refusal=refusal)


@login_required
@never_cache
@require_POST
def keep_email(request: MemberRequest) -> HttpResponse:
    """Wait for the link no longer; all stays as it is."""
    emails.give_up(member=request.user)
    return redirect("accounts:change_email")


@login_required
@never_cache
@require_POST
@refusals_are_pages
@needs_fresh_proof
def remove_email(request: MemberRequest) -> HttpResponse:
    """Do without an address from now on."""
    emails.remove(member=request.user, at=timezone.now())
    messages.success(request, _("Your account has no e-mail address now."))
    return redirect("accounts:security")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def confirm_email(request: MemberRequest, secret: str) -> HttpResponse:
    """Where the link leads. Opening it asks, because programs open links too; the button confirms."""
    now = timezone.now()
    email, status, refusal = emails.address_to_confirm(member=request.user, secret=secret, at=now), 200, None
    if request.method == "POST":
        try:
            emails.confirm(member=request.user, secret=secret, at=now)
        except emails.EmailTaken as taken:
            status, refusal = taken.status, taken
        else:
            messages.success(request, _("%(email)s is confirmed.") % {"email": email})
            return redirect("accounts:security")
    return page(request, "confirm_email", {"email": email, "refusal": refusal}, status=status, refusal=refusal)
