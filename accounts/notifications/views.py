"""The list of notifications, and the page on which members choose what they hear of."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.members import preferences
from accounts.members.operations import set_preferences
from accounts.members.queries import member_of
from accounts.notifications import forms, kinds, operations, queries
from accounts.notifications.readable import as_readable
from config.lib.pages import refusals_are_pages
from config.lib.pagination import keyset_page


@login_required
@never_cache
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """What the member has heard of, what happened last first; `?show=unread` for what is new alone."""
    member = member_of(request)
    is_unread_only = request.GET.get("show") == "unread"
    found = queries.notifications_of(member, unread_only=is_unread_only)
    page = keyset_page(request, found, *queries.NEWEST_FIRST)
    context = {
        "rows": [(row, kinds.kind_of(row.type)) for row in as_readable(page.rows)],
        "next": _address(request, page.next),
        "previous": _address(request, page.previous),
        "is_unread_only": is_unread_only,
        "is_all": not is_unread_only,
    }
    return render(request, "accounts/notifications/notifications.html", context)


@login_required
@never_cache
@require_safe
@refusals_are_pages
def open_notification(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Note that a notification was read, and go where it leads."""
    row = operations.mark_read(member=member_of(request), notification_id=notification_id, at=timezone.now())
    path = str(row.data.get("path", ""))
    # Paths are ours, made by the kinds; all the same none leads elsewhere.
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return redirect(path if is_ours else "accounts:notifications")


@login_required
@never_cache
@require_POST
def read_all_notifications(request: HttpRequest) -> HttpResponse:
    """Note that all notifications were read."""
    operations.mark_all_read(member=member_of(request), at=timezone.now())
    return redirect("accounts:notifications")


@never_cache
@require_safe
def unread_notifications(request: HttpRequest) -> JsonResponse:
    """How many there are to read, for pages that cannot hear of it live: {"unread": 3}."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    return JsonResponse({"unread": queries.unread_count(member_of(request).pk)})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def choose_notices(request: HttpRequest) -> HttpResponse:
    """What the member hears of, where and when."""
    member = member_of(request)
    if request.method != "POST":
        chosen = preferences.complete(member.profile.preferences)
        return _choices(request, forms.ChooseNotices(initial=forms.ChooseNotices.of(chosen)))
    form = forms.ChooseNotices(request.POST)
    if not form.is_valid():
        return _choices(request, form, status=422)
    set_preferences(member=member, at=timezone.now(), **form.preferences())
    messages.success(request, _("Your choices are saved."))
    return redirect("accounts:choose_notices")


def _choices(request: HttpRequest, form: forms.ChooseNotices, *, status: int = 200) -> HttpResponse:
    member = member_of(request)
    chosen = preferences.complete(member.profile.preferences)
    context: dict[str, Any] = {
        "form": form,
        "has_email": bool(member.email and member.email_verified),
        "time_zone": chosen["time_zone"],
    }
    return render(request, "accounts/notifications/choose_notices.html", context, status=status)


def _address(request: HttpRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"{request.path}?{query.urlencode()}"
