"""The pages of leaving, over HTTP."""

import asyncio
import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.test import AsyncClient, Client
from django.utils import timezone

from accounts.audit.models import AuditLog
from accounts.departures import operations
from accounts.departures.models import DataExport
from accounts.members.models import User
from accounts.signin.models import BrowserSession

pytestmark = pytest.mark.django_db
DATA, EXPORT, CLOSE = "/settings/data/", "/settings/data/export/", "/settings/data/close/"


@pytest.fixture
def browser(client):
    """A browser that is signed in as a member, and has lately proved it."""

    def signed_in(member, *, proved=True, csrf=False):
        made = Client(enforce_csrf_checks=csrf)
        made.force_login(member)
        made.get(DATA)
        at = timezone.now() if proved else timezone.now() - timedelta(minutes=16)
        BrowserSession.objects.filter(session_key=made.session.session_key).update(proved_at=at)
        return made

    return signed_in


# -- A copy of one's data ---------------------------------------------------------------------------------------------


def test_my_data_offers_a_copy_and_the_way_out(alice, browser):
    page = browser(alice).get(DATA)

    assert page.status_code == 200
    assert "Make a copy" in page.content.decode()
    assert CLOSE in page.content.decode()
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("path", [DATA, CLOSE, f"{DATA}01a1fd1a-ed3b-746f-90cd-1cb54137e6f1/"])
def test_visitors_sign_in_first(client, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/signin/")


def test_ask_for_export_makes_one_and_shows_how_far_it_is(alice, browser):
    mine = browser(alice)
    assert mine.post(EXPORT).status_code == 302
    assert mine.post(EXPORT).status_code == 302  # a second click

    assert DataExport.objects.filter(user=alice).count() == 1
    page = mine.get(DATA).content.decode()
    assert "Your copy is being made" in page
    assert "Make a copy" not in page
    assert AuditLog.objects.filter(action="export", account=alice.pk).count() == 1


def test_ask_for_export_is_no_link_and_needs_its_token(alice, browser):
    assert browser(alice).get(EXPORT).status_code == 405
    assert browser(alice, csrf=True).post(EXPORT).status_code == 403
    assert not DataExport.objects.exists()


def test_ask_for_export_a_second_time_in_a_day_says_when(alice, browser, export_of):
    export_of(alice, at=timezone.now())

    answer = browser(alice).post(EXPORT)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 3600 * 23
    assert "another one in 24 hours" in answer.content.decode()


def test_fetch_export_gives_its_owner_the_zip(alice, browser, export_of):
    export = export_of(alice, at=timezone.now())

    answer = browser(alice).get(f"{DATA}{export.pk}/")
    body = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == f'attachment; filename="civitas-alice-{export.ready_at:%Y-%m-%d}.zip"'
    assert int(answer["Content-Length"]) == len(body) == export.size
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "account.json" in ZipFile(io.BytesIO(body)).namelist()


def test_fetch_export_asks_who_it_is_when_that_was_proved_long_ago(alice, browser, export_of):
    export = export_of(alice, at=timezone.now())
    answer = browser(alice, proved=False).get(f"/settings/data/{export.pk}/")
    assert answer["Location"] == f"/settings/security/confirm/?next=%2Fsettings%2Fdata%2F{export.pk}%2F"


def test_fetch_export_of_someone_else_finds_nothing(alice, mallory, admin_member, browser, export_of):
    export = export_of(alice, at=timezone.now())

    for other in (mallory, admin_member):
        assert browser(other).get(f"{DATA}{export.pk}/").status_code == 404


def test_fetch_export_finds_nothing_once_its_days_are_over_or_its_file_is_gone(alice, browser, export_of, now):
    export = export_of(alice, at=timezone.now())
    DataExport.objects.filter(pk=export.pk).update(expires_at=now)
    assert browser(alice).get(f"{DATA}{export.pk}/").status_code == 404

    DataExport.objects.filter(pk=export.pk).update(expires_at=timezone.now() + timedelta(days=1))
    operations.exports.files.delete(export.file)
    assert browser(alice).get(f"{DATA}{export.pk}/").status_code == 404


@pytest.mark.parametrize("name", ["abc", "..%2f..%2fetc%2fpasswd", "%00", "01a1fd1a-ed3b-746f-90cd-1cb54137e6f1.zip"])
def test_fetch_export_knows_ids_alone(alice, browser, name):
    assert browser(alice).get(f"{DATA}{name}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_fetch_export_flows_in_pieces_where_the_site_runs(alice, browser, export_of):
    export = export_of(alice, at=timezone.now())
    cookies = browser(alice).cookies

    async def fetch():
        client = AsyncClient()
        client.cookies = cookies
        answer = await client.get(f"{DATA}{export.pk}/")
        assert answer.is_async
        return b"".join([piece async for piece in answer.streaming_content])

    assert len(asyncio.run(fetch())) == export.size


# -- Closing ----------------------------------------------------------------------------------------------------------


def test_close_account_asks_for_a_fresh_proof_first(alice, browser):
    for answer in (browser(alice, proved=False).get(CLOSE), browser(alice, proved=False).post(CLOSE)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/settings/security/confirm/?next=%2Fsettings%2Fdata%2Fclose%2F")


def test_close_account_says_what_will_happen(alice, browser):
    page = browser(alice).get(CLOSE).content.decode()

    assert "100.00" in page
    assert "treasury" in page
    assert "Keep the account" in page


def test_close_account_closes_signs_out_and_says_until_when(alice, browser):
    mine, other = browser(alice), browser(alice)

    answer = mine.post(CLOSE, {"writing": "remove", "understood": "on"}, follow=True)

    alice.refresh_from_db()
    assert alice.status == User.Status.CLOSED
    assert alice.departures.get().removes_writing
    assert "Your account is closed" in answer.content.decode()
    assert "Good-bye" not in answer.content.decode()
    for signed_out in (mine, other):
        assert signed_out.get(DATA).status_code == 302
    assert AuditLog.objects.filter(action="close-account", account=alice.pk).exists()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"writing": "keep"},
        {"understood": "on"},
        {"writing": "burn", "understood": "on"},
        {"writing": "keep\x00", "understood": "on"},
        {"writing": ["keep", "burn"], "understood": "on"},
    ],
)
def test_close_account_does_nothing_until_the_form_is_right(alice, browser, typed):
    answer = browser(alice).post(CLOSE, typed)

    assert answer.status_code == 422
    alice.refresh_from_db()
    assert alice.may_act


def test_close_account_keeps_the_last_admin(admin_member, browser):
    answer = browser(admin_member).post(CLOSE, {"writing": "keep", "understood": "on"})

    assert answer.status_code == 409
    assert "You are the only admin" in answer.content.decode()


def test_close_account_needs_its_token(alice, browser):
    answer = browser(alice, csrf=True).post(CLOSE, {"writing": "keep", "understood": "on"})

    assert answer.status_code == 403


def test_account_closed_is_for_whoever_has_just_closed_theirs(alice, client, browser):
    assert client.get("/good-bye/")["Location"] == "/"
    assert browser(alice).get("/good-bye/")["Location"] == "/"


def test_the_page_of_a_closed_account_is_gone(alice, client, close):
    close(alice)

    assert client.get("/@alice/").status_code == 404
    assert client.get("/api/v1/pages/alice").status_code == 404
