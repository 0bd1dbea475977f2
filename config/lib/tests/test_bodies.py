"""No more is read than can be taken, whatever the sender says."""

import asyncio
import json

import pytest

from config.lib.bodies import BodyCap


def ask(path, chunks, declared=None):
    """(status, body, bytes that the application saw) of a request with a body in chunks."""
    seen, sent = [], []
    waiting = list(chunks)

    async def app(scope, receive, send):
        more = True
        while more:
            message = await receive()
            seen.append(message["body"])
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"taken"})

    async def receive():
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message):
        sent.append(message)

    headers = [] if declared is None else [(b"content-length", declared)]
    scope = {"type": "http", "path": path, "headers": headers}
    asyncio.run(BodyCap(app, most=10)(scope, receive, send))
    return sent[0]["status"], sent[1]["body"], b"".join(seen)


def test_what_is_small_enough_goes_through():
    assert ask("/", [b"12345", b"67890"], b"10") == (200, b"taken", b"1234567890")


def test_a_declared_length_is_refused_unread():
    status, _body, seen = ask("/", [b"x"], b"11")
    assert (status, seen) == (413, b"")


@pytest.mark.parametrize("declared", [None, b"5", b"-1", b"nonsense", b"9" * 30])
def test_a_body_is_cut_off_whatever_was_declared(declared):
    status, _body, seen = ask("/", [b"12345", b"67890", b"1", b"2" * 100], declared)
    assert (status, seen) == (413, b"1234567890")


def test_who_is_still_sending_is_heard_out_for_a_while():
    left = [b"x" * 10 for _number in range(100)]
    waiting = iter(left)
    sent, read = [], []

    async def receive():
        read.append(next(waiting))
        return {"type": "http.request", "body": read[-1], "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": "/", "headers": [(b"content-length", b"1000")]}
    asyncio.run(BodyCap(None, most=10)(scope, receive, send))
    assert (sent[0]["status"], len(read)) == (413, 5)  # four times ten bytes, and what crossed the line


def test_the_api_answers_with_a_problem():
    status, body, _seen = ask("/api/v1/me", [b"x"], b"11")
    assert (status, json.loads(body)["type"], json.loads(body)["status"]) == (413, "too-large", 413)


def test_other_connections_are_left_alone():
    asked = []

    async def app(scope, receive, send):
        asked.append(scope["type"])

    asyncio.run(BodyCap(app)({"type": "lifespan"}, None, None))
    assert asked == ["lifespan"]
