"""Who acts now, said to the database in the transaction that changes a watched table, and nowhere else.

The facts are read when they are needed, because the API learns who asks only inside the view. They are set for one
transaction (`set_config(…, true)`), so a connection that goes back to the pool takes nothing along.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from accounts.audit.watching import changes_what_is_watched
from config.lib.addresses import address_of

_speaker: ContextVar[Callable[[], dict[str, Any]] | None] = ContextVar("audit_speaker", default=None)
_LONGEST_AGENT = 300


def facts() -> dict[str, Any]:
    """Who acts now: account, page, address, agent, reason; only what is known."""
    speaker = _speaker.get()
    return {name: fact for name, fact in speaker().items() if fact} if speaker is not None else {}


@contextmanager
def acting(**known: Any) -> Iterator[None]:
    """Within it, changes are made by whom `known` says (account, page, address, agent, reason), on top of what was."""
    before = facts()
    with _spoken(lambda: {**before, **known}):
        yield


@contextmanager
def _spoken(speaker: Callable[[], dict[str, Any]]) -> Iterator[None]:
    token = _speaker.set(speaker)
    try:
        if _say_who in connection.execute_wrappers:
            yield
        else:
            with connection.execute_wrapper(_say_who):
                yield
    finally:
        _speaker.reset(token)


def _say_who(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not isinstance(sql, str) or not changes_what_is_watched(sql):
        return execute(sql, params, many, context)
    if connection.in_atomic_block:
        _tell()
        return execute(sql, params, many, context)
    with transaction.atomic():
        _tell()
        return execute(sql, params, many, context)


# Prepared calls of SQL functions write no watched table: they need not go the long way (config.lib.calls).
_say_who.lets_calls_pass = True  # type: ignore[attr-defined]


def _tell() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('civitas.acting', %s, true)", [json.dumps(facts(), default=str)])


class ActingMiddleware:
    """Every request speaks for its member, whoever that turns out to be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with _spoken(lambda: _facts_of(request)):
            return self.get_response(request)


def _facts_of(request: HttpRequest) -> dict[str, Any]:
    user: Any = getattr(request, "user", None)
    session: Any = getattr(request, "session", None)
    page = session.get("acting_page") if session is not None else None
    return {
        "account": user.pk if user is not None and user.is_authenticated else None,
        "page": page if _is_id(page) else None,
        "address": address_of(request),
        "agent": request.headers.get("User-Agent", "")[:_LONGEST_AGENT].replace("\x00", ""),
    }


def _is_id(text: Any) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True
