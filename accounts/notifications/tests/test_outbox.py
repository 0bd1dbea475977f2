from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.notifications.operations import Channel, deliver_due

pytestmark = [pytest.mark.django_db, pytest.mark.urls("accounts.notifications.tests.urls")]


@pytest.fixture
def debug(settings):
    settings.DEBUG = True


def test_the_json_has_four_fields_newest_first(client, owe, debug):
    now = timezone.now()
    owe(body="111111 is your code", at=now - timedelta(minutes=1))
    owe(channel=Channel.EMAIL, recipient="ana@example.org", body="Hello", at=now)
    found = client.get("/dev/outbox.json").json()
    assert [set(message) for message in found] == [{"channel", "to", "body", "sent_at"}] * 2
    assert [(m["channel"], m["to"], m["body"]) for m in found] == [
        ("email", "ana@example.org", "Hello"),
        ("sms", "+447700900123", "111111 is your code"),
    ]
    assert datetime.fromisoformat(found[0]["sent_at"]).utcoffset() == timedelta(0)


def test_a_message_shows_before_and_after_the_worker_took_it(client, owe, debug):
    owe()
    assert "123456 is your code" in client.get("/dev/outbox/").content.decode()
    deliver_due(clock=timezone.now)
    assert "123456 is your code" in client.get("/dev/outbox/").content.decode()


def test_the_empty_outbox_says_what_to_do_next(client, debug):
    assert "/signin/" in client.get("/dev/outbox/").content.decode()
    assert client.get("/dev/outbox.json").json() == []


@pytest.mark.parametrize("address", ["/dev/outbox/", "/dev/outbox.json"])
def test_outside_of_debug_there_is_nothing(client, owe, address):
    owe()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/dev/outbox/", "/dev/outbox.json"])
def test_it_is_only_looked_at(client, debug, address):
    assert client.post(address).status_code == 405
