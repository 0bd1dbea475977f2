"""Moving one's account to another phone number. A change under way is kept in the member's session alone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.signin import forms, rules
from accounts.signin.operations import numbers
from accounts.signin.operations.codes import HOUR
from accounts.signin.operations.proofs import needs_factor_if_any
from accounts.signin.views.frames import MemberRequest, land, page
from config.lib.addresses import address_of
from config.lib.pages import refusals_are_pages
from config.lib.refusals import Refused
from config.lib.runtime import figures
from config.lib.wording import duration

UNDER_WAY = "number_change"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
@needs_factor_if_any
def change_number(request: MemberRequest) -> HttpResponse:
    """Ask for the new number and send a code to both."""
    form = forms.NewNumberForm(request.POST or None)
    status, refusal = (422 if form.is_bound else 200), None
    if form.is_valid():
        number = form.cleaned_data["phone"]
        try:
            change = numbers.begin_change(
                member=request.user, phone_number=number, address=address_of(request), at=timezone.now()
            )
        except Refused as refused:
            refusal, status = refused, land(form, refused)
        else:
            request.session[UNDER_WAY] = {
                "old": str(change.old.verification_id) if change.old else None,
                "new": str(change.new.verification_id),
                "number": number,
                "expires_at": (change.old or change.new).expires_at.isoformat(),
                "old_is_proved": change.old is None,
            }
            return redirect("accounts:change_number_codes")
    context = {
        "form": form,
        "present": rules.masked(str(request.user.phone_number or "")),
        "held": duration(figures().COINS_HELD_HOURS * HOUR),
    }
    return page(request, "change_number", context, status=status, refusal=refusal)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("old_code", "new_code")
@refusals_are_pages
def change_number_codes(request: MemberRequest) -> HttpResponse:
    """Take both codes and change the number. Once the old number's was right, only the other is asked for."""
    under_way = request.session.get(UNDER_WAY)
    if under_way is None:
        return redirect("accounts:change_number")
    form = forms.NumberCodesForm(request.POST or None, old_is_proved=under_way["old_is_proved"])
    status, refusal = (422 if form.is_bound else 200), None
    if form.is_valid():
        try:
            _prove(request, under_way, **form.cleaned_data)
        except Refused as refused:
            refusal, status = refused, _land(form, under_way, refused)
        else:
            del request.session[UNDER_WAY]
            messages.success(
                request,
                _("Your number is changed. All other sessions are signed out, and no coins leave your wallet for now."),
            )
            return redirect("accounts:security")
    context = {
        "form": form,
        "old": rules.masked(str(request.user.phone_number or "")),
        "new": rules.masked(under_way["number"]),
        "old_is_proved": under_way["old_is_proved"],
        "expires_at": parse_datetime(under_way["expires_at"]),
    }
    return page(request, "change_number_codes", context, status=status, refusal=refusal)


def _prove(request: MemberRequest, under_way: dict[str, Any], *, new_code: str, old_code: str | None = None) -> None:
    address, now = address_of(request), timezone.now()
    if old_code is not None:
        numbers.prove_old(
            member=request.user, verification_id=UUID(under_way["old"]), code=old_code, address=address, at=now
        )
        under_way["old_is_proved"] = True
        request.session.modified = True
    numbers.change_number(
        request.session,
        member=request.user,
        old_id=UUID(under_way["old"]) if under_way["old"] else None,
        new_id=UUID(under_way["new"]),
        code=new_code,
        address=address,
        at=now,
    )


def _land(form: forms.NumberCodesForm, under_way: dict[str, Any], refusal: Refused) -> int:
    """The refusal at the code that it is about."""
    if refusal.field != "code":
        return land(form, refusal)
    if under_way["old_is_proved"]:
        form.fields.pop("old_code", None)  # it is dead now, and has done its work
    form.add_error("new_code" if under_way["old_is_proved"] else "old_code", str(refusal))
    return refusal.status
