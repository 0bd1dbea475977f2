"""The pages below /settings/security/ but the sessions."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.members.models import User
from accounts.members.operations import join
from accounts.signin import totp
from accounts.signin.models import BrowserSession, PhoneVerification, RecoveryCode
from accounts.signin.operations import begin_family
from accounts.signin.tests.conftest import Phone, bearer
from accounts.wallets.models import Wallet

pytestmark = pytest.mark.django_db

NEW = "+447700900777"
CONFIRM = "/settings/security/confirm/"
NUMBER = "/settings/security/number/"
FACTOR = "/settings/security/second-factor/"


def signed_in(member):
    client = Client()
    client.force_login(member)
    return client


def said(response):
    return response.content.decode()


def code_to(number):
    """The code of the newest message with one."""
    return next(body[:6] for body in Phone(number).messages if body[:6].isdigit())


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def grow_stale():
    BrowserSession.objects.update(proved_at=timezone.now() - timedelta(minutes=16))


@pytest.fixture
def enrolled(alice):
    """alice with a second factor."""
    alice.two_factor_secret = totp.new_secret()
    alice.two_factor_confirmed_at = timezone.now()
    alice.save(update_fields=["two_factor_secret", "two_factor_confirmed_at"])
    return alice


def shown_by(member, steps=0):
    return totp.code_at(member.two_factor_secret, timezone.now() + timedelta(seconds=30 * steps))


# -- Overview -------------------------------------------------------------------------------------


def test_the_overview_says_how_things_are(alice):
    page = said(signed_in(alice).get("/settings/security/"))
    for words in ("+49 ••• 00", "Set up a second factor", "only this one", "none; a code to your phone is enough"):
        assert words in page
    assert str(alice.phone_number) not in page


def test_the_overview_of_someone_with_everything(enrolled):
    User.objects.filter(pk=enrolled.pk).update(
        email="alice@example.org", email_verified=True, coins_held_until=timezone.now() + timedelta(hours=5)
    )
    RecoveryCode.objects.create(user=enrolled, code_hash="a" * 64)
    page = said(signed_in(enrolled).get("/settings/security/"))
    for words in ("alice@example.org", "confirmed", "Switch off", "1 code left", "few", "Coins may leave your wallet"):
        assert words in page


@pytest.mark.parametrize(
    "path", ["", "confirm/", "number/", "number/codes/", "sessions/", "second-factor/", "second-factor/off/",
             "second-factor/codes/", "second-factor/codes/new/", "second-factor/codes/new/file/"]
)  # fmt: skip
def test_only_for_members_and_kept_by_nobody(alice, path):
    where = f"/settings/security/{path}"
    assert Client().get(where)["Location"].startswith("/signin/?next=")
    answer = signed_in(alice).get(where)
    assert answer.status_code in (200, 302)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["confirm/", "confirm/code/", "number/", "second-factor/", "second-factor/off/"])
def test_forms_need_their_token(alice, path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(f"/settings/security/{path}", {"answer": "123456"}).status_code == 403


# -- Is it you? -----------------------------------------------------------------------------------


def test_a_fresh_proof_by_message(alice):
    client = signed_in(alice)
    grow_stale()
    asked = client.get(FACTOR)
    assert (asked.status_code, urlsplit(asked["Location"]).path) == (302, CONFIRM)
    assert parse_qs(urlsplit(asked["Location"]).query)["next"] == [FACTOR]
    assert "Send me a code" in said(client.get(asked["Location"]))
    sent = client.post(f"{CONFIRM}code/", {"next": FACTOR})
    assert parse_qs(urlsplit(sent["Location"]).query)["next"] == [FACTOR]
    assert "We sent six digits" in said(client.get(sent["Location"]))
    number = str(alice.phone_number)
    wrong = client.post(CONFIRM, {"way": "sms", "answer": other_than(code_to(number)), "next": FACTOR})
    assert wrong.status_code == 422
    assert "Attempts left: 2." in said(wrong)
    assert FACTOR in said(wrong)
    right = client.post(CONFIRM, {"way": "sms", "answer": code_to(number), "next": FACTOR})
    assert right["Location"] == FACTOR
    assert client.get(FACTOR).status_code == 200
    again = client.post(CONFIRM, {"way": "sms", "answer": code_to(number), "next": FACTOR})
    assert again.status_code == 422


def test_a_proof_by_message_is_no_sign_in_and_the_other_way_round(alice, mallory):
    client, number = signed_in(alice), str(alice.phone_number)
    client.post(f"{CONFIRM}code/", {})
    verification = PhoneVerification.objects.get()
    body = {"verification_id": str(verification.pk), "code": code_to(number)}
    assert Client().post("/api/v1/auth/verify-code", body, content_type="application/json").status_code == 422
    hers = signed_in(mallory)
    session = hers.session
    session["proof_code"] = client.session["proof_code"]
    session.save()
    grow_stale()
    assert hers.post(CONFIRM, {"way": "sms", "answer": code_to(number)}).status_code == 422
    assert not BrowserSession.objects.filter(user=mallory, proved_at__gt=timezone.now() - timedelta(minutes=1)).exists()


def test_a_fresh_proof_by_password(alice):
    alice.set_password("nine ladders lean")
    alice.save(update_fields=["password"])
    client = signed_in(alice)
    grow_stale()
    assert 'type="password"' in said(client.get(CONFIRM))
    assert client.post(CONFIRM, {"way": "password", "answer": "wrong one"}).status_code == 422
    assert client.post(CONFIRM, {"way": "password", "answer": "nine ladders lean"})["Location"] == "/settings/security/"
    for _answer in range(9):
        client.post(CONFIRM, {"way": "password", "answer": "wrong"})
    refused = client.post(CONFIRM, {"way": "password", "answer": "nine ladders lean"})
    assert (refused.status_code, "Retry-After" in refused) == (429, True)


def test_whoever_has_a_second_factor_gives_that(enrolled):
    client = signed_in(enrolled)
    grow_stale()
    page = said(client.get(f"{CONFIRM}?way=sms"))
    assert "Code of your authenticator" in page
    assert "Send" not in page.split("<main")[1].split("</main")[0]
    client.post(f"{CONFIRM}code/", {})
    forged = client.post(CONFIRM, {"way": "sms", "answer": code_to(str(enrolled.phone_number))})
    assert forged.status_code == 422
    code = shown_by(enrolled)
    assert client.post(CONFIRM, {"way": "factor", "answer": code, "next": NUMBER})["Location"] == NUMBER
    assert client.post(CONFIRM, {"way": "factor", "answer": code}).status_code == 422


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_a_proof_leads_nowhere_else(enrolled, elsewhere):
    answer = signed_in(enrolled).post(CONFIRM, {"answer": shown_by(enrolled), "next": elsewhere})
    assert answer["Location"] == "/settings/security/"


@pytest.mark.parametrize("typed", ["", "\x00", "9" * 10_000, "１２３４５６", "a"])
@pytest.mark.parametrize("way", ["sms", "factor", "password", "none", "\x00"])
def test_answers_that_are_none(alice, way, typed):
    client = signed_in(alice)
    client.post(f"{CONFIRM}code/", {})
    assert client.post(CONFIRM, {"way": way, "answer": typed}).status_code == 422


def test_the_second_code_within_a_minute_waits(alice):
    client = signed_in(alice)
    client.post(f"{CONFIRM}code/", {})
    refused = client.post(f"{CONFIRM}code/", {})
    assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
    assert "Too many codes" in said(refused)


# -- Another number -------------------------------------------------------------------------------


def unhurried(monkeypatch):
    """`send_code` without its own limits, for tests that ask for many codes at once."""
    from contextlib import nullcontext

    from accounts.signin.operations import codes

    monkeypatch.setattr(codes.sending, "allowed", lambda **_given: nullcontext())
    monkeypatch.setattr(codes.sending, "must_be_cool", lambda **_given: None)


def begin_move(client, to=NEW):
    return client.post(NUMBER, {"phone": to})


def test_moving_to_another_number(alice):
    here, there = signed_in(alice), signed_in(alice)
    pair = begin_family(member=alice, address="203.0.113.7", user_agent="app", at=timezone.now())
    old = str(alice.phone_number)
    assert begin_move(here)["Location"] == f"{NUMBER}codes/"
    page = said(here.get(f"{NUMBER}codes/"))
    assert "+44 ••• 77" in page
    assert NEW not in page
    answer = here.post(f"{NUMBER}codes/", {"old_code": code_to(old), "new_code": code_to(NEW)})
    assert answer["Location"] == "/settings/security/"

    alice.refresh_from_db()
    assert str(alice.phone_number) == NEW
    assert timezone.now() + timedelta(hours=71) < alice.coins_held_until < timezone.now() + timedelta(hours=73)
    assert here.get("/api/v1/me").status_code == 200
    assert there.get("/api/v1/me").status_code == 401
    assert bearer(pair.access).get("/api/v1/me").status_code == 401
    assert "moved to the phone number +44 ••• 77" in Phone(old).messages[0]
    assert here.get(f"{NUMBER}codes/")["Location"] == NUMBER


def test_the_number_that_was_left_has_had_its_welcome_grant(alice):
    client, old = signed_in(alice), str(alice.phone_number)
    begin_move(client)
    client.post(f"{NUMBER}codes/", {"old_code": code_to(old), "new_code": code_to(NEW)})
    again = join(phone_number=old, username="alice_again", at=timezone.now())
    assert Wallet.objects.get(user=again).balance == 0


def test_one_code_after_the_other(alice):
    client, old = signed_in(alice), str(alice.phone_number)
    begin_move(client)
    wrong = client.post(f"{NUMBER}codes/", {"old_code": other_than(code_to(old)), "new_code": code_to(NEW)})
    assert wrong.status_code == 422
    assert "Attempts left: 2." in said(wrong)
    half = client.post(f"{NUMBER}codes/", {"old_code": code_to(old), "new_code": other_than(code_to(NEW))})
    assert half.status_code == 422
    assert "has answered" in said(half)
    assert 'name="old_code"' not in said(half)
    assert client.post(f"{NUMBER}codes/", {"new_code": code_to(NEW)}).status_code == 302
    alice.refresh_from_db()
    assert str(alice.phone_number) == NEW


def test_the_new_numbers_code_alone_moves_nothing(alice):
    client, old = signed_in(alice), str(alice.phone_number)
    begin_move(client)
    session = client.session
    session["number_change"] |= {"old_is_proved": True}
    session.save()
    refused = client.post(f"{NUMBER}codes/", {"new_code": code_to(NEW)})
    assert refused.status_code == 422
    alice.refresh_from_db()
    assert str(alice.phone_number) == old


def test_a_number_that_is_taken_looks_the_same_until_both_have_answered(alice, bob):
    client, taken = signed_in(alice), str(bob.phone_number)
    assert begin_move(client, taken)["Location"] == f"{NUMBER}codes/"
    refused = client.post(f"{NUMBER}codes/", {"old_code": code_to(str(alice.phone_number)), "new_code": code_to(taken)})
    assert refused.status_code == 422
    assert "belongs to an account here" in said(refused)
    assert "bob" not in said(refused)
    alice.refresh_from_db()
    assert str(alice.phone_number) != taken
    assert alice.token_version == 1


def test_three_wrong_codes_kill_it(alice):
    client, old = signed_in(alice), str(alice.phone_number)
    begin_move(client)
    for _answer in range(3):
        client.post(f"{NUMBER}codes/", {"old_code": other_than(code_to(old)), "new_code": code_to(NEW)})
    dead = client.post(f"{NUMBER}codes/", {"old_code": code_to(old), "new_code": code_to(NEW)})
    assert (dead.status_code, "no longer good" in said(dead)) == (422, True)


def test_codes_grow_old(alice):
    client, old = signed_in(alice), str(alice.phone_number)
    begin_move(client)
    codes = {"old_code": code_to(old), "new_code": code_to(NEW)}
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert client.post(f"{NUMBER}codes/", codes).status_code == 422
    alice.refresh_from_db()
    assert str(alice.phone_number) == old


def test_the_third_change_of_a_day_waits(alice, monkeypatch):
    unhurried(monkeypatch)
    client = signed_in(alice)
    for number in ("+447700900701", "+447700900702", "+447700900703"):
        old = str(User.objects.get(pk=alice.pk).phone_number)
        begin_move(client, number)
        answer = client.post(f"{NUMBER}codes/", {"old_code": code_to(old), "new_code": code_to(number)})
    assert answer.status_code == 429
    assert "often enough for one day" in said(answer)
    assert str(User.objects.get(pk=alice.pk).phone_number) == "+447700900702"


@pytest.mark.parametrize("typed", ["", "07700", "1" * 400, "+44\x007700", "' OR 1=1 --", "１２３"])
def test_numbers_that_are_none(alice, typed):
    assert begin_move(signed_in(alice), typed).status_code == 422
    assert not PhoneVerification.objects.exists()


def test_ones_own_number_is_no_change(alice):
    refused = begin_move(signed_in(alice), str(alice.phone_number))
    assert (refused.status_code, "already your number" in said(refused)) == (422, True)


def test_whoever_has_a_second_factor_gives_it_before_the_number_changes(enrolled):
    client = signed_in(enrolled)
    grow_stale()
    assert urlsplit(client.get(NUMBER)["Location"]).path == CONFIRM
    assert urlsplit(begin_move(client)["Location"]).path == CONFIRM
    assert not PhoneVerification.objects.exists()


# -- Second factor --------------------------------------------------------------------------------


def set_up(client):
    """The secret on the page of the set-up."""
    return client.get(FACTOR).context["enrolment"].secret


def test_setting_it_up_shows_ten_codes_once(alice):
    here, there = signed_in(alice), signed_in(alice)
    secret = set_up(here)
    assert set_up(here) == secret
    assert secret not in str(dict(here.session.items()))
    assert here.post(FACTOR, {"answer": "000000"}).status_code == 422
    done = here.post(FACTOR, {"answer": totp.code_at(secret, timezone.now()), "next": "/economy/"})
    assert urlsplit(done["Location"]).path == f"{FACTOR}codes/new/"
    page = here.get(done["Location"])
    codes = page.context["codes"]
    assert len(codes) == 10
    assert all(code in said(page) for code in codes)
    kept = here.get(f"{FACTOR}codes/new/file/")
    assert "attachment" in kept["Content-Disposition"]
    assert all(code in said(kept) for code in codes)
    assert here.post(f"{FACTOR}codes/new/", {"next": "/economy/"})["Location"] == "/economy/"
    assert here.get(f"{FACTOR}codes/new/").status_code == 302
    assert here.get(f"{FACTOR}codes/new/file/").status_code == 302
    assert here.get("/api/v1/me").status_code == 200
    assert there.get("/api/v1/me").status_code == 401
    assert here.get(FACTOR)["Location"] == "/settings/security/"


def test_the_new_codes_are_shown_for_a_quarter_of_an_hour(alice):
    client = signed_in(alice)
    client.post(FACTOR, {"answer": totp.code_at(set_up(client), timezone.now())})
    assert client.get(f"{FACTOR}codes/new/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.get(f"{FACTOR}codes/new/").status_code == 302


def test_new_codes_and_off_ask_for_a_code(enrolled):
    client = signed_in(enrolled)
    assert client.post(f"{FACTOR}codes/", {"answer": "000000"}).status_code == 422
    made = client.post(f"{FACTOR}codes/", {"answer": shown_by(enrolled)})
    codes = client.get(made["Location"]).context["codes"]
    assert client.post(f"{FACTOR}off/", {"answer": "wrong"}).status_code == 422
    assert client.post(f"{FACTOR}off/", {"answer": codes[0]})["Location"] == "/settings/security/"
    assert client.get("/api/v1/me").status_code == 200
    assert not User.objects.get(pk=enrolled.pk).has_second_factor


def test_staff_are_told_that_theirs_stays(moderator):
    refused = signed_in(moderator).post(
        f"{FACTOR}off/", {"answer": totp.code_at(moderator.two_factor_secret, timezone.now())}
    )
    assert (refused.status_code, "keeps its second factor" in said(refused)) == (422, True)
