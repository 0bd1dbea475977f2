"""The page of search, and what it offers while one types."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from config.lib.addresses import address_of
from config.lib.pagination import BadCursor
from config.lib.refusals import Refused
from social.search import kinds, operations, queries, rules
from social.search.queries import Results

ALL = "all"


class PageRequest(HttpRequest):
    """By type: a request with what our middleware adds to it."""

    htmx: HtmxDetails


@require_safe
def search(request: PageRequest) -> HttpResponse:
    """Everything that can be found, by kinds; or one kind, page by page."""
    typed = request.GET.get("q", "")
    kind = operations.kind_of(request.GET.get("type", ""))
    context: dict[str, Any] = {
        "q": rules.tidy(typed),
        "type": kind.name if kind else ALL,
        "tabs": _tabs(rules.tidy(typed), kind.name if kind else ALL),
        "examples": _examples(),
    }
    status = 200
    try:
        context |= _found(request, typed, kind)
    except Refused as refusal:
        context["refusal"] = refusal
        status = refusal.status
    response = render(request, "social/search/search.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(context["refusal"].retry_after)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _found(request: PageRequest, typed: str, kind: kinds.Kind | None) -> dict[str, Any]:
    query = operations.understood(typed)
    if query.is_empty:
        return {"is_too_wide": bool(query.terms or query.not_authors or query.not_tags or query.after or query.before)}
    asking: dict[str, Any] = {"text": typed, "reader": request.user, "address": address_of(request)}
    if kind is None:
        groups = operations.search_all(**asking)
        shown: dict[str, Any] = {"groups": groups, "is_found": bool(groups)}
    else:
        page = _page(asking, kind, request.GET.get("cursor", ""))
        shown = {"page": page, "is_found": bool(page.rows), **_neighbours(typed, page)}
    if not shown["is_found"]:
        shown["guesses"] = [(guess, _address(guess)) for guess in queries.guesses(query, request.user)]
    return shown


def _page(asking: dict[str, Any], kind: kinds.Kind, cursor: str) -> Results:
    try:
        return operations.search(kind=kind, cursor=cursor, **asking)
    except BadCursor:
        return operations.search(kind=kind, **asking)


@require_safe
def suggest(request: PageRequest) -> HttpResponse:
    """Pages and hashtags that begin like what is being typed. Whoever types too fast is offered nothing for a while."""
    typed = request.GET.get("q", "")
    if not request.htmx:
        return redirect(_address(rules.tidy(typed)))
    try:
        offered: Any = operations.suggest(text=typed, reader=request.user, address=address_of(request))
    except Refused:
        offered = None
    return render(request, "social/search/_suggestions.html", {"offered": offered})


def _address(q: str, kind: str = ALL, **more: str) -> str:
    asked = {"q": q} | ({"type": kind} if kind != ALL else {}) | more
    return f"{reverse('social:search')}?{urlencode(asked)}"


def _tabs(q: str, current: str) -> list[dict[str, Any]]:
    every = [(ALL, _("All"), "search"), *((kind.name, kind.label, kind.icon) for kind in kinds.registered())]
    return [
        {"label": label, "icon": icon, "url": _address(q, name), "is_current": name == current}
        for name, label, icon in every
    ]


def _neighbours(typed: str, page: Results) -> dict[str, str]:
    return {
        name: _address(typed, page.kind.name, cursor=cursor) if cursor else ""
        for name, cursor in (("next", page.next), ("previous", page.previous))
    }


def _examples() -> list[tuple[str, str]]:
    """What the language knows, each with an example to tap."""
    return [
        ('"rain water"', _("the words side by side")),
        (_("garden -winter"), _("one word without the other")),
        (_("garden @ana"), _("what a page has written")),
        ("#garden", _("posts under a hashtag")),
        (_("garden after:2026-11 before:2026-12-24"), _("from one day on, until before another")),
    ]
