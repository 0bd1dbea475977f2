"""The pages of signing in beyond the number: password, second step, reset, coming back."""

import re
from datetime import timedelta

import pytest
from constance.test import override_config
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from accounts.departures.operations import close_account
from accounts.members.models import User
from accounts.notifications.models import OutgoingMessage
from accounts.signin import totp
from accounts.signin.models import BrowserSession
from accounts.signin.operations import factors, passwords
from accounts.tasks import send_resets

pytestmark = pytest.mark.django_db

STRONG, OTHER = "nine ladders lean on walls", "seven quiet kettles sing"
PASSWORD, SECOND, RESET = "/signin/password/", "/signin/second/", "/signin/reset/"


@pytest.fixture
def ana(alice):
    """alice with a confirmed address and a password."""
    User.objects.filter(pk=alice.pk).update(email="alice@example.org", email_verified=True)
    alice.refresh_from_db()
    passwords.set_password(member=alice, password=STRONG, at=timezone.now())
    return alice


@pytest.fixture
def enrolled(ana):
    at = timezone.now() - timedelta(minutes=5)
    ana.secret = totp.new_secret()
    ana.codes = factors.confirm(member=ana, secret=ana.secret, code=totp.code_at(ana.secret, at), at=at)
    return ana


def said(response):
    return response.content.decode()


def give(client, email="alice@example.org", password=STRONG, **more):
    return client.post(PASSWORD, {"email": email, "password": password, **more})


def by_number(client, phone):
    client.post("/signin/", {"phone": phone.number, "next": "/economy/"})
    return client.post("/signin/code/", {"code": phone.code})


def is_signed_in(client):
    return SESSION_KEY in client.session


# -- Password -------------------------------------------------------------------------------------


def test_the_sign_in_page_leads_to_the_password(client):
    assert f'href="{PASSWORD}?next=%2Fwallet%2F"' in said(client.get("/signin/?next=/wallet/"))
    assert 'name="next" value="/wallet/"' in said(client.get(f"{PASSWORD}?next=/wallet/"))


def test_a_password_opens_a_session_under_a_new_key(ana, client):
    client.get("/join/none/")
    client.session.save()
    before = client.session.session_key
    answer = give(client, next="/wallet/")
    assert (answer.status_code, answer["Location"]) == (302, "/wallet/")
    assert client.session.session_key != before
    assert BrowserSession.objects.get().second_factor_at is None
    assert client.get(PASSWORD)["Location"] == "/"


def test_a_wrong_password_keeps_the_address_and_shows_no_password(ana, client):
    refused = give(client, password=OTHER)
    assert refused.status_code == 422
    assert 'value="alice@example.org"' in said(refused)
    assert OTHER not in said(refused)
    assert not is_signed_in(client)


def test_it_leads_nowhere_else(ana, client):
    assert give(client, next="https://elsewhere.example/")["Location"] == "/"


@pytest.mark.parametrize("where", [PASSWORD, RESET, SECOND])
def test_forms_need_their_token(where):
    assert Client(enforce_csrf_checks=True).post(where, {"email": "a@example.org"}).status_code == 403


# -- Second step ----------------------------------------------------------------------------------


def test_the_second_factor_follows_the_number(enrolled, client, phone_of):
    assert by_number(client, phone_of(enrolled))["Location"] == SECOND
    assert not is_signed_in(client)
    page = client.get(SECOND)
    assert (page.status_code, 'autocomplete="one-time-code"' in said(page)) == (200, True)
    before = client.session.session_key
    wrong = client.post(SECOND, {"code": "000000"})
    assert (wrong.status_code, "Attempts left: 4" in said(wrong)) == (422, True)
    answer = client.post(SECOND, {"code": totp.code_at(enrolled.secret, timezone.now())})
    assert (answer.status_code, answer["Location"]) == (302, "/economy/")
    assert client.session.session_key != before
    assert BrowserSession.objects.get().second_factor_at is not None
    assert client.get(SECOND)["Location"] == "/"


def test_the_second_factor_follows_the_password(enrolled, client):
    assert give(client)["Location"] == SECOND
    assert client.post(SECOND, {"code": enrolled.codes[3]})["Location"] == "/"
    assert is_signed_in(client)


