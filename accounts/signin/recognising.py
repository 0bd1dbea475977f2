"""Whom a request to the API says it comes from, before any view looks closer; only for counting."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from accounts.signin import tokens


def member_of_request(request: HttpRequest) -> str | None:
    """The member's id by a signed access token, else by the session; None for visitors.

    Whether the token has been ended is asked later: whoever holds it counts as the member until it expires.
    """
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        claims = tokens.read_access(token.strip())
        return str(claims.member_id) if claims is not None else None
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return request.session.get(SESSION_KEY)
    return None
