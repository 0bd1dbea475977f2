from datetime import timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.members.models import User
from accounts.signin.tests.conftest import NUMBER, Phone

pytestmark = pytest.mark.django_db


def ask(client, number=NUMBER, **more):
    return client.post("/signin/", {"phone": number, **more})


def answer(client, code, **more):
    return client.post("/signin/code/", {"code": code, **more})


def is_signed_in(client):
    return SESSION_KEY in client.session


def said(response):
    return response.content.decode()


class Inputs(HTMLParser):
    """The attributes of a page's inputs, by name."""

    def __init__(self, page):
        super().__init__()
        self.found = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "input":
            self.found[dict(attrs).get("name")] = dict(attrs)


# -- The way in -----------------------------------------------------------------------------------


def test_sign_in_without_scripts(client, phone):
    page = client.get("/signin/?next=/economy/")
    field = Inputs(said(page)).found["phone"]
    assert (page.status_code, field["type"], field["autocomplete"]) == (200, "tel", "tel")
    response = ask(client, next=Inputs(said(page)).found["next"]["value"])
    assert (response.status_code, response["Location"]) == (302, "/signin/code/")

    page = client.get("/signin/code/")
    field = Inputs(said(page)).found["code"]
    assert (field["inputmode"], field["autocomplete"]) == ("numeric", "one-time-code")
    assert "+44 ••• 23" in said(page)
    assert NUMBER not in said(page)
    response = answer(client, phone.code, username="ana", display_name="Ana Lucia")
    assert (response.status_code, response["Location"]) == (302, "/economy/")
    member = User.objects.get(phone_number=NUMBER)
    assert client.session[SESSION_KEY] == str(member.pk)
    assert member.primary_page.username == "ana"


def test_a_code_may_be_typed_with_blanks_and_a_name_with_its_at(client, phone):
    ask(client)
    assert answer(client, f"{phone.code[:3]} {phone.code[3:]}", username=" @Ana ").status_code == 302
    assert User.objects.get().primary_page.username == "ana"


def test_the_code_page_is_the_same_for_known_and_unknown_numbers(alice):
    def code_page(number):
        client = Client()
        with time_machine.travel(timezone.now().replace(microsecond=0), tick=False):
            first = ask(client, number)
            page = client.get("/signin/code/")
        token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
        text = said(page).replace(token, "")
        return first.status_code, first["Location"], page.status_code, _without_secrets(text)

    known = code_page(str(alice.phone_number))
    unknown = code_page(f"{str(alice.phone_number)[:-3]}9{str(alice.phone_number)[-2:]}")
    assert known == unknown


def _without_secrets(page):
    import re

    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    page = re.sub(r'nonce="[^"]+"', "", page)
    return re.sub(r'(datetime|data-until|title)="[^"]+"', "", page)


def test_members_are_sent_on(client, alice):
    client.force_login(alice)
    assert client.get("/signin/?next=/economy/")["Location"] == "/economy/"
    assert client.get("/signin/code/")["Location"] == "/"


def test_without_a_sign_in_under_way_there_is_no_code_page(client):
    assert client.get("/signin/code/")["Location"] == "/signin/"
    assert client.post("/signin/code/", {"code": "123456"})["Location"] == "/signin/"
    assert client.post("/signin/code/again/")["Location"] == "/signin/"


# -- Where it leads -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "http:///x",
        "",
    ],
)
def test_it_leads_nowhere_else(client, phone, elsewhere):
    ask(client, next=elsewhere)
    assert answer(client, phone.code)["Location"] == "/"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_a_members_next_leads_nowhere_else(client, alice, elsewhere):
    client.force_login(alice)
    assert client.get("/signin/", {"next": elsewhere})["Location"] == "/"


# -- Kind words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write your phone number"),
        ("07700 900123", "with + and the country code"),
        ("' OR 1=1 --", "with + and the country code"),
        ("1" * 400, "too long for a phone number"),
        ("+44\x007700", "Null characters"),
    ],
)
def test_a_number_that_is_none(client, typed, words):
    response = ask(client, typed)
    assert response.status_code == 422
    assert words in said(response)


def test_too_many_codes(client):
    ask(client)
    response = ask(client)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert "Too many codes were asked for" in said(response)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "1" * 10_000])
def test_a_code_that_is_none_costs_no_attempt(client, phone, typed):
    ask(client)
    for _attempt in range(4):
        response = answer(client, typed)
        assert response.status_code == 422
        assert "six digits" in said(response)
    assert answer(client, phone.code).status_code == 302


def test_a_wrong_code(client, phone):
    ask(client)
    response = answer(client, phone.wrong_code)
    assert response.status_code == 422
    assert "Attempts left: 2." in said(response)
    answer(client, phone.wrong_code)
    assert "That was the last attempt" in said(answer(client, phone.wrong_code))
    assert "no longer good" in said(answer(client, phone.code))
    assert not is_signed_in(client)


