"""What server-rendered views share: a fragment for htmx or the whole page for everyone else."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.defaults import page_not_found

from config.lib.refusals import Refused


def render_fragment_or_page(
    request: HttpRequest,
    fragment: str,
    context: dict[str, Any],
    *,
    page: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The fragment when htmx asks, else the page that contains it, with the same status (422 keeps a refused form)."""
    wants_fragment = getattr(request, "htmx", False) and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, fragment if wants_fragment or page is None else page, context, status=status)


def way_back(request: HttpRequest, default: str) -> str:
    """Where `?next=` or the form's `next` leads, when it stays on this site; else the default."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours and target.startswith("/") and not urlsplit(target).netloc else default


def refusals_are_pages(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views: a refusal that no form has taken up becomes the page of its status (404, 403, 503)."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            moved_to = refusal.leads_to(request.path)
            if moved_to is not None:
                return _moved(request, moved_to)
            if refusal.status == 404:
                # Not raised: in development that would show the site's routes in place of the site's page.
                return page_not_found(request, Http404(str(refusal)))
            if refusal.status == 403:
                raise PermissionDenied(str(refusal)) from refusal
            template = "503.html" if refusal.status == 503 else "refused.html"
            response = render(request, template, {"refusal": refusal}, status=refusal.status)
            if refusal.retry_after:
                response.headers["Retry-After"] = str(refusal.retry_after)
            return response

    return spoken


def _moved(request: HttpRequest, path: str) -> HttpResponse:
    """A lasting redirect; what was sent by POST is sent again there. Not kept for good: old names become free."""
    query = request.META.get("QUERY_STRING", "")
    target = f"{path}?{query}" if query else path
    response = HttpResponsePermanentRedirect(target, preserve_request=request.method not in ("GET", "HEAD"))
    response.headers["Cache-Control"] = "max-age=3600"
    return response
