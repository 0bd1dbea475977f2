"""Pages for requests that went wrong before any room could answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.lib.away import answer_when_away
from config.lib.problems import answer


class UnavailableMiddleware:
    """A page whose database is away or busy says so with 503 and Retry-After, instead of a broken page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for the refusals that a database error carries; leave every other exception alone."""
        return answer_when_away(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: a stale tab, or someone else's page. Nothing was done."""
    if request.path.startswith("/api/"):
        return answer(403, "The CSRF token is missing or wrong.")
    return HttpResponse(render_to_string("csrf.html", request=request), status=403)
