"""A client that goes away is noted."""

import asyncio

from config.lib.presence import Presence, caller_of


class Request:
    def __init__(self, scope):
        self.scope = scope


def test_a_client_that_goes_away_is_noted():
    messages = [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]
    seen = []

    async def app(scope, receive, send):
        caller = caller_of(Request(scope))
        for _message in range(2):
            message = await receive()
            seen.append((message["type"], caller.is_gone))

    async def receive():
        return messages.pop(0)

    asyncio.run(Presence(app)({"type": "http"}, receive, None))
    assert seen == [("http.request", False), ("http.disconnect", True)]


def test_each_request_has_a_caller_of_its_own():
    callers = []

    async def app(scope, receive, send):
        callers.append(scope)

    given = {"type": "http"}
    for _request in range(2):
        asyncio.run(Presence(app)(given, None, None))
    assert caller_of(Request(callers[0])) is not caller_of(Request(callers[1]))
    assert given == {"type": "http"}


def test_where_nobody_notes_it_nobody_goes():
    assert not caller_of(Request({})).is_gone
    assert not caller_of(object()).is_gone


def test_other_connections_are_left_alone():
    asked = []

    async def app(scope, receive, send):
        asked.append(scope)

    asyncio.run(Presence(app)({"type": "lifespan"}, None, None))
    assert asked == [{"type": "lifespan"}]
