import asyncio
import json
import time
from datetime import timedelta
from decimal import Decimal

import pytest
import redis
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.members.models import User
from accounts.notifications import events, live, operations
from accounts.notifications.operations import owe_notice
from accounts.notifications.tests.streams import (
    PATH,
    bearer,
    hang_up,
    hearing,
    open_stream,
    read,
    session_of,
    until_over,
)
from accounts.signin.models import TokenFamily
from config.lib import limits
from config.lib.presence import Caller
from config.lib.runtime import figures


@pytest.fixture(autouse=True)
def _redis_is_back():
    yield
    limits._asked_again_at = 0.0


def _tell(member, coins="5.00"):
    owe_notice(user_id=member.pk, kind="badge", data={"badge": "Early"}, coins=Decimal(coins), at=timezone.now())
    operations.gather(at=timezone.now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by", ["token", "session"])
def test_a_member_hears_of_what_happens(alice, by):
    given = {"headers": bearer(alice)} if by == "token" else {"cookie": session_of(alice)}
    operations.gather(at=timezone.now())

    async def listen():
        response = await open_stream(**given)
        assert response.status_code == 200
        assert response["Content-Type"] == "text/event-stream"
        assert response["Cache-Control"] == "no-store"
        chunks = aiter(response)
        first = await read(chunks, 2)
        await sync_to_async(_tell)(alice)
        then = await read(chunks, 2)
        await sync_to_async(operations.mark_all_read)(member=alice, at=timezone.now())
        last = await read(chunks, 1)
        await hang_up(chunks)
        return first, then, last

    first, then, last = async_to_sync(listen)()
    assert first == [("unread", {"unread": 1}), ("balance", {"balance": "100.00", "available": "100.00"})]
    (name, notice), (other, balance) = then
    assert (name, notice["type"], notice["title"]) == ("notification", "badge", "You have a new badge: Early")
    assert (notice["unread"], set(notice)) == (2, {"id", "type", "title", "message", "path", "unread"})
    assert (other, balance["available"]) == ("balance", "100.00")
    assert last == [("unread", {"unread": 0})]


@pytest.mark.django_db(transaction=True)
def test_what_is_added_to_an_unread_one_is_not_announced_again(alice):
    operations.gather(at=timezone.now())
    given = bearer(alice)
    _tell(alice)

    async def listen():
        async with hearing(headers=given) as chunks:
            await read(chunks, 2)
            await sync_to_async(_tell)(alice)
            return await read(chunks, 1)

    assert [name for name, _data in async_to_sync(listen)()] == ["balance"]


@pytest.mark.django_db(transaction=True)
def test_mallory_hears_nothing_of_alice(alice, mallory, monkeypatch):
    monkeypatch.setattr(events, "KEEP_ALIVE", 0.3)
    operations.gather(at=timezone.now())
    given = bearer(mallory)

    async def listen():
        async with hearing(headers=given) as chunks:
            await read(chunks, 2)
            await sync_to_async(_tell)(alice)
            async with asyncio.timeout(3):
                return await anext(chunks)

    assert async_to_sync(listen)() == b": still here\n\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", ["family", "session", "ban", "version"])
def test_a_stream_ends_with_what_opened_it(alice, ending, monkeypatch):
    monkeypatch.setattr(events, "LOOK_AGAIN", 0.2)
    given = {"cookie": session_of(alice)} if ending == "session" else {"headers": bearer(alice)}

    def end():
        if ending == "family":
            TokenFamily.objects.update(ended_at=timezone.now())
        elif ending == "session":
            Session.objects.all().delete()
        elif ending == "ban":
            User.objects.filter(pk=alice.pk).update(status="BANNED")
        else:
            User.objects.filter(pk=alice.pk).update(token_version=99)

    async def listen():
        async with hearing(**given) as chunks:
            await read(chunks, 2)
            await sync_to_async(end)()
            return await until_over(chunks)

    async_to_sync(listen)()


@pytest.mark.django_db(transaction=True)
def test_a_stream_ends_when_its_token_expires(alice):
    given = bearer(alice, at=timezone.now() - timedelta(minutes=15) + timedelta(seconds=2))

    async def listen():
        async with hearing(headers=given) as chunks:
            return await until_over(chunks)

    assert async_to_sync(listen)()


