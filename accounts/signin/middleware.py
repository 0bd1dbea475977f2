"""What happens before every page: a session that no longer counts ends, and the member is noted as active."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.badges.operations import note_activity
from config.lib.away import answer_when_away

VERSION_KEY = "token_version"


class MemberMiddleware:
    """Last in line. A session lives as long as its member is not banned or closed and the token version stays the same.

    A visitor without a session cookie costs nothing here.
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
        note_activity(member=member, at=timezone.now())
