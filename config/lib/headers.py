"""Headers that every answer carries, and the ones that depend on where it comes from (reliability.md, exact values)."""

from collections.abc import Callable

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import empty

PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), payment=()"

_API = {"default-src": [NONE], "frame-ancestors": [NONE]}
_ADMIN = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}


class HeadersMiddleware:
    """Outermost: what no view may forget. A member's pages are for that member alone and kept by nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        elif _is_for_a_member(request) and not request.path.startswith(settings.MEDIA_URL):
            # Pictures are the same for everyone, and a page of them must not fetch each one anew.
            response.headers["Cache-Control"] = "private, no-store"
        return response


def _is_for_a_member(request: HttpRequest) -> bool:
    """Whether a member was recognised. Who is asking is not looked up now: the database may be why there is no page."""
    user = getattr(request, "user", None)
    return user is not None and getattr(user, "_wrapped", None) is not empty and user.is_authenticated


class PolicyOfPathMiddleware:
    """The API allows nothing to load; the admin (Unfold) needs eval and inline styles of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_replace = _ADMIN  # type: ignore[attr-defined]
        elif request.path.startswith("/api/") and not request.path.startswith("/api/v1/docs/"):
            response._csp_config = _API  # type: ignore[attr-defined]
        return response
