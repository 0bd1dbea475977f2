"""The member's language and time zone, for every page that they see."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.members.remembered import language_and_zone
from config.lib.away import answer_when_away

# The API speaks UTC, and so does the admin: staff of many places compare what they see.
_IN_UTC = ("/api/", "/admin/")


class PreferencesMiddleware:
    """After MemberMiddleware. Visitors keep what their browser asks for; without a session cookie it costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        try:
            zone = self._take_up(request)
        except DatabaseError as error:
            response = answer_when_away(request, error)
            if response is None:
                raise
            return response
        if zone is None or request.path.startswith(_IN_UTC):
            return self.get_response(request)
        with timezone.override(zone):
            return self.get_response(request)

    def _take_up(self, request: HttpRequest) -> ZoneInfo | None:
        if SESSION_KEY not in request.session or not request.user.is_authenticated:
            return None
        language, zone = language_and_zone(request.user.pk)
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()
        try:
            return ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            return None  # a name that this machine does not know: the site's own zone
