"""Fresh proofs: before something dangerous, a session must have proved within a quarter of an hour who uses it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.members.models import User
from accounts.signin.models import BrowserSession
from accounts.signin.operations import sessions

FRESH_FOR = timedelta(minutes=15)


def is_fresh(session: SessionBase, *, member: User, at: datetime) -> bool:
    """Whether this session has lately proved that the member uses it."""
    return BrowserSession.objects.filter(
        session_key=session.session_key, user=member, proved_at__gt=at - FRESH_FOR
    ).exists()


def note_proof(
    session: SessionBase, *, member: User, address: str, user_agent: str, second_factor: bool, at: datetime
) -> None:
    """Note that the member has just proved here who they are; `second_factor`: by an authenticator or recovery code."""
    row = BrowserSession.objects.filter(session_key=session.session_key, user=member).first()
    if row is None:
        row = sessions.enter(session, member=member, address=address, user_agent=user_agent, at=at)
    row.proved_at = at
    if second_factor:
        row.second_factor_at = at
    row.save(update_fields=["proved_at", "second_factor_at"])


def needs_fresh_proof(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views that do or prepare something dangerous: without a fresh proof they lead to the page that asks for one.

    That page leads back here. What a form had sent is not kept: its page asks again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not is_fresh(request.session, member=request.user, at=timezone.now()):
            return redirect(f"{reverse('accounts:confirm_it_is_you')}?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return guarded


def needs_factor_if_any(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views that ask for a proof of the number: members with a second factor, or without a number, prove more."""
    proved = needs_fresh_proof(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = request.user
        needs_more = member.is_authenticated and (member.has_second_factor or member.phone_number is None)
        return (proved if needs_more else view)(request, *args, **kwargs)

    return guarded
