"""What the pages of security share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.members.models import User
from config.lib.addresses import address_of
from config.lib.refusals import Refused


class MemberRequest(HttpRequest):
    """By type: a request of a member, for views that let nobody else in."""

    user: User


# What a member can mend on the form itself. Anything else (404, 403, 503) is a page of its own.
_ON_THE_FORM = (409, 422, 429)


def land(form: Any, refusal: Refused) -> int:
    """Put a refusal on the form, at its field when it names one; what was typed stays. The status to answer with."""
    if refusal.status not in _ON_THE_FORM:
        raise refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return refusal.status


def used(request: HttpRequest) -> dict[str, str]:
    """From where and with what a request comes."""
    return {"address": address_of(request), "user_agent": request.headers.get("User-Agent", "")}


def page(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200, refusal: Refused | None = None
) -> HttpResponse:
    """The page, saying when to come again if the refusal does."""
    response = render(request, f"accounts/signin/{name}.html", context, status=status)
    if refusal is not None and refusal.retry_after:
        response["Retry-After"] = str(refusal.retry_after)
    return response
