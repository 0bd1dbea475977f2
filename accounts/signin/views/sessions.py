"""The browsers and programs that a member is signed in with, and ending them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.signin import queries
from accounts.signin.devices import Device, device_of
from accounts.signin.operations import sessions
from accounts.signin.views.frames import MemberRequest
from config.lib.pages import refusals_are_pages


@dataclass(frozen=True)
class Line:
    """One session as its member sees it."""

    id: UUID
    device: Device
    address: str | None
    began_at: datetime
    used_at: datetime
    is_this: bool = False


@login_required
@never_cache
@require_safe
def my_sessions(request: MemberRequest) -> HttpResponse:
    """Every browser and program that is signed in, this one first."""
    now, here = timezone.now(), request.session.session_key
    browsers = [
        Line(
            row.pk, device_of(row.user_agent), row.ip_address, row.created_at, row.last_used_at, row.session_key == here
        )
        for row in queries.browsers_of(request.user, at=now)
    ]
    programs = [
        Line(row.pk, device_of(row.user_agent), row.ip_address, row.created_at, row.last_used_at)
        for row in queries.programs_of(request.user, at=now)
    ]
    browsers.sort(key=lambda line: not line.is_this)
    context = {
        "browsers": browsers,
        "programs": programs,
        "others": sum(not line.is_this for line in browsers) + len(programs),
    }
    return render(request, "accounts/signin/my_sessions.html", context)


@login_required
@never_cache
@require_POST
@refusals_are_pages
def end_session(request: MemberRequest, session_id: UUID) -> HttpResponse:
    """Sign one browser out; one's own too."""
    is_this = any(
        row.pk == session_id and row.session_key == request.session.session_key
        for row in queries.browsers_of(request.user, at=timezone.now())
    )
    sessions.end_session(member=request.user, session_id=session_id, at=timezone.now())
    if is_this:
        logout(request)
        return redirect("/")
    messages.success(request, _("That browser is signed out."))
    return redirect("accounts:my_sessions")


@login_required
@never_cache
@require_POST
@refusals_are_pages
def end_program(request: MemberRequest, family_id: UUID) -> HttpResponse:
    """Sign one program out."""
    sessions.end_program(member=request.user, family_id=family_id, at=timezone.now())
    messages.success(request, _("That program is signed out."))
    return redirect("accounts:my_sessions")


@login_required
@never_cache
@require_POST
def end_other_sessions(request: MemberRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    sessions.end_others(request.session, member=request.user, at=timezone.now())
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect("accounts:my_sessions")