def test_an_expired_code(client, phone):
    ask(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        response = answer(client, phone.code)
    assert response.status_code == 422
    assert "no longer good" in said(response)


@pytest.mark.parametrize(
    ("username", "words"), [("alice", "@alice"), ("admin", "not a word of the site"), ("a b", "3 to 30")]
)
def test_a_refused_username_can_be_tried_again(client, alice, phone, username, words):
    ask(client)
    response = answer(client, phone.code, username=username, display_name="Ana Lucia")
    assert response.status_code == 422
    assert words.removeprefix("@") in said(response)
    inputs = Inputs(said(response)).found
    assert inputs["display_name"]["value"] == "Ana Lucia"
    assert answer(client, phone.code, username="ana").status_code == 302


@pytest.mark.parametrize("status", ["BANNED", "CLOSED"])
def test_the_banned(client, alice, phone_of, status):
    User.objects.filter(pk=alice.pk).update(status=status)
    assert ask(client, str(alice.phone_number))["Location"] == "/signin/code/"
    response = answer(client, phone_of(alice).code)
    assert response.status_code == 403
    assert "closed or banned" in said(response)
    assert not is_signed_in(client)


def test_without_counters_nobody_is_told_that_a_code_is_on_its_way(client, settings, phone):
    settings.REDIS_FOR_LIMITS = "unix:///nowhere/redis.sock?db=3"
    response = ask(client)
    assert response.status_code == 503
    assert phone.messages == []


def test_errors_are_tied_to_their_fields(client, phone):
    ask(client)
    field = Inputs(said(answer(client, "12345"))).found["code"]
    assert field["aria-invalid"] == "true"
    assert "id_code_error" in field["aria-describedby"]


# -- Another code ---------------------------------------------------------------------------------


def test_another_code(client, phone):
    ask(client, next="/economy/")
    first = phone.code
    response = client.post("/signin/code/again/")
    assert response.status_code == 429
    assert "Too many codes were asked for" in said(response)
    assert "code" in Inputs(said(response)).found
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert client.post("/signin/code/again/")["Location"] == "/signin/code/"
        assert "Only the new one counts" in said(client.get("/signin/code/"))
        if first != phone.code:
            assert answer(client, first).status_code == 422
        assert answer(client, phone.code)["Location"] == "/economy/"


def test_another_number(client, phone):
    ask(client)
    other = Phone("+447700900124")
    ask(client, other.number)
    if phone.code != other.code:
        assert answer(client, phone.code).status_code == 422
    assert answer(client, other.code).status_code == 302
    assert User.objects.get().phone_number == other.number


# -- Sessions -------------------------------------------------------------------------------------


def test_a_planted_session_is_worth_nothing_after_the_sign_in(client, phone):
    ask(client)
    planted = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer(client, phone.code)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    assert not Session.objects.filter(session_key=planted).exists()
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert thief.get("/api/v1/me").status_code == 401


def test_someone_elses_session_does_not_know_the_code_page(client, phone):
    ask(client)
    assert Client().get("/signin/code/")["Location"] == "/signin/"
    assert answer(Client(), phone.code)["Location"] == "/signin/"
    assert not User.objects.exists()


def test_the_sign_in_under_way_is_forgotten(client, phone):
    ask(client)
    answer(client, phone.code)
    assert "signin" not in client.session


@pytest.mark.parametrize("path", ["/signin/", "/signin/code/", "/signin/code/again/", "/sign-out/"])
def test_forms_need_their_token(alice, path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(path, {"phone": NUMBER, "code": "123456"}).status_code == 403
    assert is_signed_in(client)


def test_signing_out(client, alice):
    client.force_login(alice)
    response = client.post("/sign-out/")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert not is_signed_in(client)
    assert not Session.objects.exists()


@pytest.mark.parametrize("path", ["/sign-out/", "/signin/code/again/"])
def test_only_by_post(client, alice, path):
    client.force_login(alice)
    assert client.get(path).status_code == 405
    assert is_signed_in(client)


def test_pages_of_a_sign_in_are_kept_by_nobody(client):
    ask(client)
    for path in ("/signin/", "/signin/code/"):
        assert "no-store" in client.get(path)["Cache-Control"]


@pytest.mark.urls("accounts.notifications.tests.urls")
def test_in_development_a_hint_leads_to_the_outbox(client, settings):
    assert "/dev/outbox/" not in said(client.get("/signin/"))
    settings.DEBUG = True
    assert "/dev/outbox/" in said(client.get("/signin/"))


def test_no_page_carries_script_or_style_of_its_own(client):
    ask(client)
    for path in ("/signin/", "/signin/code/"):
        page = said(client.get(path))
        assert "style=" not in page
        assert "onclick" not in page
        assert "<style" not in page
