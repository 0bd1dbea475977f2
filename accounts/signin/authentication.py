"""Who is asking the API: a program with an access token, or the site's own pages with their session."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.badges.operations import note_activity
from accounts.members.models import User
from accounts.signin import queries, tokens

CHALLENGE = 'Bearer realm="civitas"'


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`, read from the header alone. One query finds member and family.

    A token is refused as soon as its family has ended, its member was banned or closed, or the member's token version
    has risen.
    """

    def authenticate(self, request: Request) -> tuple[User, tokens.Claims] | None:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        claims = tokens.read_access(token.strip())
        member = queries.member_of_access(claims, at=timezone.now()) if claims is not None else None
        if claims is None or member is None:
            raise AuthenticationFailed(_("This access token is not, or no longer, good. Refresh it or sign in again."))
        note_activity(member=member, at=timezone.now())
        return member, claims

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class MemberSessionAuthentication(SessionAuthentication):
    """The session of the site's own pages; every command needs the CSRF token (403 without).

    `MemberMiddleware` has already noted the activity and ended sessions that no longer count.
    """

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class BearerScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document speaks of access tokens."""

    target_class = "accounts.signin.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class SessionScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document speaks of the site's session."""

    target_class = "accounts.signin.authentication.MemberSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
