"""The pages of leaving: a copy of one's data, closing the account, and the page after that."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.departures import files, forms, operations, queries, rules
from accounts.members.queries import member_of
from accounts.signin.operations.proofs import needs_fresh_proof
from config.lib.pages import refusals_are_pages, render_fragment_or_page
from config.lib.refusals import NotThere, Refused
from config.lib.runtime import figures

CLOSED_UNTIL = "closed_until"  # in the session of whoever has just closed their account
_PIECE = 256 * 1024


@login_required
@never_cache
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Copies of one's data, and the way out."""
    return _my_data(request)


@login_required
@never_cache
@require_POST
@refusals_are_pages
def ask_for_export(request: HttpRequest) -> HttpResponse:
    """Have a copy made."""
    try:
        operations.ask_for_export(member=member_of(request), at=timezone.now())
    except Refused as refusal:
        if refusal.status != 429:
            raise
        response = _my_data(request, refused=str(refusal), status=refusal.status)
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    return redirect("accounts:my_data")


def _my_data(request: HttpRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    exports = queries.exports_of(member_of(request))
    context = {
        "exports": exports,
        "is_being_made": any(export.status == export.Status.WAITING for export in exports),
        "kept_days": figures().EXPORT_DAYS,
        "close_days": figures().CLOSE_DAYS,
        "refused": refused,
    }
    return render_fragment_or_page(
        request, "accounts/departures/_exports.html", context, page="accounts/departures/my_data.html", status=status
    )


@login_required
@never_cache
@require_safe
@refusals_are_pages
@needs_fresh_proof
def fetch_export(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The zip itself: for its owner, freshly proved, while its days last. Anybody else finds nothing here."""
    member = member_of(request)
    export = queries.export_to_fetch(member, export_id, at=timezone.now())
    path = files.path_of(export.file)
    if not path.exists():
        raise NotThere()
    name = rules.shown_file_name(member.primary_page.username, export.ready_at or export.created_at)
    response: Any
    if isinstance(request, ASGIRequest):
        # A slow reader must not hold a connection of the pool until the last byte.
        connection.close()
        response = StreamingHttpResponse(_pieces(path))
    else:
        response = FileResponse(path.open("rb"))
    for header, value in (
        ("Content-Type", "application/zip"),
        ("Content-Length", str(export.size)),
        ("Content-Disposition", f'attachment; filename="{name}"'),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "sandbox; default-src 'none'"),
    ):
        response.headers[header] = value
    return response


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs_fresh_proof
@refusals_are_pages
def close_account(request: HttpRequest) -> HttpResponse:
    """Say what will happen, and then close the account."""
    form = forms.CloseAccount(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            until = operations.close_account(member=member_of(request), at=timezone.now(), **form.choices_made())
        except Refused as refusal:
            if refusal.status not in (409, 422):
                raise
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            logout(request)
            request.session[CLOSED_UNTIL] = until.isoformat()
            return redirect("accounts:account_closed")
    return _close_page(request, form, timezone.now(), status=status)


def _close_page(request: HttpRequest, form: forms.CloseAccount, at: datetime, *, status: int) -> HttpResponse:
    days = figures().CLOSE_DAYS
    context = {"form": form, "days": days, "until": at + timedelta(days=days)}
    return render(request, "accounts/departures/close_account.html", context, status=status)


@never_cache
@require_safe
def account_closed(request: HttpRequest) -> HttpResponse:
    """Good-bye, and until when one may come back."""
    until = parse_datetime(request.session.get(CLOSED_UNTIL, ""))
    if until is None or request.user.is_authenticated:
        return redirect("/")
    return render(request, "accounts/departures/account_closed.html", {"until": until})
