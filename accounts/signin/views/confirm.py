"""The page that asks anew who someone is, before something dangerous or before the admin; it leads back from where."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.signin import rules
from accounts.signin.forms import FactorForm, PasswordForm, SentCodeForm
from accounts.signin.operations import proving, sessions
from accounts.signin.operations.proving import Way
from accounts.signin.views.frames import MemberRequest, land, page, used
from config.lib.addresses import address_of
from config.lib.pages import refusals_are_pages, way_back
from config.lib.refusals import Refused

SENT = "proof_code"

_FORMS: dict[Way, type[forms.Form]] = {Way.FACTOR: FactorForm, Way.PASSWORD: PasswordForm, Way.SMS: SentCodeForm}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("answer")
@refusals_are_pages
def confirm_it_is_you(request: MemberRequest) -> HttpResponse:
    """Take a code, the password or the second factor, and go on to where it was asked for."""
    ways = proving.ways_of(request.user)
    chosen = request.POST.get("way") or request.GET.get("way") or ""
    way = Way(chosen) if chosen in ways else ways[0]
    return _ask(
        request,
        way,
        action=reverse("accounts:confirm_it_is_you"),
        onward=way_back(request, reverse("accounts:security")),
    )


@login_required
@never_cache
@require_POST
@refusals_are_pages
def send_proof(request: MemberRequest) -> HttpResponse:
    """Send a code to the member's number; the page that asks for it is the same as before."""
    onward = way_back(request, reverse("accounts:security"))
    try:
        sent = proving.send_proof(member=request.user, address=address_of(request), at=timezone.now())
    except Refused as refusal:
        form = SentCodeForm({})
        form.full_clean()
        form.errors.clear()
        status = land(form, refusal)
        return _page(request, form, Way.SMS, reverse("accounts:confirm_it_is_you"), onward, status, refusal)
    request.session[SENT] = {"id": str(sent.verification_id), "expires_at": sent.expires_at.isoformat()}
    where = urlencode({"next": onward, "way": Way.SMS.value})
    return redirect(f"{reverse('accounts:confirm_it_is_you')}?{where}")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("answer")
@refusals_are_pages
def staff_door(request: MemberRequest) -> HttpResponse:
    """Before the admin: staff give their second factor, or set one up first. Nobody else has business here."""
    if not request.user.is_staff:
        return redirect("/")
    onward = way_back(request, reverse("admin:index"))
    door = sessions.pass_staff_door(request.session, member=request.user, at=timezone.now())
    if door is sessions.Door.ENROL:
        return redirect(f"{reverse('accounts:second_factor')}?{urlencode({'next': onward})}")
    if door is sessions.Door.OPEN:
        return redirect(onward)
    return _ask(request, Way.FACTOR, action=reverse("accounts:staff_door"), onward=onward, is_for_staff=True)


def _ask(request: MemberRequest, way: Way, *, action: str, onward: str, is_for_staff: bool = False) -> HttpResponse:
    form = _FORMS[way](request.POST or None)
    status, refusal = (422 if form.is_bound else 200), None
    if form.is_valid():
        sent = request.session.get(SENT)
        try:
            proving.prove(
                request.session,
                member=request.user,
                way=way,
                answer=form.cleaned_data["answer"],
                verification_id=UUID(sent["id"]) if way is Way.SMS and sent else None,
                at=timezone.now(),
                **used(request),
            )
        except Refused as refused:
            refusal, status = refused, _land(form, refused)
        else:
            request.session.pop(SENT, None)
            return redirect(onward)
    return _page(request, form, way, action, onward, status, refusal, is_for_staff=is_for_staff)


def _land(form: Any, refusal: Refused) -> int:
    if refusal.field == "code":
        form.add_error("answer", str(refusal))
        return refusal.status
    return land(form, refusal)


def _page(
    request: MemberRequest,
    form: Any,
    way: Way,
    action: str,
    onward: str,
    status: int,
    refusal: Refused | None,
    *,
    is_for_staff: bool = False,
) -> HttpResponse:
    sent = request.session.get(SENT) if way is Way.SMS else None
    expires_at = parse_datetime(sent["expires_at"]) if sent else None
    if expires_at is not None and expires_at <= timezone.now() and not form.is_bound:
        expires_at = None
    context = {
        "form": form,
        "way": way.value,
        "ways": [other.value for other in proving.ways_of(request.user)],
        "action": action,
        "onward": onward,
        "expires_at": expires_at,
        "number": rules.masked(str(request.user.phone_number or "")),
        "is_for_staff": is_for_staff,
    }
    return page(request, "confirm_it_is_you", context, status=status, refusal=refusal)
