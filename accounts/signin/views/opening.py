"""What follows a proof on the pages of signing in: the open session, or the second step that waits in the visitor's."""

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.invitations import under_way as joining
from accounts.signin.operations import SignedIn, Step, sessions
from accounts.signin.views.frames import used

FIRST, SECOND = "signin", "signin_second"  # in the visitor's session
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def go_on(request: HttpRequest, result: SignedIn | Step, *, onward: str) -> HttpResponse:
    """Open the session and go where the visitor wanted to, or ask for what is still to be proved."""
    request.session.pop(FIRST, None)
    if isinstance(result, Step):
        request.session[SECOND] = {
            "token": result.token,
            "needs": result.needs.value,
            "expires_at": result.expires_at.isoformat(),
            "hint": result.hint,
            "onward": onward,
        }
        return redirect("accounts:signin_second")
    # A new session key, so that whoever planted the visitor's old one has nothing.
    login(request, result.member, backend=_BACKEND)
    request.session.pop(SECOND, None)
    joining.forget(request.session)
    sessions.begin(
        request.session,
        member=result.member,
        second_factor=result.has_second_factor,
        at=timezone.now(),
        **used(request),
    )
    return redirect(onward)


def step_under_way(request: HttpRequest) -> dict[str, Any] | None:
    """The second step that waits in this visitor's session, if one does."""
    return request.session.get(SECOND)
