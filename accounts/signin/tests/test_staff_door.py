"""Before the admin: staff give their second factor."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.utils import timezone

from accounts.members.models import User
from accounts.signin import totp
from accounts.signin.models import BrowserSession
from accounts.signin.tests.test_views_security import CONFIRM, FACTOR, code_to, said, set_up, signed_in

pytestmark = pytest.mark.django_db

STAFF = "/signin/staff/"


@pytest.mark.parametrize("role", ["MODERATOR", "ADMIN"])
def test_staff_without_a_second_factor_set_one_up_first(alice, role):
    User.objects.filter(pk=alice.pk).update(role=role)
    alice.refresh_from_db()
    client = signed_in(alice)
    landed = client.get("/admin/accounts/user/", follow=True)
    path, query = urlsplit(landed.redirect_chain[-1][0]).path, urlsplit(landed.redirect_chain[-1][0]).query
    assert path == FACTOR
    assert parse_qs(query)["next"] == ["/admin/accounts/user/"]
    done = client.post(FACTOR, {"answer": totp.code_at(set_up(client), timezone.now()), "next": "/admin/"})
    assert client.post(urlsplit(done["Location"]).path, {"next": "/admin/"})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("who", ["moderator", "admin_member"])
def test_a_session_without_the_second_factor_stands_before_the_door(who, request):
    member = request.getfixturevalue(who)
    client = signed_in(member)
    assert client.get("/admin/").status_code == 200
    BrowserSession.objects.update(second_factor_at=None)
    landed = client.get("/admin/", follow=True)
    assert urlsplit(landed.redirect_chain[-1][0]).path == STAFF
    assert "administration asks for your second factor" in said(landed)
    assert client.post("/admin/accounts/user/", {"action": "x"}).status_code == 302
    assert client.post(STAFF, {"answer": "000000", "next": "/admin/"}).status_code == 422
    right = totp.code_at(member.two_factor_secret, timezone.now())
    assert client.post(STAFF, {"answer": right, "next": "/admin/"})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get(STAFF)["Location"] == "/admin/"


def test_a_message_or_password_opens_no_admin(moderator):
    client = signed_in(moderator)
    BrowserSession.objects.update(second_factor_at=None)
    client.post(f"{CONFIRM}code/", {})
    forged = client.post(STAFF, {"way": "sms", "answer": code_to(str(moderator.phone_number)), "next": "/admin/"})
    assert forged.status_code == 422
    assert client.get("/admin/").status_code == 302


def test_an_idle_hour_closes_the_door_and_use_keeps_it_open(moderator):
    client, start = signed_in(moderator), timezone.now()
    for minutes in (0, 50, 100, 150):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert client.get("/admin/").status_code == 200, minutes
    with time_machine.travel(start + timedelta(minutes=215)):
        client.get("/economy/")  # using the site is not using the admin
        assert client.get("/admin/").status_code == 302


def test_after_eight_hours_the_factor_is_asked_for_in_any_case(moderator):
    client = signed_in(moderator)
    BrowserSession.objects.update(
        second_factor_at=timezone.now() - timedelta(hours=8, seconds=1), admin_used_at=timezone.now()
    )
    assert client.get("/admin/").status_code == 302


def test_members_and_suspended_staff_have_no_business_there(alice, moderator):
    assert signed_in(alice).get(STAFF)["Location"] == "/"
    client = signed_in(moderator)
    User.objects.filter(pk=moderator.pk).update(status="SUSPENDED")
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/"
    assert client.get(STAFF)["Location"] == "/"


def test_the_door_leads_nowhere_else(moderator):
    client = signed_in(moderator)
    assert client.get(f"{STAFF}?next=https://elsewhere.example/")["Location"] == "/admin/"