def test_without_a_first_proof_there_is_no_second_step(client):
    assert client.get(SECOND)["Location"] == "/signin/"
    assert client.post(SECOND, {"code": "000000"})["Location"] == "/signin/"


def test_too_many_wrong_answers_lead_back_to_the_beginning(enrolled, client):
    give(client)
    for _try in range(4):
        client.post(SECOND, {"code": "000000"})
    over = client.post(SECOND, {"code": "000000"})
    assert (over.status_code, "Begin again" in said(over)) == (422, True)
    assert client.post(SECOND, {"code": enrolled.codes[0]})["Location"] == "/signin/"
    assert not is_signed_in(client)


@pytest.mark.parametrize("typed", ["", "x" * 41, "１２３４５６", "\x00", "<script>"])
def test_odd_answers_are_refused(enrolled, client, typed):
    give(client)
    assert client.post(SECOND, {"code": typed}).status_code == 422


def test_after_a_long_silence_the_page_says_why_it_asks(alice, client, phone_of):
    User.objects.filter(pk=alice.pk).update(last_active_at=timezone.now() - timedelta(days=91))
    by_number(client, phone_of(alice))
    page = said(client.get(SECOND))
    assert "not seen for long" in page
    assert "alice" not in page
    assert client.post(SECOND, {"code": "alice"})["Location"] == "/economy/"
    alice.refresh_from_db()
    assert alice.coins_held_until is not None


def test_a_closed_account_asks_before_it_opens(alice, client, phone_of):
    close_account(member=alice, removes_writing=False, at=timezone.now())
    by_number(client, phone_of(alice))
    page = said(client.get(SECOND))
    assert "Your account is closed" in page
    assert not is_signed_in(client)
    alice.refresh_from_db()
    assert alice.status == "CLOSED"
    assert client.post(SECOND, {"code": "no"}).status_code == 422
    assert client.post(SECOND, {"code": "RETURN"})["Location"] == "/economy/"
    alice.refresh_from_db()
    assert (alice.status, is_signed_in(client)) == ("ACTIVE", True)


# -- Reset ----------------------------------------------------------------------------------------


def test_a_reset_by_e_mail(ana, client):
    assert f'href="{RESET}"' in said(client.get(PASSWORD))
    answer = client.post(RESET, {"email": "alice@example.org"})
    assert (answer.status_code, "Look into your mailbox" in said(answer)) == (200, True)
    send_resets()
    sent = OutgoingMessage.objects.filter(recipient="alice@example.org").order_by("-id")[0]
    found = re.search(r"https?://\S+?(/signin/reset/\S+)", sent.body)
    assert found is not None
    link = found[1]
    assert client.get(link).status_code == 200
    weak = client.post(link, {"password": "password123"})
    assert (weak.status_code, "tried first" in said(weak)) == (422, True)
    assert client.post(link, {"password": OTHER})["Location"] == PASSWORD
    assert not is_signed_in(client)
    assert (client.get(link).status_code, client.post(link, {"password": STRONG}).status_code) == (404, 404)
    assert give(client, password=OTHER).status_code == 302


def test_unknown_addresses_get_the_same_page(ana, client):
    pages = [said(client.post(RESET, {"email": f"{name}@example.org"})) for name in ("alice", "nobod")]
    bare = [re.sub(r'(alice|nobod)@|value="\w{64}"|nonce-?="?[\w-]+', "", page) for page in pages]
    assert bare[0] == bare[1]


@pytest.mark.parametrize("secret", ["x", "x" * 300, "%00", "..%2F", "é"])
def test_a_link_that_is_none_is_not_found(client, secret):
    assert client.get(f"{RESET}{secret}/").status_code == 404


@pytest.mark.parametrize("typed", ["", "nobody", "a" * 250 + "@example.org", "a@b\x00.org"])
def test_what_is_no_address_is_refused(client, typed):
    assert client.post(RESET, {"email": typed}).status_code == 422


@override_config(NEW_DEVICE_HELD_HOURS=72)
def test_a_new_device_holds_the_coins_where_the_community_wants_it(alice, client, phone_of):
    User.objects.filter(pk=alice.pk).update(created_at=timezone.now() - timedelta(days=5))
    by_number(client, phone_of(alice))
    alice.refresh_from_db()
    assert alice.coins_held_until > timezone.now() + timedelta(hours=71)
