"""What a request hears while the database is away or busy: 503 with Retry-After, as a page or as a problem."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.lib.problems import answer
from config.lib.refusals import refusal_in

log = logging.getLogger(__name__)


def answer_when_away(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The answer for an error that says that the database is away or busy; None for every other error."""
    refusal = refusal_in(error) if isinstance(error, DatabaseError) else None
    if refusal is None or refusal.status != 503:
        return None
    log.error("the database is away or busy: %s", error)
    if request.path.startswith("/api/"):
        response = answer(503, str(refusal), slug=refusal.slug, title=str(refusal.title))
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response
