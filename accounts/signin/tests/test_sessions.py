from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.audit.models import AuditLog
from accounts.members.models import User
from accounts.notifications.models import OutgoingMessage
from accounts.signin import queries
from accounts.signin.devices import device_of, kept
from accounts.signin.models import BrowserSession, TokenFamily
from accounts.signin.operations import begin_family, sessions
from accounts.signin.tests.conftest import Phone, bearer

pytestmark = pytest.mark.django_db

NOBODYS = "0193c3a1-0000-7000-8000-000000000000"

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/19.0 Mobile/15E148 Safari/604.1"
)


def signed_in(member):
    client = Client()
    client.force_login(member)
    return client


def by_code(member, **headers):
    """A browser that signs in by its own pages."""
    client, phone = Client(headers=headers), Phone(str(member.phone_number))
    client.post("/signin/", {"phone": phone.number})
    code = next(body[:6] for body in phone.messages if body[:6].isdigit())
    assert client.post("/signin/code/", {"code": code}).status_code == 302
    return client


def said(response):
    return response.content.decode()


# -- Words for programs ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        (FIREFOX, "Firefox", "Linux"),
        (IPHONE, "Safari", "iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140",
            "Edge",
            "Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome", "Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/19 Safari/605", "Safari", "Mac"),
        ("okhttp/5.1", "okhttp", ""),
        ("python-requests/2.33 CPython", "python-requests", ""),
        ("Mozilla/5.0 something", "", ""),
        ("", "", ""),
    ],
)
def test_a_user_agent_in_words(agent, browser, system):
    device = device_of(agent)
    assert (device.browser, device.system) == (browser, system)
    assert device.is_known is bool(browser or system)


def test_a_user_agent_is_kept_short_and_printable():
    assert kept("a\x00b\x1b[2Jc" + "x" * 1000) == ("ab[2Jc" + "x" * 1000)[:300]


# -- Beginning ------------------------------------------------------------------------------------


def test_a_sign_in_is_in_the_list_and_in_the_audit(alice):
    client = by_code(alice, user_agent=FIREFOX)
    row = BrowserSession.objects.get()
    assert (row.user, row.session_key) == (alice, client.session.session_key)
    assert (row.user_agent, row.ip_address) == (FIREFOX, "127.0.0.1")
    assert row.proved_at > timezone.now() - timedelta(minutes=1)
    assert row.second_factor_at is None
    kept_act = AuditLog.objects.get(action="sign-in")
    assert (kept_act.account_id, kept_act.entity_id) == (alice.pk, str(row.pk))


def test_the_key_changes_with_the_sign_in(alice):
    client, phone = Client(), Phone(str(alice.phone_number))
    client.post("/signin/", {"phone": phone.number})
    planted = client.session.session_key
    client.post("/signin/code/", {"code": phone.code})
    assert client.session.session_key != planted
    assert not BrowserSession.objects.filter(session_key=planted).exists()


def test_a_session_from_before_the_list_is_entered_and_has_proved_nothing(alice):
    client = signed_in(alice)
    BrowserSession.objects.all().delete()
    session = client.session
    del session[sessions.ROW_KEY]
    session.save()
    cache.clear()
    assert client.get("/api/v1/me").status_code == 200
    row = BrowserSession.objects.get()
    assert row.proved_at.year == 1970
    assert client.get("/settings/security/sessions/").status_code == 200


def test_use_is_noted_every_five_minutes(alice):
    client = signed_in(alice)
    client.get("/api/v1/me")
    noted = BrowserSession.objects.get().last_used_at
    client.get("/api/v1/me")
    assert BrowserSession.objects.get().last_used_at == noted
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        client.get("/api/v1/me", REMOTE_ADDR="203.0.113.9")
    row = BrowserSession.objects.get()
    assert row.last_used_at >= noted + timedelta(minutes=5)
    assert row.ip_address == "203.0.113.9"


def test_between_two_notes_a_session_costs_no_query_of_its_own(alice, django_assert_num_queries):
    client = signed_in(alice)
    client.get("/healthz")
    with django_assert_num_queries(2):  # Django's session, and its member
        client.get("/healthz")


def test_a_session_in_use_goes_on_and_one_unused_ends_after_fourteen_days(alice):
    client, start = signed_in(alice), timezone.now()
    for days in (8, 16, 24):
        with time_machine.travel(start + timedelta(days=days)):
            assert client.get("/api/v1/me").status_code == 200
    with time_machine.travel(start + timedelta(days=39)):
        assert client.get("/api/v1/me").status_code == 401


def test_a_session_of_staff_ends_after_eight_hours_in_use_or_not(moderator):
    client, start = signed_in(moderator), timezone.now()
    with time_machine.travel(start + timedelta(hours=7, minutes=50)):
        assert client.get("/api/v1/me").status_code == 200
    with time_machine.travel(start + timedelta(hours=8, minutes=1)):
        assert client.get("/api/v1/me").status_code == 401


# -- The list -------------------------------------------------------------------------------------


