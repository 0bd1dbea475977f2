"""How an SMS leaves: one class per carrier, chosen by the setting SMS_BACKEND.

A carrier has `keeps_body` and `send(to=, body=)`, which answers with the carrier's receipt or raises Undeliverable
(never to be tried again) or TryLater.
"""

from functools import lru_cache
from typing import ClassVar, Protocol

import httpx
from django.conf import settings
from django.utils.module_loading import import_string

PATIENCE = httpx.Timeout(10.0, connect=5.0)


class Undeliverable(Exception):
    """The carrier will never deliver this message; trying again is no use."""


class TryLater(Exception):
    """The carrier could not take the message now. It may have taken it all the same when the answer was lost."""


class Carrier(Protocol):
    """What every SMS backend offers."""

    keeps_body: ClassVar[bool]

    def send(self, *, to: str, body: str) -> str: ...


class Outbox:
    """Development: nothing leaves the machine; the text stays readable in /dev/outbox/."""

    keeps_body: ClassVar[bool] = True

    def send(self, *, to: str, body: str) -> str:
        return "outbox"


class Twilio:
    """Twilio's Messages resource: one POST with basic authentication, 201 with the message's `sid` when it was taken.

    https://www.twilio.com/docs/messaging/api/message-resource
    """

    keeps_body: ClassVar[bool] = False

    def send(self, *, to: str, body: str) -> str:
        sid = settings.TWILIO_ACCOUNT_SID
        address = f"{settings.TWILIO_BASE_URL.rstrip('/')}/2010-04-01/Accounts/{sid}/Messages.json"
        try:
            response = _client().post(
                address,
                data={"From": settings.TWILIO_FROM, "To": to, "Body": body},
                auth=(sid, settings.TWILIO_AUTH_TOKEN),
            )
        except httpx.HTTPError as error:
            raise TryLater(type(error).__name__) from error
        if response.is_success:
            return str(_facts(response).get("sid", ""))
        reason = f"{response.status_code} {_facts(response).get('code', '')}".strip()
        if response.is_client_error and response.status_code != httpx.codes.TOO_MANY_REQUESTS:
            raise Undeliverable(reason)
        raise TryLater(reason)


@lru_cache(maxsize=1)
def _client() -> httpx.Client:
    """One client per process, so that connections are kept between messages."""
    return httpx.Client(timeout=PATIENCE, follow_redirects=False)


def _facts(response: httpx.Response) -> dict[str, object]:
    try:
        facts = response.json()
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def carrier() -> Carrier:
    """The carrier in use."""
    return import_string(settings.SMS_BACKEND)()
