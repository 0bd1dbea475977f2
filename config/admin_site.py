"""The admin's site: staff sign in where members do, give their second factor, and start at what needs a person now."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite


class CivitasAdminSite(UnfoldAdminSite):
    """Unfold's site without a second sign-in page of its own, and with a second factor before every page."""

    index_title = _("What needs a person")

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff whose second factor was given in this session, at most eight hours ago and without an idle hour."""
        # The site is made before the tables are.
        from accounts.signin.operations.sessions import Door, pass_staff_door

        if not super().has_permission(request):
            return False
        if not hasattr(request, "staff_door"):
            request.staff_door = pass_staff_door(  # type: ignore[attr-defined]
                request.session,
                member=request.user,  # type: ignore[arg-type]
                at=timezone.now(),
            )
        return request.staff_door is Door.OPEN  # type: ignore[attr-defined]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Where whoever may not enter is sent: visitors to sign in, staff to their second factor, others home."""
        from accounts.signin.operations.failures import note_refused_at_admin

        onward = request.GET.get("next", reverse("admin:index"))
        if not request.user.is_authenticated:
            return redirect(f"{reverse('accounts:signin')}?{urlencode({'next': onward})}")
        if not super().has_permission(request):
            note_refused_at_admin(member=request.user, at=timezone.now())
            return redirect("/")
        return redirect(f"{reverse('accounts:staff_door')}?{urlencode({'next': onward})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Where every member changes it: there it must be strong, all else is signed out, and its owner is told."""
        return redirect("accounts:change_password")


class CivitasAdminConfig(AdminConfig):
    default_site = "config.admin_site.CivitasAdminSite"