def test_the_list_names_browsers_and_programs(alice, bob):
    client = by_code(alice, user_agent=FIREFOX)
    begin_family(member=alice, address="203.0.113.7", user_agent="ladder-app/2.1", at=timezone.now())
    begin_family(member=bob, address="203.0.113.8", user_agent="bobs-app/1", at=timezone.now())
    page = said(client.get("/settings/security/sessions/"))
    assert "Firefox on Linux" in page
    assert "this one" in page
    assert "ladder-app" in page
    assert "203.0.113.7" in page
    assert "bobs-app" not in page


def test_a_longer_list_takes_no_more_queries(alice, django_assert_max_num_queries):
    client = signed_in(alice)
    client.get("/settings/security/sessions/")
    for number in range(8):
        signed_in(alice)
        begin_family(member=alice, address="203.0.113.7", user_agent=f"app-{number}", at=timezone.now())
    with django_assert_max_num_queries(9):
        assert said(client.get("/settings/security/sessions/")).count("app-") >= 8


def test_what_has_expired_or_was_ended_by_staff_is_not_listed(alice):
    client, other = signed_in(alice), signed_in(alice)
    Session.objects.filter(session_key=other.session.session_key).update(expire_date=timezone.now())
    begin_family(member=alice, address="203.0.113.7", user_agent="old", at=timezone.now())
    assert len(queries.programs_of(alice, at=timezone.now())) == 1
    User.objects.filter(pk=alice.pk).update(token_version=2)
    alice.refresh_from_db()
    assert queries.programs_of(alice, at=timezone.now()) == []
    assert queries.browsers_of(alice, at=timezone.now()) == []
    assert client.get("/settings/security/sessions/").status_code == 302


def test_rows_of_sessions_that_are_over_are_forgotten(alice, bob):
    signed_in(alice)
    signed_in(bob)
    Session.objects.filter(session_key=BrowserSession.objects.get(user=bob).session_key).delete()
    assert sessions.forget_ended(at=timezone.now()) == 1
    assert BrowserSession.objects.get().user == alice


# -- Ending ---------------------------------------------------------------------------------------


def test_ending_another_browser(alice):
    here, there = signed_in(alice), signed_in(alice)
    row = BrowserSession.objects.get(session_key=there.session.session_key)
    answer = here.post(f"/settings/security/sessions/{row.pk}/end/")
    assert (answer.status_code, answer["Location"]) == (302, "/settings/security/sessions/")
    assert there.get("/api/v1/me").status_code == 401
    assert here.get("/api/v1/me").status_code == 200
    assert AuditLog.objects.filter(action="sign-out", entity_id=str(row.pk)).count() == 1
    assert here.post(f"/settings/security/sessions/{row.pk}/end/").status_code == 404


def test_ending_this_browser_is_signing_out(alice):
    here = signed_in(alice)
    row = BrowserSession.objects.get()
    assert here.post(f"/settings/security/sessions/{row.pk}/end/")["Location"] == "/"
    assert here.get("/api/v1/me").status_code == 401
    assert not Session.objects.filter(session_key=row.session_key).exists()


def test_ending_a_program(alice):
    here = signed_in(alice)
    pair = begin_family(member=alice, address="203.0.113.7", user_agent="app", at=timezone.now())
    family = TokenFamily.objects.get()
    for _press in range(2):
        assert here.post(f"/settings/security/programs/{family.pk}/end/").status_code == 302
    family.refresh_from_db()
    assert family.ending == TokenFamily.Ending.MEMBER
    assert bearer(pair.access).get("/api/v1/me").status_code == 401
    assert APIClient().post("/api/v1/auth/refresh", {"refresh": pair.refresh}).status_code == 401
    assert AuditLog.objects.filter(action="sign-out", entity_id=str(family.pk)).count() == 1


def test_ending_all_others(alice, bob):
    here, there, bobs = signed_in(alice), signed_in(alice), signed_in(bob)
    pair = begin_family(member=alice, address="203.0.113.7", user_agent="app", at=timezone.now())
    unlisted = signed_in(alice)
    BrowserSession.objects.filter(session_key=unlisted.session.session_key).delete()
    before = here.session.session_key
    assert here.post("/settings/security/sessions/end-others/").status_code == 302
    assert here.get("/api/v1/me").status_code == 200
    assert here.session.session_key != before
    for gone in (there, unlisted):
        assert gone.get("/api/v1/me").status_code == 401
    assert bearer(pair.access).get("/api/v1/me").status_code == 401
    assert bobs.get("/api/v1/me").status_code == 200
    assert "nowhere else" in said(here.get("/settings/security/sessions/"))


def test_mallory_ends_nobody_elses(alice, mallory):
    hers = signed_in(alice)
    begin_family(member=alice, address="203.0.113.7", user_agent="app", at=timezone.now())
    row, family = BrowserSession.objects.get(), TokenFamily.objects.get()
    client = signed_in(mallory)
    assert client.post(f"/settings/security/sessions/{row.pk}/end/").status_code == 404
    assert client.post(f"/settings/security/programs/{family.pk}/end/").status_code == 404
    assert client.post(f"/settings/security/sessions/{NOBODYS}/end/").status_code == 404
    assert hers.get("/api/v1/me").status_code == 200
    family.refresh_from_db()
    assert family.ended_at is None


