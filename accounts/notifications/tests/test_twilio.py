"""Against a stand-in that answers as Twilio's documentation of the Messages resource says."""

import base64
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from accounts.notifications import sms

SID = "AC00000000000000000000000000000001"
CREATED = {"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", "error_code": None, "num_segments": "1"}


class StandIn(ThreadingHTTPServer):
    """Remembers requests; answers with `answer`, or with what basic authentication demands."""

    def handle_error(self, *args: Any) -> None:
        """A caller who did not wait for the answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[dict[str, Any]] = []
        self.answer: tuple[int, Any] = (201, CREATED)
        self.delay = 0.0


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.requests.append({"path": self.path, "form": parse_qs(body), "headers": dict(self.headers)})
        time.sleep(self.server.delay)
        right = "Basic " + base64.b64encode(f"{SID}:secret".encode()).decode()
        if self.headers["Authorization"] != right:
            status, answer = 401, {"code": 20003, "message": "Authenticate", "status": 401}
        else:
            status, answer = self.server.answer
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def twilio(settings: Any) -> Iterator[StandIn]:
    server = StandIn()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.SMS_BACKEND = "accounts.notifications.sms.Twilio"
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = SID, "secret"
    settings.TWILIO_FROM = "+15005550006"
    settings.TWILIO_BASE_URL = f"http://127.0.0.1:{server.server_port}"
    sms._client.cache_clear()
    yield server
    server.shutdown()
    server.server_close()
    sms._client.cache_clear()


def send() -> str:
    return sms.carrier().send(to="+447700900123", body="482913 is your code")


def test_one_post_with_the_three_fields_and_basic_authentication(twilio):
    assert send() == CREATED["sid"]
    (request,) = twilio.requests
    assert request["path"] == f"/2010-04-01/Accounts/{SID}/Messages.json"
    assert request["form"] == {"From": ["+15005550006"], "To": ["+447700900123"], "Body": ["482913 is your code"]}


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 21211), (400, 21608), (403, 20403), (404, 20404)],
)
def test_a_number_that_cannot_be_reached_is_undeliverable(twilio, status, code):
    twilio.answer = (status, {"code": code, "message": "…", "more_info": "https://…", "status": status})
    with pytest.raises(sms.Undeliverable, match=f"{status} {code}"):
        send()


def test_wrong_credentials_are_undeliverable(twilio, settings):
    settings.TWILIO_AUTH_TOKEN = "wrong"
    with pytest.raises(sms.Undeliverable, match="401 20003"):
        send()


@pytest.mark.parametrize(
    ("status", "answer"),
    [(429, {"code": 20429, "status": 429}), (500, {"code": 20500}), (503, b"<html>busy</html>"), (302, b"")],
)
def test_a_carrier_that_is_busy_or_broken_is_asked_later(twilio, status, answer):
    twilio.answer = (status, answer)
    with pytest.raises(sms.TryLater, match=str(status)):
        send()


def test_a_carrier_that_does_not_answer_is_asked_later(twilio, monkeypatch):
    twilio.delay = 0.5
    monkeypatch.setattr(sms, "PATIENCE", httpx.Timeout(0.1))
    with pytest.raises(sms.TryLater, match="ReadTimeout"):
        send()


def test_a_carrier_that_is_away_is_asked_later(twilio, settings):
    settings.TWILIO_BASE_URL = "http://127.0.0.1:9"
    with pytest.raises(sms.TryLater, match="ConnectError"):
        send()


@pytest.mark.parametrize("answer", [b"not json", [1], {}])
def test_a_message_that_was_taken_counts_as_sent_whatever_the_answer_says(twilio, answer):
    twilio.answer = (201, answer)
    assert send() == ""


@pytest.mark.django_db
def test_a_whole_delivery(twilio, owe):
    from django.utils import timezone

    from accounts.notifications.operations import deliver_due

    message = owe()
    assert deliver_due(clock=timezone.now) == 1
    message.refresh_from_db()
    assert (message.body, message.receipt) == ("", CREATED["sid"])
