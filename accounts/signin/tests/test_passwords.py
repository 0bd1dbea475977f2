"""E-mail and password as a way in, and a new password by e-mail."""

from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.utils import timezone

from accounts.audit.models import AuditLog
from accounts.members.models import User
from accounts.notifications.models import OutgoingMessage
from accounts.signin import totp
from accounts.signin.models import EmailProof
from accounts.signin.operations import factors, passwords, resets
from accounts.signin.operations.emails import LinkNoGood
from accounts.signin.tests.conftest import bearer
from accounts.tasks import send_resets

pytestmark = pytest.mark.django_db

STRONG, OTHER = "nine ladders lean on walls", "seven quiet kettles sing"
ADDRESS = "192.0.2.7"


@pytest.fixture
def ana(alice):
    """alice with a confirmed address and a password."""
    User.objects.filter(pk=alice.pk).update(email="Alice@example.org", email_verified=True)
    alice.refresh_from_db()
    passwords.set_password(member=alice, password=STRONG, at=timezone.now())
    OutgoingMessage.objects.all().delete()
    return alice


def sign_in(api, email="alice@example.org", password=STRONG):
    return api().post("/api/v1/auth/password", {"email": email, "password": password})


def link_sent():
    sent = OutgoingMessage.objects.filter(recipient="Alice@example.org").order_by("-id")[0]
    return next(word for word in sent.body.split() if "/signin/reset/" in word).rstrip("/").rpartition("/")[2]


# -- Signing in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["alice@example.org", "ALICE@Example.ORG"])
def test_address_and_password_open_the_account(ana, api, email):
    answer = sign_in(api, email)
    assert answer.status_code == 200
    assert (answer.json()["account"]["username"], answer.json()["created"]) == ("alice", False)
    assert bearer(answer.json()["tokens"]["access"]).get("/api/v1/me").status_code == 200


def test_what_is_wrong_is_not_said(ana, bob, api, monkeypatch):
    User.objects.filter(pk=bob.pk).update(email="bob@example.org", email_verified=True)  # has no password
    compared = []
    real = hashers.check_password
    monkeypatch.setattr(passwords, "check_password", lambda *given, **more: compared.append(1) or real(*given, **more))
    tries = [("alice@example.org", OTHER), ("bob@example.org", STRONG), ("nobody@example.org", STRONG)]
    answers = [sign_in(api, *given) for given in tries]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert len({str({k: v for k, v in answer.json().items() if k != "instance"}) for answer in answers}) == 1
    assert answers[0].json()["type"].endswith("wrong-password")
    assert len(compared) == 3  # each costs one comparison
    assert AuditLog.objects.filter(action="sign-in-failed").count() == 3
    assert "example.org" not in str(list(AuditLog.objects.filter(action="sign-in-failed").values()))


def test_an_address_that_is_not_confirmed_opens_nothing(ana, api):
    User.objects.filter(pk=ana.pk).update(email_verified=False)
    assert sign_in(api).status_code == 422


def test_ten_wrong_passwords_an_hour_and_a_phone_still_opens(ana, api, phone_of):
    for _try in range(10):
        assert sign_in(api, password=OTHER).status_code == 422
    refused = sign_in(api)
    assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
    assert "account" in phone_of(ana).sign_in()


def test_right_passwords_are_not_counted(ana, api):
    for _try in range(12):
        assert sign_in(api).status_code == 200


def test_a_second_factor_is_asked_for(ana, api):
    at = timezone.now() - timedelta(minutes=5)
    secret = totp.new_secret()
    factors.confirm(member=ana, secret=secret, code=totp.code_at(secret, at), at=at)
    asked = sign_in(api).json()
    assert asked["needs"] == "FACTOR"
    given = {"token": asked["second_factor"], "code": totp.code_at(secret, timezone.now())}
    assert api().post("/api/v1/auth/second-factor", given).json()["account"]["username"] == "alice"


def test_the_password_of_a_banned_member_opens_nothing(ana, api):
    User.objects.filter(pk=ana.pk).update(status="BANNED")
    assert (sign_in(api).status_code, sign_in(api, password=OTHER).status_code) == (403, 422)


@pytest.mark.parametrize(
    "given",
    [
        {"email": "alice@example.org"},
        {"email": ["alice@example.org"], "password": STRONG},
        {"email": "alice@example.org", "password": None},
        {"email": "alice@example.org", "password": "x" * 129},
        {"email": "a" * 255, "password": STRONG},
        {"email": "alice@example.org\x00", "password": STRONG},
        {"email": "alice@example.org", "password": STRONG, "admin": True},
    ],
)
def test_bad_input_gets_its_answer(ana, api, given):
    assert api().post("/api/v1/auth/password", given).status_code == 400


