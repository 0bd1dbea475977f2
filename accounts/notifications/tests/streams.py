"""Listening to GET /api/v1/events as a browser does (by session) and as a program does (by token)."""

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from django.conf import settings
from django.test import AsyncClient, Client
from django.utils import timezone

from accounts.signin.models import TokenFamily
from accounts.signin.tokens import pair_for

PATH = "/api/v1/events"


def bearer(member, *, at=None):
    now = timezone.now()
    family = TokenFamily.objects.create(
        user=member, current_jti="x", expires_at=now + timedelta(days=1), last_used_at=now
    )
    access = pair_for(member=member, family_id=family.pk, at=at or now).access
    return {"Authorization": f"Bearer {access}"}


def session_of(member):
    client = Client()
    client.force_login(member)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


async def read(chunks, count, *, within=5.0):
    """The next events of a stream: (name, data)."""
    found = []
    async with asyncio.timeout(within):
        while len(found) < count:
            text = (await anext(chunks)).decode()
            if text.startswith("event: "):
                name, data = text.removeprefix("event: ").strip().split("\ndata: ")
                found.append((name, json.loads(data)))
    return found


async def until_over(chunks, *, within=5.0):
    async with asyncio.timeout(within):
        return [chunk async for chunk in chunks]


async def open_stream(*, headers=None, cookie=""):
    client = AsyncClient()
    if cookie:
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return await client.get(PATH, headers=headers or {})


async def hang_up(chunks):
    """Go away, as a server tells a stream of it: what it waits for is cancelled."""
    waiting = asyncio.ensure_future(anext(chunks))
    await asyncio.sleep(0)
    waiting.cancel()
    with suppress(asyncio.CancelledError, StopAsyncIteration):
        await waiting


@asynccontextmanager
async def hearing(**given):
    """What a stream says, chunk by chunk, until the block ends."""
    response = await open_stream(**given)
    assert response.status_code == 200
    chunks = aiter(response)
    try:
        yield chunks
    finally:
        await hang_up(chunks)