@pytest.mark.django_db(transaction=True)
def test_a_stream_holds_no_connection_of_the_database(alice):
    given = bearer(alice)

    async def listen():
        async with hearing(headers=given) as chunks:
            await read(chunks, 2)
            return await sync_to_async(lambda: connection.connection is None)()

    assert async_to_sync(listen)()


@pytest.mark.django_db(transaction=True)
def test_a_sixth_stream_is_refused_until_one_is_closed(alice):
    given = bearer(alice)
    most = figures().STREAMS_PER_MEMBER

    async def listen():
        streams = []
        for _stream in range(most):
            streams.append(aiter(await open_stream(headers=given)))
            await read(streams[-1], 2)
        refused = await open_stream(headers=given)
        await hang_up(streams[0])
        after = await open_stream(headers=given)
        streams[0] = aiter(after)
        await read(streams[0], 2)
        for stream in streams:
            await hang_up(stream)
        return refused, after

    refused, after = async_to_sync(listen)()
    assert refused.status_code == 429
    assert refused["Retry-After"] == "30"
    assert refused["Content-Type"] == "application/problem+json"
    assert json.loads(refused.content)["type"] == "too-many-streams"
    assert after.status_code == 200


def places_of(member):
    return limits.client().zcard(live.place_key(member.pk))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("gone_at", ["the door", "the beginning", "a word"])
def test_a_stream_of_someone_who_has_gone_ends_and_is_counted_no_more(alice, gone_at, monkeypatch):
    # A server cancels once; here that one cancellation was lost while the request was still in a thread.
    given, caller = bearer(alice), Caller(is_gone=gone_at == "the door")
    monkeypatch.setattr(events, "caller_of", lambda request: caller)

    async def listen():
        response = await open_stream(headers=given)
        at_the_door = await sync_to_async(places_of)(alice)
        caller.is_gone = caller.is_gone or gone_at == "the beginning"
        chunks = aiter(response)
        if gone_at == "a word":
            await read(chunks, 2)
            caller.is_gone = True
        return at_the_door, await until_over(chunks)

    at_the_door, said = async_to_sync(listen)()
    assert at_the_door == (gone_at != "the door")
    assert said == []
    assert places_of(alice) == 0


@pytest.mark.django_db(transaction=True)
def test_a_stream_that_never_began_is_not_counted_for_long(alice):
    before = time.time()
    async_to_sync(open_stream)(headers=bearer(alice))  # nobody reads it
    [(_name, until)] = limits.client().zrange(live.place_key(alice.pk), 0, -1, withscores=True)
    assert 9 < until - before < 12


@pytest.mark.django_db(transaction=True)
def test_a_stream_that_goes_on_is_counted_beyond_its_next_look(alice):
    given = bearer(alice)

    async def listen():
        async with hearing(headers=given) as chunks:
            await read(chunks, 2)
            return await sync_to_async(limits.client().zrange)(live.place_key(alice.pk), 0, -1, withscores=True)

    before = time.time()
    [(_name, until)] = async_to_sync(listen)()
    assert until - before > 2 * events.LOOK_AGAIN


@pytest.mark.django_db(transaction=True)
def test_visitors_and_bad_tokens_are_told_to_sign_in(alice):
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Bearer " + "x" * 5000}):
        answer = Client(headers=headers).get(PATH)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert Client(headers=bearer(alice)).post(PATH).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_without_redis_listeners_are_sent_away_and_nothing_else_fails(alice, monkeypatch):
    def away(*given, **more):
        raise redis.ConnectionError("away")

    given = bearer(alice)
    monkeypatch.setattr(live, "_place_taker", lambda address: away)
    answer = Client(headers=given).get(PATH)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert limits.is_pausing()
    live.publish(alice.pk, "unread", {"unread": 1})  # nobody waits, nothing is raised
    assert live.listening({alice.pk}) == set()


def test_publishing_never_raises(monkeypatch):
    class Away:
        def __getattr__(self, name):
            def command(*given, **more):
                raise redis.TimeoutError("hangs")

            return command

    monkeypatch.setattr(limits, "client", Away)
    monkeypatch.setattr(limits, "_asked_again_at", 0.0)
    live.publish("nobody", "unread", {"unread": 1})
    assert limits.is_pausing()
