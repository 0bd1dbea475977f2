"""The pages of signing in: the number, then its code. A sign-in under way is kept in the visitor's session alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.invitations import queries as invitations
from accounts.invitations import under_way as joining
from accounts.invitations.operations import ApplicationNeeded, InvitationNoGood
from accounts.members.models import User
from accounts.signin import forms, operations, rules
from accounts.signin.operations import sessions
from accounts.signin.views.opening import FIRST, go_on
from config.lib.addresses import address_of
from config.lib.pages import way_back
from config.lib.refusals import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def signin(request: HttpRequest) -> HttpResponse:
    """Ask for the number and send a code to it."""
    onward = way_back(request, "/")
    if request.user.is_authenticated:
        return redirect(onward)
    form = forms.PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refused = _send(request, number=form.cleaned_data["phone"], onward=onward, at=timezone.now())
        if refused is None:
            return redirect("accounts:signin_code")
        form.add_error(None, str(refused))
        return _page(request, "signin", refused, form=form, onward=onward)
    status = 422 if form.is_bound else 200
    return _page(request, "signin", status=status, form=form, onward=onward)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("code")
def signin_code(request: HttpRequest) -> HttpResponse:
    """Take the code and open the session. The page is the same whether or not the number has an account."""
    under_way = request.session.get(FIRST)
    if request.user.is_authenticated:
        return redirect("/")
    if under_way is None:
        return redirect("accounts:signin")
    form = forms.CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            result = operations.prove_number(
                verification_id=UUID(under_way["id"]),
                address=address_of(request),
                at=timezone.now(),
                invitation=joining.kept_invitation(request.session),
                **form.cleaned_data,
            )
        except ApplicationNeeded:
            names = {name: form.cleaned_data[name] for name in ("username", "display_name")}
            joining.begin_application(request.session, number=under_way["number"], at=timezone.now(), **names)
            return redirect("accounts:apply")
        except Refused as refusal:
            if isinstance(refusal, InvitationNoGood):
                joining.forget(request.session)  # the next try goes without it
            form.add_error("username" if refusal.field == "username" else None, str(refusal))
            return _code_page(request, under_way, form, refusal)
        return go_on(request, result, onward=under_way["onward"])
    return _code_page(request, under_way, form, status=422 if form.is_bound else 200)


@require_POST
@never_cache
def signin_resend(request: HttpRequest) -> HttpResponse:
    """Send another code to the same number; from now on only that one counts here."""
    under_way = request.session.get(FIRST)
    if request.user.is_authenticated or under_way is None:
        return redirect("accounts:signin")
    refused = _send(request, number=under_way["number"], onward=under_way["onward"], at=timezone.now(), again=True)
    if refused is None:
        return redirect("accounts:signin_code")
    form = forms.CodeForm()
    return _code_page(request, under_way, form, refused, resend_refused=str(refused))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session. Only by POST, so that no picture or link of someone else's can do it."""
    if isinstance(request.user, User):
        sessions.end_this(request.session, member=request.user, at=timezone.now())
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def _send(request: HttpRequest, *, number: str, onward: str, at: datetime, again: bool = False) -> Refused | None:
    """Send a code and remember the sign-in under way; the refusal when none was sent."""
    try:
        sent = operations.send_code(phone_number=number, address=address_of(request), at=at)
    except Refused as refusal:
        return refusal
    request.session[FIRST] = {
        "id": str(sent.verification_id),
        "number": number,
        "expires_at": sent.expires_at.isoformat(),
        "onward": onward,
        "again": again,
    }
    return None


def _code_page(
    request: HttpRequest,
    under_way: dict[str, Any],
    form: forms.CodeForm,
    refusal: Refused | None = None,
    **context: Any,
) -> HttpResponse:
    return _page(
        request,
        "signin_code",
        refusal,
        form=form,
        sent_to=rules.masked(under_way["number"]),
        expires_at=parse_datetime(under_way["expires_at"]),
        was_sent_again=under_way["again"],
        onward=under_way["onward"],
        **context,
    )


def _page(
    request: HttpRequest, name: str, refusal: Refused | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    if refusal is not None:
        status = refusal.status
    context["shows_outbox"] = settings.DEBUG
    context["way_in"] = invitations.way_in(joining.kept_invitation(request.session), at=timezone.now())
    response = render(request, f"accounts/signin/{name}.html", context, status=status)
    if refusal is not None and refusal.retry_after:
        response["Retry-After"] = str(refusal.retry_after)
    return response
