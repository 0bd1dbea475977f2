"""Setting up a second factor, its recovery codes, doing without it. What is under way waits, sealed, in the session."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.signin import forms
from accounts.signin.operations import factors, proofs, sessions
from accounts.signin.operations.proofs import needs_fresh_proof
from accounts.signin.views.frames import MemberRequest, land, page, used
from config.lib.crypto import seal, unseal
from config.lib.pages import refusals_are_pages, way_back
from config.lib.refusals import Refused

SET_UP = "factor_set_up"
NEW_CODES = "new_recovery_codes"
_SHOWN_FOR = timedelta(minutes=15)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("answer")
@refusals_are_pages
@needs_fresh_proof
def second_factor(request: MemberRequest) -> HttpResponse:
    """Show the secret to an authenticator and switch the second factor on with the first code it makes."""
    onward = way_back(request, reverse("accounts:security"))
    if request.user.has_second_factor:
        return redirect("accounts:security")
    now, kept = timezone.now(), request.session.get(SET_UP)
    enrolment = factors.begin(member=request.user, at=now, secret=unseal(kept) if kept else None)
    if kept is None:
        # The same one after a reload, so that what the telephone has scanned stays right.
        request.session[SET_UP] = seal(enrolment.secret)
    form = forms.NewFactorForm(request.POST or None)
    status, refusal = (422 if form.is_bound else 200), None
    if form.is_valid():
        try:
            codes = factors.confirm(
                member=request.user, secret=enrolment.secret, code=form.cleaned_data["answer"], at=now
            )
        except Refused as refused:
            refusal, status = refused, land(form, refused)
        else:
            sessions.stay(request.session, member=request.user, at=now)
            proofs.note_proof(request.session, member=request.user, second_factor=True, at=now, **used(request))
            del request.session[SET_UP]
            _keep(request, codes, now)
            messages.success(request, _("The second factor is on. Everything else that was signed in is signed out."))
            return redirect(f"{reverse('accounts:recovery_codes_shown')}?{urlencode({'next': onward})}")
    context = {"form": form, "enrolment": enrolment, "secret": _in_fours(enrolment.secret), "onward": onward}
    return page(request, "second_factor", context, status=status, refusal=refusal)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("answer")
@refusals_are_pages
def second_factor_off(request: MemberRequest) -> HttpResponse:
    """Do without a second factor from now on; a last code of it is asked for."""
    if not request.user.has_second_factor:
        return redirect("accounts:security")
    form = forms.FactorForm(request.POST or None)
    status, refusal = (422 if form.is_bound else 200), None
    if form.is_valid():
        now = timezone.now()
        try:
            factors.switch_off(member=request.user, code=form.cleaned_data["answer"], at=now)
        except Refused as refused:
            refusal, status = refused, land(form, refused)
        else:
            sessions.stay(request.session, member=request.user, at=now)
            messages.success(request, _("The second factor is off. Everything else that was signed in is signed out."))
            return redirect("accounts:security")
    return page(request, "second_factor_off", {"form": form}, status=status, refusal=refusal)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("answer")
@refusals_are_pages
def recovery_codes(request: MemberRequest) -> HttpResponse:
    """Make ten new recovery codes; the old ones are dead then."""
    if not request.user.has_second_factor:
        return redirect("accounts:security")
    form = forms.FactorForm(request.POST or None)
    status, refusal = (422 if form.is_bound else 200), None
    if form.is_valid():
        now = timezone.now()
        try:
            codes = factors.new_recovery_codes(member=request.user, code=form.cleaned_data["answer"], at=now)
        except Refused as refused:
            refusal, status = refused, land(form, refused)
        else:
            _keep(request, codes, now)
            return redirect("accounts:recovery_codes_shown")
    return page(request, "recovery_codes", {"form": form}, status=status, refusal=refusal)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def recovery_codes_shown(request: MemberRequest) -> HttpResponse:
    """The codes that were just made, until their owner says that they are kept, for a quarter of an hour at most."""
    onward = way_back(request, reverse("accounts:security"))
    if request.method == "POST":
        request.session.pop(NEW_CODES, None)
        return redirect(onward)
    codes = _kept(request)
    if codes is None:
        return redirect(onward)
    return page(request, "recovery_codes_shown", {"codes": codes, "onward": onward})


@login_required
@never_cache
@require_safe
def recovery_codes_file(request: MemberRequest) -> HttpResponse:
    """The same as a file of text."""
    codes = _kept(request)
    if codes is None:
        return redirect("accounts:security")
    lines = [_("Recovery codes of @%(name)s; each counts once.") % {"name": request.user.primary_page.username}, *codes]
    return HttpResponse(
        "\n".join(lines) + "\n",
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="civitas-recovery-codes.txt"'},
    )


def _keep(request: MemberRequest, codes: list[str], at: datetime) -> None:
    request.session[NEW_CODES] = {"codes": seal(" ".join(codes)), "until": (at + _SHOWN_FOR).isoformat()}


def _kept(request: MemberRequest) -> list[str] | None:
    kept: dict[str, str] = request.session.get(NEW_CODES) or {"until": "", "codes": ""}
    until = parse_datetime(kept["until"])
    if until is None or until <= timezone.now():
        request.session.pop(NEW_CODES, None)
        return None
    return unseal(kept["codes"]).split()


def _in_fours(secret: str) -> str:
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
