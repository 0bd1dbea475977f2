"""/unsubscribe/<token>/: stopping a list of e-mails, without signing in.

GET asks, because programs follow links before people do. POST does it, also for the mailbox's own button, which sends
no cookie and no token of ours (RFC 8058): the signed address is what allows it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.notifications import kinds, stops
from accounts.notifications.operations.unsubscribing import unsubscribe as stop_sending
from config.lib.pages import refusals_are_pages
from config.lib.refusals import NotThere


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then send no more of it. Whose e-mails these are is not said: the link may have been passed on."""
    stop = stops.read(token)
    if stop is None:
        raise NotThere()
    kind = kinds.kind_of(stop.list_name)
    context = {
        "is_digest": stop.list_name == stops.DIGEST,
        "label": kind.label if kind else stop.list_name,
        "is_done": request.method == "POST",
    }
    if request.method == "POST":
        stop_sending(stop=stop, at=timezone.now())
    response = render(request, "accounts/notifications/unsubscribe.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
