"""A telephone: what was sent to a number, and a way to sign in with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.notifications.models import OutgoingMessage

NUMBER = "+447700900123"


@dataclass
class Phone:
    """Someone's telephone, and the programs on it."""

    number: str

    @property
    def messages(self) -> list[str]:
        """Everything that was sent to it, newest first."""
        return [m.body for m in OutgoingMessage.objects.filter(recipient=self.number).order_by("-id")]

    @property
    def code(self) -> str:
        """The code of the newest message."""
        found = re.match(r"[0-9]{6}\b", self.messages[0])
        assert found is not None
        return found[0]

    @property
    def wrong_code(self) -> str:
        """A code that is not the one."""
        return f"{(int(self.code) + 1) % 1_000_000:06}"

    def ask(self, client: APIClient) -> dict[str, Any]:
        """Ask for a code by the API."""
        response = client.post("/api/v1/auth/send-code", {"phone": self.number})
        assert response.status_code == 201, response.content
        return response.json()

    def sign_in(self, client: APIClient | None = None, **names: str) -> dict[str, Any]:
        """Sign in by the API; the answer of verify-code."""
        client = client or APIClient()
        asked = self.ask(client)
        response = client.post(
            "/api/v1/auth/verify-code",
            {"verification_id": asked["verification_id"], "code": self.code, **names},
        )
        assert response.status_code == 200, response.content
        return response.json()


@pytest.fixture
def phone() -> Phone:
    return Phone(NUMBER)


@pytest.fixture
def phone_of() -> Callable[[Any], Phone]:
    return lambda member: Phone(str(member.phone_number))


def bearer(token: str, **headers: str) -> APIClient:
    """A program that shows an access token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}", **headers)
    return client
