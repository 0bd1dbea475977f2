from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts.badges.models import UserActivity
from accounts.members.models import User
from accounts.signin.operations import begin_family
from accounts.signin.tests.conftest import bearer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [User.Status.BANNED, User.Status.CLOSED])
def test_the_session_of_the_banned_and_closed_ends(client, alice, status):
    client.force_login(alice)
    assert client.get("/api/v1/me").status_code == 200
    User.objects.filter(pk=alice.pk).update(status=status)
    assert client.get("/api/v1/me").status_code == 401
    assert not Session.objects.exists()


def test_the_suspended_may_read(client, alice):
    client.force_login(alice)
    User.objects.filter(pk=alice.pk).update(status=User.Status.SUSPENDED)
    assert client.get("/api/v1/me").status_code == 200


def test_a_raised_version_ends_sessions(client, alice):
    client.force_login(alice)
    assert client.get("/api/v1/me").status_code == 200
    User.objects.filter(pk=alice.pk).update(token_version=F("token_version") + 1)
    assert client.get("/api/v1/me").status_code == 401
    assert not Session.objects.exists()


def test_a_session_notes_that_the_member_was_active(client, alice):
    client.force_login(alice)
    client.get("/api/v1/me")
    client.get("/api/v1/me")
    assert UserActivity.objects.get().user == alice


def test_an_access_token_notes_it_too(alice):
    pair = begin_family(member=alice, address="203.0.113.7", user_agent="", at=timezone.now())
    bearer(pair.access).get("/api/v1/me")
    alice.refresh_from_db()
    assert alice.last_active_at > timezone.now() - timedelta(minutes=1)
    assert UserActivity.objects.get().user == alice


def test_a_visitor_without_a_cookie_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/signin/")


def test_a_token_costs_one_query(alice, django_assert_num_queries):
    from rest_framework.test import APIRequestFactory

    from accounts.signin.authentication import BearerAuthentication

    pair = begin_family(member=alice, address="203.0.113.7", user_agent="", at=timezone.now())
    User.objects.filter(pk=alice.pk).update(last_active_at=timezone.now())
    request = APIRequestFactory().get("/", HTTP_AUTHORIZATION=f"Bearer {pair.access}")
    with django_assert_num_queries(1):
        assert BearerAuthentication().authenticate(request)[0] == alice


def test_a_session_cookie_of_nobody_is_no_member(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "planted"
    assert client.get("/api/v1/me").status_code == 401


def test_a_button_pressed_twice_signs_in_all_the_same(client, phone):
    client.post("/signin/", {"phone": phone.number})
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    first = client.post("/signin/code/", {"code": phone.code})
    assert first.cookies[settings.SESSION_COOKIE_NAME].value not in ("", old)
    late = Client()
    late.cookies[settings.SESSION_COOKIE_NAME] = old
    second = late.post("/signin/code/", {"code": phone.code})
    assert second.status_code == 302
    assert settings.SESSION_COOKIE_NAME not in second.cookies
    assert client.get("/signin/")["Location"] == "/"


def test_signing_out_takes_the_cookie_along(client, alice):
    client.force_login(alice)
    assert client.post("/sign-out/").cookies[settings.SESSION_COOKIE_NAME].value == ""


@pytest.mark.parametrize(("address", "kind"), [("/", "text/html"), ("/api/v1/me", "application/problem+json")])
def test_a_member_whose_database_is_away_is_told_so_once(client, alice, monkeypatch, address, kind):
    client.force_login(alice)
    asked = []

    def get_user(request):
        asked.append(request.path)
        raise OperationalError("connection refused")

    monkeypatch.setattr("django.contrib.auth.middleware.auth.get_user", get_user)
    answer = client.get(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"].startswith(kind)
    assert len(asked) == 1
