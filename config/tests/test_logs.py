"""What stands in the log: lines that nobody can forge, and nothing that opens an account."""

import io
import json
import logging
from logging.config import dictConfig
from secrets import token_hex

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.members.models import User
from config.settings.logs import structured

LINK = "Zk3vJq9_xW-2bQ7tLr5yNn8mC1dF4gH6jK0pSsUuVvE"


@pytest.fixture(params=[False, True], ids=["for people", "for machines"])
def written(request):
    """What is written to the log within the test."""
    stream, before = io.StringIO(), logging.getLogger().handlers[:]
    dictConfig(structured(process="web", level="INFO", json=request.param))
    (handler,) = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    handler.setStream(stream)
    yield stream
    logging.getLogger().handlers = before


@pytest.mark.parametrize(
    "path",
    [f"/signin/reset/{LINK}/", f"/settings/security/email/{LINK}/", f"/join/{LINK[:22]}/", f"/unsubscribe/{LINK}:a:b/"],
)
def test_links_that_still_work_are_not_in_the_log(written, path):
    logging.getLogger("django.request").warning("%s: %s", "Unprocessable Entity", path, extra={"status_code": 422})
    assert "Unprocessable Entity" in written.getvalue()
    assert path.rsplit("/", 2)[0] in written.getvalue()
    assert LINK[:22] not in written.getvalue()


def test_a_failure_names_no_link_either(written):
    try:
        raise LookupError(f"/signin/reset/{LINK}/")
    except LookupError:
        logging.getLogger("django.request").exception("Internal Server Error: /signin/reset/%s/", LINK)
    assert "LookupError" in written.getvalue()
    assert LINK not in written.getvalue()


def test_a_failure_tells_where_and_not_with_what_values(written):
    def check(password):
        raise LookupError("no such thing")

    secret = token_hex(8)
    try:
        check(secret)
    except LookupError:
        logging.getLogger("civitas").exception("it failed")
    assert "no such thing" in written.getvalue()
    assert "check" in written.getvalue()
    assert secret not in written.getvalue()


@pytest.mark.django_db
def test_a_refused_row_is_not_told(written, alice, join):
    try:
        with transaction.atomic():
            User.objects.filter(pk=alice.pk).update(phone_number=join("bob").phone_number)
    except IntegrityError:
        logging.getLogger("civitas").exception("it failed")
    assert "duplicate key" in written.getvalue()
    assert "+49170555" not in written.getvalue()


@pytest.mark.django_db
def test_a_used_link_is_not_in_the_log(written):
    Client().post(f"/signin/reset/{LINK}/", {"password": "password123"})
    assert "/signin/reset/" in written.getvalue()
    assert LINK not in written.getvalue()


def test_a_line_stays_a_line(written):
    logging.getLogger("django.request").warning("Not Found: %s", "/x\n2026-01-01 level='error' event='forged'\x1b[2J")
    lines = written.getvalue().splitlines()
    assert len(lines) == 1
    assert "\x1b" not in lines[0] or json.loads(lines[0])