@pytest.mark.parametrize("what", [f"sessions/{NOBODYS}/end/", f"programs/{NOBODYS}/end/", "sessions/end-others/"])
def test_only_by_post_with_a_token_and_signed_in(alice, what):
    where = f"/settings/security/{what}"
    assert signed_in(alice).get(where).status_code == 405
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(alice)
    assert careful.post(where).status_code == 403
    assert Client().post(where)["Location"].startswith("/signin/?next=")


def test_a_session_that_was_ended_is_not_written_back_by_a_request_under_way(alice):
    here = signed_in(alice)
    row = BrowserSession.objects.get()
    session = here.session
    session["late"] = True
    sessions.end_session(member=alice, session_id=row.pk, at=timezone.now())
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.exists()


# -- New devices ----------------------------------------------------------------------------------


@pytest.fixture
def settled(alice):
    """alice, who joined long ago."""
    User.objects.filter(pk=alice.pk).update(created_at=timezone.now() - timedelta(days=30))
    alice.refresh_from_db()
    return alice


def told(member):
    return [body for body in Phone(str(member.phone_number)).messages if "Someone signed in" in body]


def test_a_browser_that_never_held_the_member_is_told_once(settled):
    client = by_code(settled, user_agent=FIREFOX)
    (body,) = told(settled)
    assert "Firefox on Linux, address 127.0.0.1" in body
    assert client.cookies[settings.DEVICE_COOKIE_NAME]["httponly"]
    client.post("/sign-out/")
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        phone = Phone(str(settled.phone_number))
        client.post("/signin/", {"phone": phone.number})
        client.post("/signin/code/", {"code": phone.code})
        assert client.get("/api/v1/me").status_code == 200
        assert len(told(settled)) == 1
        by_code_later = Client()
    with time_machine.travel(timezone.now() + timedelta(minutes=40)):
        by_code_later.post("/signin/", {"phone": phone.number})
        by_code_later.post("/signin/code/", {"code": phone.code})
        assert len(told(settled)) == 2


def test_a_browser_that_knows_bob_does_not_know_alice(settled, bob):
    client = by_code(bob)
    client.post("/sign-out/")
    phone = Phone(str(settled.phone_number))
    client.post("/signin/", {"phone": phone.number})
    client.post("/signin/code/", {"code": phone.code})
    assert len(told(settled)) == 1


@pytest.mark.parametrize("planted", ["", "x", "WyJhIl0:1:2", "WyJhIl0", "\x00", "a" * 5000])
def test_a_planted_device_cookie_is_no_device(settled, planted):
    client, phone = Client(), Phone(str(settled.phone_number))
    client.cookies[settings.DEVICE_COOKIE_NAME] = planted
    client.post("/signin/", {"phone": phone.number})
    assert client.post("/signin/code/", {"code": phone.code}).status_code == 302
    assert len(told(settled)) == 1


def test_whoever_has_just_joined_is_not_told_of_it(phone):
    client = Client()
    client.post("/signin/", {"phone": phone.number})
    client.post("/signin/code/", {"code": phone.code})
    assert len(phone.messages) == 1


def test_a_program_is_told_of_unless_its_like_was_there_before(settled):
    now = timezone.now()
    begin_family(member=settled, address="203.0.113.7", user_agent="ladder-app/2", at=now)
    assert len(told(settled)) == 1
    later = now + timedelta(hours=1)
    begin_family(member=settled, address="203.0.113.7", user_agent="ladder-app/2", at=later)
    assert len(told(settled)) == 1
    begin_family(member=settled, address="198.51.100.4", user_agent="ladder-app/2", at=later)
    assert len(told(settled)) == 2


def test_a_flood_of_sign_ins_is_one_message_in_ten_minutes(settled):
    now = timezone.now()
    for number in range(5):
        begin_family(member=settled, address=f"203.0.113.{number}", user_agent="app", at=now)
    assert len(told(settled)) == 1


def test_notices_go_by_e_mail_when_it_is_confirmed(settled):
    User.objects.filter(pk=settled.pk).update(email="alice@example.org", email_verified=True)
    settled.refresh_from_db()
    begin_family(member=settled, address="203.0.113.7", user_agent="app", at=timezone.now())
    message = OutgoingMessage.objects.get()
    assert (message.channel, message.recipient) == ("EMAIL", "alice@example.org")
    assert "Was it not you?" in message.body


def test_a_page_that_needs_a_fresh_proof_leads_back(alice):
    client = signed_in(alice)
    BrowserSession.objects.update(proved_at=timezone.now() - timedelta(minutes=16))
    from django.test import RequestFactory

    from accounts.signin.operations.proofs import needs_fresh_proof

    request = RequestFactory().get("/settings/data/close/?really=yes")
    request.user, request.session = alice, client.session
    answer = needs_fresh_proof(lambda request: pytest.fail("went through"))(request)
    where = urlsplit(answer["Location"])
    assert where.path == "/settings/security/confirm/"
    assert parse_qs(where.query)["next"] == ["/settings/data/close/?really=yes"]
