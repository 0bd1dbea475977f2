"""Errors of the API as problem details (RFC 9457): one shape for refusals, bad input, throttles and the unexpected.

    {"type": slug, "title": …, "status": 422, "detail": …, "errors": [{"field", "code", "detail"}]}

`type` is a stable slug per business error; the general ones are `malformed`, `not-authenticated`, `not-allowed`,
`not-found`, `method-not-allowed`, `unsupported-media-type`, `too-many-requests`, `unexpected`.
"""

import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from drf_standardized_errors.formatter import flatten_errors
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from config.lib.refusals import Refused, Unavailable, refusal_in

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)

_SLUGS = {
    400: "malformed",
    401: "not-authenticated",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    411: "malformed",
    412: "stale-version",
    413: "too-large",
    414: "too-large",
    415: "unsupported-media-type",
    429: "too-many-requests",
    500: "unexpected",
    503: "busy",
}


def problem(
    *,
    status: int,
    slug: str | None = None,
    title: str | None = None,
    detail: str = "",
    errors: list[dict[str, Any]] | None = None,
    **facts: Any,
) -> dict[str, Any]:
    """The body of a problem. `facts` are extension members (RFC 9457, section 3.2); they never hide a standard one."""
    body = {
        "type": slug or _SLUGS.get(status, "about:blank"),
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or [],
    }
    return _with_facts(body, facts)


def _with_facts(body: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """A refusal names its facts as its sentence needs them: one called like a standard member stays in the sentence."""
    return body | {name: str(fact) for name, fact in facts.items() if name not in body}


def of_refusal(refusal: Refused) -> dict[str, Any]:
    """The problem that speaks a refusal."""
    place = ".".join(name for name in (refusal.part, refusal.field) if name)  # bounty.amount, or bounty as a whole
    errors = [{"field": place, "code": refusal.slug, "detail": str(refusal)}] if place else []
    body = problem(
        status=refusal.status, slug=refusal.slug, title=str(refusal.title), detail=str(refusal), errors=errors
    )
    return _with_facts(body, refusal.facts)


class _Handler(ExceptionHandler):
    """The library's handler (conversion, headers, reporting to logs and signals) with our body and media type."""

    def should_not_handle(self, exc: Exception) -> bool:
        return False  # a problem in DEBUG too; the traceback is in the log

    def format_exception(self, exc: exceptions.APIException) -> dict:
        errors: list[dict[str, Any]] = []
        detail = str(exc.detail) if isinstance(exc.detail, str) else ""
        if isinstance(exc, exceptions.ValidationError):
            errors = [
                {
                    "field": None if error.attr == "non_field_errors" else error.attr,
                    "code": error.code,
                    "detail": error.detail,
                }
                for error in flatten_errors(exc.detail)
            ]
            detail = str(errors[0]["detail"]) if len(errors) == 1 else _("Some of what was sent cannot be used.")
        elif exc.status_code >= 500:
            detail = _("Something went wrong on our side. Nothing was changed; the error is in our log.")
        return problem(status=exc.status_code, detail=detail, errors=errors)

    def get_response(self, exc: exceptions.APIException, data: dict) -> Response:
        response = super().get_response(exc, data)
        response.content_type = MEDIA_TYPE
        return response


def handle(exc: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: every error leaves as a problem, refusals of the database included."""
    refusal = exc if isinstance(exc, Refused) else None
    if isinstance(exc, DatabaseError):
        refusal = refusal_in(exc)
        if isinstance(refusal, Unavailable):
            log.error("the database is away: %s", exc)
    if isinstance(exc, RequestDataTooBig):
        set_rollback()
        return Response(
            problem(status=413, detail=_("A body may hold at most 1 MiB.")),
            status=413,
            content_type=MEDIA_TYPE,
        )
    if refusal is None:
        return _Handler(exc, context).run()  # type: ignore[arg-type,return-value]
    set_rollback()
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
    moved_to = refusal.leads_to(context["request"].path) if context.get("request") is not None else None
    body = of_refusal(refusal)
    if moved_to is not None:
        # The method stays, and so does what was sent.
        headers["Location"], body["status"] = moved_to, 308
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)


def answer(status: int, detail: str = "", **more: Any) -> HttpResponse:
    """A problem outside of a DRF view."""
    return HttpResponse(
        json.dumps(problem(status=status, detail=detail, **more)), status=status, content_type=MEDIA_TYPE
    )


class ApiShellMiddleware:
    """Below /api/ nothing answers in HTML: unknown paths, foreign hosts, failures before the view become problems."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_api = request.path.startswith("/api/")
        if is_api and "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            # REST framework takes a body without a length for none at all, and would do less than was asked.
            return answer(411, "Say how long the body is (Content-Length).")
        response = self.get_response(request)
        if is_api and response.status_code >= 400 and not response.get("Content-Type", "").startswith(MEDIA_TYPE):
            return answer(response.status_code, _DETAILS.get(response.status_code, ""))
        return response


_DETAILS = {
    400: "This request cannot be read.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    500: "Something went wrong on our side. Nothing was changed; the error is in our log.",
}
