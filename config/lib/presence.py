"""Whether the other side is still there. Outside of everything: Django keeps to itself that a client has gone away.

Django cancels the work on a request when its client goes, once. While a view or a middleware runs in a thread, that one
cancellation may be lost; an answer that never ends would then go on for nobody, for as long as the process lives.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

_KEY = "civitas.presence"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


@dataclass
class Caller:
    """The other side of one request."""

    is_gone: bool = False


class Presence:
    """An ASGI application that notes in the scope of each request when its client goes away."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Receive, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        caller = Caller()

        async def noted() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect":
                caller.is_gone = True
            return message

        await self.app({**scope, _KEY: caller}, noted, send)


def caller_of(request: HttpRequest) -> Caller:
    """Who asks; one who never goes where nobody notes it, as in tests."""
    return getattr(request, "scope", {}).get(_KEY) or Caller()
