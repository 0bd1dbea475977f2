"""What happens before every page: a session that no longer counts ends, and the member is noted as active."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.middleware import SessionMiddleware
from django.core import signing
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac

from accounts.badges.operations import note_activity
from accounts.members.models import User
from accounts.signin.operations import sessions
from accounts.signin.operations.sessions import BEGUN_KEY, VERSION_KEY
from config.lib.addresses import address_of
from config.lib.away import answer_when_away


class KindSessionMiddleware(SessionMiddleware):
    """Django's, except that a cookie of a session that is gone is left alone instead of being taken away.

    Pressed twice, the button that signs in is answered twice: the first answer gives a new cookie, the second, still
    asked with the old one, would take it away again. A session that ends here (signing out) takes its cookie along.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = getattr(request, "session", None)
        if session is None or session.modified or not session.is_empty():
            return super().process_response(request, response)
        if session.accessed:
            patch_vary_headers(response, ("Cookie",))
        return response


class MemberMiddleware:
    """A session lives as long as its member is not banned or closed and the token version stays the same.

    A visitor without a session cookie costs nothing here. Every five minutes the session is noted as used; its row in
    the list is gone when it was ended from elsewhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            try:
                self._look_at_session(request)
            except DatabaseError as error:
                # No view has been asked yet, so nobody else will speak for this.
                response = answer_when_away(request, error)
                if response is None:
                    raise
                return response
        return self.get_response(request)

    def _look_at_session(self, request: HttpRequest) -> None:
        if SESSION_KEY not in request.session:
            return
        member = request.user
        if not member.is_authenticated:
            # Django no longer names a member here (banned, closed, gone), but the session still holds their things.
            request.session.flush()
            return
        # A sign-in by another door (the admin's) has not written the version; it binds with the first page.
        if request.session.setdefault(VERSION_KEY, member.token_version) != member.token_version:
            logout(request)
            return
        now = timezone.now()
        used = {"address": address_of(request), "user_agent": request.headers.get("User-Agent", "")}
        if not sessions.note_use(request.session, member=member, at=now, **used):
            logout(request)
            return
        note_activity(member=member, at=now)


class DeviceMiddleware:
    """Between the session and the views: after a sign-in it looks whether this browser has held the member before.

    The browser itself remembers, in a signed cookie of pseudonyms; one that does not know the member is new, and they
    are told. Whoever copies the cookie can sign in no better for it.
    """

    LASTS = timedelta(days=400)
    MOST = 5  # members remembered by one browser

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        # Only a request that wrote to its session can have signed in; the others do not even load it.
        if session.modified and session.pop(BEGUN_KEY, False) and request.user.is_authenticated:
            self._know(request, response, request.user)
        return response

    def _know(self, request: HttpRequest, response: HttpResponse, member: User) -> None:
        known = _read(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""))
        name = salted_hmac("accounts.signin.device", str(member.pk)).hexdigest()[:16]
        if name not in known:
            sessions.tell_of_browser(
                member=member,
                address=address_of(request),
                user_agent=request.headers.get("User-Agent", ""),
                at=timezone.now(),
            )
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            signing.dumps([name, *(other for other in known if other != name)][: self.MOST], salt=_SALT),
            max_age=int(self.LASTS.total_seconds()),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


_SALT = "accounts.signin.device"


def _read(cookie: str) -> list[str]:
    try:
        names = signing.loads(cookie, salt=_SALT)
    except signing.BadSignature:
        return []
    return names if isinstance(names, list) else []
