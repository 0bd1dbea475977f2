"""A carrier of our own: it remembers what it was given and does what a test tells it to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.utils import timezone

from accounts.notifications.models import OutgoingMessage
from accounts.notifications.operations import Channel, owe_message


class Post:
    """Takes every message unless `refusal` says otherwise."""

    keeps_body: ClassVar[bool] = False
    taken: ClassVar[list[tuple[str, str]]] = []
    refusal: ClassVar[Exception | None] = None
    inside_transaction: ClassVar[list[bool]] = []

    def send(self, *, to: str, body: str) -> str:
        type(self).inside_transaction.append(connection.in_atomic_block)
        if self.refusal is not None:
            raise self.refusal
        type(self).taken.append((to, body))
        return f"receipt-{len(self.taken)}"


@pytest.fixture
def post(settings: Any) -> type[Post]:
    settings.SMS_BACKEND = f"{__name__}.Post"
    Post.taken, Post.refusal, Post.inside_transaction = [], None, []
    return Post


@pytest.fixture
def owe() -> Callable[..., OutgoingMessage]:
    def owed(**given: Any) -> OutgoingMessage:
        now = timezone.now()
        facts: dict[str, Any] = {
            "channel": Channel.SMS,
            "recipient": "+447700900123",
            "body": "123456 is your code",
            "at": now,
            "give_up_at": now + timedelta(minutes=10),
        }
        return owe_message(**(facts | given))

    return owed
