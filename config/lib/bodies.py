"""How much one may send. Outside of everything: Django keeps a body in a file before it asks what it is for."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.lib.problems import answer

# Nothing larger than a picture of 5 MiB is taken. What a phone's camera makes is often larger, and is to be refused by
# the form that it was meant for, in words that help; so there is room for that.
MOST_BYTES = 32 * 1024 * 1024
# Of more than that, so many times as much is read and thrown away: who is still sending does not hear an answer.
PATIENCE = 4

_SAID = _("At most 32 MiB can be sent at once.")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[..., Awaitable[None]]


class _TooMuch(Exception):
    """More came than is taken."""


class BodyCap:
    """An ASGI application that hands on requests whose bodies are small enough, and answers the others with 413.

    A declared length is believed at once; of a body without one, only so much is handed on.
    """

    def __init__(self, app: App, *, most: int = MOST_BYTES) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if _declared(scope) > self.most:
            await self._refuse(scope, receive, send)
            return
        read = 0
        has_begun = False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.most:
                raise _TooMuch
            return message

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except _TooMuch:
            if not has_begun:
                await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Any, receive: Receive, send: Send) -> None:
        thrown_away, has_more = 0, True
        while has_more and thrown_away <= PATIENCE * self.most:
            message = await receive()
            thrown_away += len(message.get("body", b""))
            has_more = message["type"] == "http.request" and message.get("more_body", False)
        await _say_413(scope, send)


def _declared(scope: Any) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 19 else 0


async def _say_413(scope: Any, send: Send) -> None:
    if scope["path"].startswith("/api/"):
        problem = answer(413, str(_SAID))
        kind, body = problem["Content-Type"].encode(), problem.content
    else:
        kind, body = b"text/plain; charset=utf-8", str(_SAID).encode()
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
