"""Pages for requests that went wrong before any room could answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.lib.problems import answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: a stale tab, or someone else's page. Nothing was done."""
    if request.path.startswith("/api/"):
        return answer(403, "The CSRF token is missing or wrong.")
    return render(request, "csrf.html", status=403)
