"""/dev/outbox/: the SMS and e-mails that would have gone out. For development; only routed when DEBUG is on."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.notifications import queries


@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """The messages as a page; those that still wait for the worker too, so that a code can be read at once."""
    _only_in_development()
    return render(request, "accounts/notifications/outbox.html", {"messages_out": queries.newest_messages()})


@require_safe
@never_cache
def outbox_json(request: HttpRequest) -> JsonResponse:
    """The same for programs: [{"channel", "to", "body", "sent_at"}] (a waiting one: when it was written)."""
    _only_in_development()
    found = [
        {
            "channel": message.channel.lower(),
            "to": message.recipient,
            "body": message.body,
            "sent_at": message.sent_at or message.created_at,
        }
        for message in queries.newest_messages()
    ]
    return JsonResponse(found, safe=False)


def _only_in_development() -> None:
    # The routes exist in DEBUG alone; this holds even if someone routes them elsewhere.
    if not settings.DEBUG:
        raise Http404
