"""The second step of a sign-in: the authenticator, a proof after long silence, or the word to open a closed account."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.signin import forms
from accounts.signin.models import SecondStep
from accounts.signin.operations import StepOver, finish
from accounts.signin.views.frames import land, page
from accounts.signin.views.opening import SECOND, go_on, step_under_way
from config.lib.pages import refusals_are_pages
from config.lib.refusals import Refused

Needs = SecondStep.Needs


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("code")
@refusals_are_pages
def signin_second(request: HttpRequest) -> HttpResponse:
    """Take the second proof and open the session."""
    step = step_under_way(request)
    if request.user.is_authenticated:
        return redirect("/")
    if step is None or _is_over(step, timezone.now()):
        request.session.pop(SECOND, None)
        return redirect("accounts:signin")
    needs = Needs(step["needs"])
    form = forms.SECOND_FORMS[needs](request.POST or None)
    if not form.is_bound:
        form.fields["code"].widget.attrs["autofocus"] = True  # after a refusal the words about it come first
    status, refusal = (422 if form.is_bound else 200), None
    if form.is_valid():
        try:
            result = finish(token=step["token"], code=form.cleaned_data["code"], at=timezone.now())
        except Refused as refused:
            refusal, status = refused, land(form, refused)
            if isinstance(refused, StepOver):
                request.session.pop(SECOND, None)
        else:
            return go_on(request, result, onward=step["onward"])
    context = {
        "form": form,
        "needs": needs.value,
        "hint": step["hint"],
        "closed_until": parse_datetime(step["hint"]) if needs is Needs.RETURN and step["hint"] else None,
        "expires_at": parse_datetime(step["expires_at"]),
        "onward": step["onward"],
        "is_over": SECOND not in request.session,
        "shows_outbox": settings.DEBUG and needs is Needs.EMAIL,
    }
    return page(request, "signin_second", context, status=status, refusal=refusal)


def _is_over(step: dict[str, Any], at: datetime) -> bool:
    expires_at = parse_datetime(step["expires_at"])
    return expires_at is None or expires_at <= at
