"""Setting, changing and removing one's password."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.signin import forms
from accounts.signin.operations import passwords, sessions
from accounts.signin.operations.proofs import needs_fresh_proof
from accounts.signin.views.frames import MemberRequest, land, page
from config.lib.pages import refusals_are_pages
from config.lib.refusals import Refused


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@refusals_are_pages
@needs_fresh_proof
def change_password(request: MemberRequest) -> HttpResponse:
    """Take a password; everything else that is signed in ends."""
    form = forms.NewPasswordForm(request.POST or None)
    status, refusal = (422 if form.is_bound else 200), None
    if form.is_valid():
        now = timezone.now()
        try:
            passwords.set_password(member=request.user, password=form.cleaned_data["password"], at=now)
        except Refused as refused:
            refusal, status = refused, land(form, refused)
        else:
            sessions.stay(request.session, member=request.user, at=now)
            messages.success(request, _("The password is set. Everything else that was signed in is signed out."))
            return redirect("accounts:security")
    context = {"form": form, "has_password": passwords.has_password(request.user)}
    return page(request, "change_password", context, status=status, refusal=refusal)


@login_required
@never_cache
@require_POST
@refusals_are_pages
@needs_fresh_proof
def remove_password(request: MemberRequest) -> HttpResponse:
    """Do without a password from now on."""
    now = timezone.now()
    passwords.remove_password(member=request.user, at=now)
    sessions.stay(request.session, member=request.user, at=now)
    messages.success(request, _("Your account has no password now. A code to your phone opens it."))
    return redirect("accounts:security")
