"""The pages of one's password and e-mail address below /settings/security/."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.members.models import User
from accounts.notifications.models import OutgoingMessage
from accounts.signin.models import BrowserSession
from accounts.signin.tests.test_views_security import CONFIRM, grow_stale, said, signed_in

pytestmark = pytest.mark.django_db

PASSWORD = "/settings/security/password/"
EMAIL = "/settings/security/email/"
STRONG = "nine ladders lean on walls"


@pytest.mark.parametrize("where", [PASSWORD, f"{PASSWORD}remove/", EMAIL, f"{EMAIL}remove/"])
def test_each_asks_for_a_fresh_proof(alice, where):
    client = signed_in(alice)
    grow_stale()
    answer = client.post(where, {"password": STRONG, "email": "alice@example.org"})
    assert urlsplit(answer["Location"]).path == CONFIRM
    alice.refresh_from_db()
    assert (alice.has_usable_password() and bool(alice.password), alice.email) == (False, None)
    assert not OutgoingMessage.objects.exists()


@pytest.mark.parametrize("where", [f"{PASSWORD}remove/", f"{EMAIL}remove/", f"{EMAIL}keep/"])
def test_only_by_post_with_a_token(alice, where):
    assert signed_in(alice).get(where).status_code == 405
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(alice)
    assert careful.post(where).status_code == 403


# -- Password -------------------------------------------------------------------------------------


def test_setting_a_password_ends_what_else_is_signed_in(alice):
    here, there = signed_in(alice), signed_in(alice)
    assert "Set a password" in said(here.get(PASSWORD))
    assert here.post(PASSWORD, {"password": STRONG})["Location"] == "/settings/security/"
    alice.refresh_from_db()
    assert alice.check_password(STRONG)
    assert here.get("/api/v1/me").status_code == 200
    assert there.get("/api/v1/me").status_code == 401
    assert BrowserSession.objects.filter(session_key=here.session.session_key).count() == 1
    assert "Change the password" in said(here.get(PASSWORD))
    grow_stale()
    assert here.post(CONFIRM, {"way": "password", "answer": STRONG, "next": PASSWORD})["Location"] == PASSWORD
    assert here.post(f"{PASSWORD}remove/").status_code == 302
    assert here.get("/api/v1/me").status_code == 200
    alice.refresh_from_db()
    assert not alice.check_password(STRONG)


@pytest.mark.parametrize("typed", ["", "short", "password123", "x" * 129, "1234567890", "a\x00" + "b" * 20])
def test_a_weak_password_is_refused_in_words(alice, typed):
    refused = signed_in(alice).post(PASSWORD, {"password": typed})
    assert refused.status_code == 422
    assert 'role="alert"' in said(refused)
    alice.refresh_from_db()
    assert alice.password_changed_at is None


def test_the_page_says_that_a_password_needs_a_confirmed_address(alice):
    client = signed_in(alice)
    assert "once your e-mail address is confirmed" in said(client.get(PASSWORD))
    User.objects.filter(pk=alice.pk).update(email="alice@example.org", email_verified=True)
    assert "once your e-mail address is confirmed" not in said(client.get(PASSWORD))


# -- E-mail ---------------------------------------------------------------------------------------


def link_in(message):
    return urlsplit(re.search(r"https?://\S+", message.body)[0]).path


def test_an_address_counts_once_its_link_was_opened(alice):
    client = signed_in(alice)
    assert client.post(EMAIL, {"email": "alice@example.org"})["Location"] == EMAIL
    page = said(client.get(EMAIL))
    assert "A link is on its way to <strong>alice@example.org</strong>" in page
    alice.refresh_from_db()
    assert alice.email is None
    link = link_in(OutgoingMessage.objects.get(recipient="alice@example.org"))
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 302
    alice.refresh_from_db()
    assert (alice.email, alice.email_verified) == ("alice@example.org", True)
    assert "confirmed" in said(client.get("/settings/security/"))
    assert client.post(f"{EMAIL}remove/").status_code == 302
    alice.refresh_from_db()
    assert alice.email is None


def test_waiting_can_be_given_up(alice):
    client = signed_in(alice)
    client.post(EMAIL, {"email": "alice@example.org"})
    for _press in range(2):
        assert client.post(f"{EMAIL}keep/")["Location"] == EMAIL
    assert "We wait" not in said(client.get(EMAIL))


def test_an_address_of_someone_else_looks_like_any_other(alice, bob):
    User.objects.filter(pk=bob.pk).update(email="bob@example.org", email_verified=True)
    assert signed_in(alice).post(EMAIL, {"email": "Bob@example.org"})["Location"] == EMAIL


@pytest.mark.parametrize("typed", ["", "alice", "a@b", "x" * 300 + "@example.org", "a\x00@example.org", "a@b@c.org"])
def test_addresses_that_are_none(alice, typed):
    assert signed_in(alice).post(EMAIL, {"email": typed}).status_code == 422
    assert not OutgoingMessage.objects.exists()


def test_the_address_one_has_is_no_change(alice):
    User.objects.filter(pk=alice.pk).update(email="alice@example.org", email_verified=True)
    refused = signed_in(alice).post(EMAIL, {"email": "ALICE@example.org"})
    assert (refused.status_code, "already your address" in said(refused)) == (422, True)


def test_a_stale_proof_does_not_stand_in_the_way_of_looking(alice):
    client = signed_in(alice)
    BrowserSession.objects.update(proved_at=timezone.now() - timedelta(days=1))
    assert client.get("/settings/security/").status_code == 200
    assert client.get("/settings/security/sessions/").status_code == 200


def test_a_link_is_for_its_member_once_and_asks_before_it_confirms(alice, mallory):
    client = signed_in(alice)
    client.post(EMAIL, {"email": "alice@example.org"})
    link = link_in(OutgoingMessage.objects.get(recipient="alice@example.org"))
    assert Client().get(link)["Location"].startswith("/signin/?next=")
    for method in ("get", "post"):
        assert getattr(signed_in(mallory), method)(link).status_code == 404
    assert client.get(link).status_code == 200
    alice.refresh_from_db()
    assert alice.email is None
    assert client.post(link).status_code == 302
    assert client.post(link).status_code == 404
    for odd in ("x", "%00", "a" * 3000):
        assert client.get(f"{EMAIL}{odd}/").status_code == 404


def test_a_link_to_an_address_that_another_has_confirmed_says_so_in_words(alice, bob):
    client = signed_in(alice)
    client.post(EMAIL, {"email": "shared@example.org"})
    link = link_in(OutgoingMessage.objects.get(recipient="shared@example.org"))
    User.objects.filter(pk=bob.pk).update(email="shared@example.org", email_verified=True)
    refused = client.post(link)
    assert (refused.status_code, "Another account here has this address" in said(refused)) == (422, True)
    assert "bob" not in said(refused)
