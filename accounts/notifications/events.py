"""GET /api/v1/events: what happens to a member, as server-sent events (WHATWG HTML, section 9.2).

A stream ends with the session or token that opened it, which is looked at every half minute. It holds a connection of
Redis and none of the database: that one goes back to the pool before the first event.
"""

import json
import logging
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from redis.exceptions import RedisError
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.members.models import User
from accounts.notifications import live
from accounts.notifications.queries import balances_of, unread_count
from accounts.signin import queries as sessions
from accounts.signin.authentication import CHALLENGE, BearerAuthentication
from accounts.signin.tokens import Claims
from config.lib.presence import Caller, caller_of
from config.lib.problems import answer, of_refusal
from config.lib.refusals import Refused

log = logging.getLogger(__name__)

KEEP_ALIVE = 15.0  # seconds of silence after which a comment is sent
LOOK_AGAIN = 30.0  # seconds after which it is asked whether the member is still signed in


@dataclass
class Listener:
    """Who listens, and by what right."""

    member_id: UUID
    place: str  # the name under which the stream is counted
    claims: Claims | None = None
    session_key: str = ""
    version: int = 0
    caller: Caller = field(default_factory=Caller)

    def member(self, *, at: datetime) -> User | None:
        """The member, for as long as they are signed in."""
        if self.claims is not None:
            is_good = self.claims.expires_at > at
            return sessions.member_of_access(self.claims, at=at) if is_good else None
        return sessions.member_of_session(self.session_key, version=self.version, at=at)

    def seconds_left(self, *, at: datetime) -> float:
        """How long the right lasts at most."""
        return (self.claims.expires_at - at).total_seconds() if self.claims is not None else float("inf")


def events(request: HttpRequest) -> HttpResponseBase:
    """The stream, for a member with a token or a session; 401, 405, 429 or 503 as a problem else."""
    if request.method != "GET":
        response: HttpResponseBase = answer(405, "This address does not take that method.")
        response.headers["Allow"] = "GET"
        return response
    try:
        listener = _admit(request)
    except AuthenticationFailed as refusal:
        return _unknown(str(refusal.detail))
    except Refused as refusal:
        response = answer(refusal.status)
        response.content = json.dumps(of_refusal(refusal)).encode()
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    if listener is None:
        return _unknown("Sign in, or send an access token.")
    response = StreamingHttpResponse(_stream(listener), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # for nginx: nothing is to be kept back
    return response


def _unknown(detail: str) -> HttpResponse:
    response = answer(401, detail)
    response.headers["WWW-Authenticate"] = CHALLENGE
    return response


def _admit(request: HttpRequest) -> Listener | None:
    """Who asks, with a place among the member's streams. May refuse with AuthenticationFailed, TooManyStreams."""
    by_token = BearerAuthentication().authenticate(Request(request))
    if by_token is not None:
        member, claims = by_token
        listener = Listener(member.pk, "", claims=claims)
    elif request.user.is_authenticated and request.session.session_key:
        listener = Listener(
            request.user.pk, "", session_key=request.session.session_key, version=request.user.token_version
        )
    else:
        return None
    listener.caller = caller_of(request)
    listener.place = live.take_place(listener.member_id)
    if listener.caller.is_gone:
        # Whoever clicks on while a page loads is gone before the stream begins; nothing would end it then.
        live.leave_place(listener.member_id, listener.place)
    return listener


async def _stream(listener: Listener) -> AsyncIterator[bytes]:
    ears = redis.asyncio.Redis.from_url(settings.REDIS_FOR_LIMITS, socket_connect_timeout=1, retry=None)
    heard = ears.pubsub()
    try:
        # First the ears, then the look: what happens between the two is heard.
        await heard.subscribe(live.channel_of(listener.member_id))
        state = None if listener.caller.is_gone else await sync_to_async(_look)(listener)
        if state is None:
            return
        # A restarted server is not stormed by everyone in the same instant.
        yield f"retry: {2000 + secrets.randbelow(3000)}\n\n".encode()
        for event in ("unread", "balance"):
            yield _told(event, state[event])
        async for chunk in _go_on(listener, heard, state):
            yield chunk
    except RedisError as error:
        log.warning("a stream ends, Redis is away: %s", type(error).__name__)
    finally:
        await _leave(listener, ears, heard)


async def _go_on(listener: Listener, heard: Any, state: dict[str, Any]) -> AsyncIterator[bytes]:
    """What is heard, until the member is signed out; a comment when there is silence."""
    said = looked = time.monotonic()
    while not listener.caller.is_gone:
        now = time.monotonic()
        left = listener.seconds_left(at=timezone.now())
        if left <= 0:
            return
        wait = min(said + KEEP_ALIVE - now, looked + LOOK_AGAIN - now, left)
        message = await heard.get_message(ignore_subscribe_messages=True, timeout=max(wait, 0.01))
        now = time.monotonic()
        if message is not None and message["type"] == "message":
            told = json.loads(message["data"])
            if told["event"] == "balance":
                state["balance"] = told["data"]
            yield _told(told["event"], told["data"])
            said = now
        if now >= looked + LOOK_AGAIN:
            looked = now
            anew = await sync_to_async(_look)(listener)
            if anew is None:
                return
            if anew["balance"] != state["balance"]:
                # Coins also move where nobody tells: a tip is settled, another program spends.
                yield _told("balance", anew["balance"])
                said = now
            state = anew
        if now >= said + KEEP_ALIVE:
            yield b": still here\n\n"
            said = now


def _told(event: str, data: Any) -> bytes:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()


def _look(listener: Listener) -> dict[str, Any] | None:
    """How things stand for the listener, None when they are signed in no longer; gives the connection back."""
    try:
        if listener.member(at=timezone.now()) is None:
            return None
        live.keep_place(listener.member_id, listener.place)
        return {
            "unread": {"unread": unread_count(listener.member_id)},
            "balance": balances_of([listener.member_id]).get(listener.member_id, {}),
        }
    except DatabaseError as error:
        log.warning("a stream ends, the database is away: %s", type(error).__name__)
        return None
    finally:
        if not connection.in_atomic_block:
            connection.close()


async def _leave(listener: Listener, ears: Any, heard: Any) -> None:
    """Give the place and the connections back, also when the reader has just gone away."""
    try:
        await ears.zrem(live.place_key(listener.member_id), listener.place)
        await heard.aclose()
        await ears.aclose()
    except RedisError as error:
        log.warning("a stream's place is given back when its time is over: %s", type(error).__name__)
