"""robots.txt (RFC 9309): what is nobody's business but its member's, and where the sitemaps are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from config.lib.links import absolute

# Where crawlers find nothing that a visitor may read, or the same once more.
_NOT_FOR_THEM = (
    "/admin/",
    "/api/",
    "/dev/",
    "/messages/",
    "/notifications/",
    "/search/",
    "/settings/",
    "/signin/",
    "/wallet/",
    "/write/",
    "/*?cursor=",
    "/*?sort=",
)


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read."""
    context = {"paths": _NOT_FOR_THEM, "sitemap": absolute(reverse("social:sitemaps"))}
    return render(request, "social/sharing/robots.txt", context, content_type="text/plain; charset=utf-8")