def test_no_other_way_to_write_an_address_brings_more_tries(ana, api):
    """PostgreSQL makes an i of İ (U+0130), and so counted it as another address and found the same account."""
    for _try in range(10):
        assert sign_in(api, password=OTHER).status_code == 422
    assert sign_in(api).status_code == 429
    assert sign_in(api, "al\u0130ce@example.org").status_code == 422


# -- A new password by e-mail ---------------------------------------------------------------------


def test_no_other_way_to_write_an_address_brings_more_letters(ana, now):
    resets.ask_for_reset(email="al\u0130ce@example.org", address=ADDRESS, at=now)
    resets.send_asked(at=now)
    assert not OutgoingMessage.objects.exists()


def test_whoever_reads_the_mail_resets_nothing_in_silence(ana, now, phone_of):
    resets.ask_for_reset(email="alice@example.org", address=ADDRESS, at=now)
    resets.send_asked(at=now)
    resets.reset_password(secret=link_sent(), password=OTHER, at=now)
    assert "was reset by e-mail" in phone_of(ana).messages[0]
    assert "was reset by e-mail" in OutgoingMessage.objects.filter(channel="EMAIL").latest("id").body


def test_a_link_sets_a_new_password_and_ends_what_was_signed_in(ana, api):
    access = sign_in(api).json()["tokens"]["access"]
    resets.ask_for_reset(email="ALICE@example.org", address=ADDRESS, at=timezone.now())
    send_resets()
    secret = link_sent()
    assert secret not in str(EmailProof.objects.values().get())
    resets.reset_password(secret=secret, password=OTHER, at=timezone.now())
    assert bearer(access).get("/api/v1/me").status_code == 401
    assert (sign_in(api).status_code, sign_in(api, password=OTHER).status_code) == (422, 200)
    ana.refresh_from_db()
    assert ana.coins_held_until > timezone.now() + timedelta(hours=71)
    with pytest.raises(LinkNoGood):
        resets.reset_password(secret=secret, password=STRONG, at=timezone.now())


def test_asking_tells_nothing_and_leaves_nothing(ana):
    for email in ("nobody@example.org", "alice@example.org"):
        resets.ask_for_reset(email=email, address=ADDRESS, at=timezone.now())
    send_resets()
    assert OutgoingMessage.objects.count() == 1
    assert EmailProof.objects.count() == 1


def test_only_the_newest_link_counts_and_for_an_hour(ana, now):
    links = []
    for minute in range(2):
        resets.ask_for_reset(email="alice@example.org", address=ADDRESS, at=now + timedelta(minutes=minute))
        resets.send_asked(at=now + timedelta(minutes=minute))
        links.append(link_sent())
    with pytest.raises(LinkNoGood):
        resets.must_be_good(secret=links[0], at=now + timedelta(minutes=2))
    resets.must_be_good(secret=links[1], at=now + timedelta(minutes=60))
    with pytest.raises(LinkNoGood):
        resets.must_be_good(secret=links[1], at=now + timedelta(minutes=61))


def test_a_link_that_went_to_an_address_they_no_longer_have_is_dead(ana, now):
    resets.ask_for_reset(email="alice@example.org", address=ADDRESS, at=now)
    resets.send_asked(at=now)
    User.objects.filter(pk=ana.pk).update(email="new@example.org")
    with pytest.raises(LinkNoGood):
        resets.must_be_good(secret=link_sent(), at=now)


def test_a_weak_password_leaves_the_link_good(ana, now):
    resets.ask_for_reset(email="alice@example.org", address=ADDRESS, at=now)
    resets.send_asked(at=now)
    with pytest.raises(passwords.WeakPassword):
        resets.reset_password(secret=link_sent(), password="password123", at=now)
    resets.reset_password(secret=link_sent(), password=OTHER, at=now)


def test_three_resets_for_an_address_and_five_from_one(ana, now):
    for _time in range(3):
        resets.ask_for_reset(email="alice@example.org", address=ADDRESS, at=now)
    with pytest.raises(resets.TooManyResets):
        resets.ask_for_reset(email="alice@example.org", address="198.51.100.1", at=now)
    for name in "ab":
        resets.ask_for_reset(email=f"{name}@example.org", address=ADDRESS, at=now)
    with pytest.raises(resets.TooManyResets):
        resets.ask_for_reset(email="c@example.org", address=ADDRESS, at=now)


def test_an_authenticator_spares_the_coins(ana, now):
    secret, at = totp.new_secret(), now - timedelta(minutes=5)
    factors.confirm(member=ana, secret=secret, code=totp.code_at(secret, at), at=at)
    resets.ask_for_reset(email="alice@example.org", address=ADDRESS, at=now)
    resets.send_asked(at=now)
    resets.reset_password(secret=link_sent(), password=OTHER, at=now)
    ana.refresh_from_db()
    assert ana.coins_held_until is None
