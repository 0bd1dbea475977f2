"""The admin's site: staff sign in where members do, and start at what needs a person now."""

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite


class CivitasAdminSite(UnfoldAdminSite):
    """Unfold's site without a second sign-in page of its own."""

    index_title = _("What needs a person")

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("/")
        return redirect(f"{reverse('accounts:signin')}?next={request.GET.get('next', reverse('admin:index'))}")


class CivitasAdminConfig(AdminConfig):
    default_site = "config.admin_site.CivitasAdminSite"
