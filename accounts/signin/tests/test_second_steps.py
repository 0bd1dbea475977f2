"""What stands between the first proof and the open door, over HTTP as programs see it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.audit.models import AuditLog
from accounts.departures.operations import close_account
from accounts.members.models import User
from accounts.notifications.models import OutgoingMessage
from accounts.signin import totp
from accounts.signin.models import EmailProof, SecondStep
from accounts.signin.operations import (
    SignedIn,
    Step,
    StepOver,
    WrongSecondProof,
    factors,
    finish,
    forget_old,
    passwords,
    second_steps,
)
from accounts.signin.tests.conftest import bearer

pytestmark = pytest.mark.django_db

STRONG = "nine ladders lean on walls"


@pytest.fixture
def enrolled(alice, now):
    """alice with a second factor."""
    alice.secret = totp.new_secret()
    at = now - timedelta(minutes=5)
    alice.codes = factors.confirm(member=alice, secret=alice.secret, code=totp.code_at(alice.secret, at), at=at)
    return alice


def silent_for(member, **time):
    User.objects.filter(pk=member.pk).update(last_active_at=timezone.now() - timedelta(**time))
    member.refresh_from_db()
    return member


def second(api, token, code):
    return api().post("/api/v1/auth/second-factor", {"token": token, "code": code})


def is_held(member):
    member.refresh_from_db()
    return member.coins_held_until is not None and member.coins_held_until > timezone.now()


# -- A second factor ------------------------------------------------------------------------------


def test_a_number_alone_opens_no_account_with_a_second_factor(enrolled, phone_of, api):
    asked = phone_of(enrolled).sign_in()
    assert set(asked) == {"second_factor", "needs", "expires_at"}
    assert asked["needs"] == "FACTOR"
    answer = second(api, asked["second_factor"], totp.code_at(enrolled.secret, timezone.now()))
    assert answer.status_code == 200
    assert set(answer.json()) == {"account", "tokens", "created"}
    assert bearer(answer.json()["tokens"]["access"]).get("/api/v1/me").json()["username"] == "alice"
    assert not is_held(enrolled)


def test_a_recovery_code_opens_it_once(enrolled, phone_of, api):
    asked = phone_of(enrolled).sign_in()
    assert second(api, asked["second_factor"], enrolled.codes[0]).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        again = phone_of(enrolled).sign_in()
    refused = second(api, again["second_factor"], enrolled.codes[0])
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, "wrong-second-proof")


def test_the_code_that_signed_in_signs_in_nobody_else(enrolled, phone_of, api):
    code = totp.code_at(enrolled.secret, timezone.now())
    first = phone_of(enrolled).sign_in()
    assert second(api, first["second_factor"], code).status_code == 200
    step = second_steps.enter(member=enrolled, first_proof=second_steps.PHONE, at=timezone.now())
    assert second(api, step.token, code).status_code == 422


def test_a_step_is_used_once(enrolled, phone_of, api):
    asked = phone_of(enrolled).sign_in()
    assert second(api, asked["second_factor"], enrolled.codes[0]).status_code == 200
    refused = second(api, asked["second_factor"], enrolled.codes[1])
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, "second-step-over")


def test_five_wrong_answers_end_the_step_and_the_member_hears_of_it(enrolled, now):
    step = second_steps.enter(member=enrolled, first_proof=second_steps.PHONE, at=now)
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongSecondProof) as refused:
            finish(token=step.token, code="000000", at=now)
        assert refused.value.facts["attempts_left"] == left
    with pytest.raises(StepOver):
        finish(token=step.token, code="000000", at=now)
    with pytest.raises(StepOver):
        finish(token=step.token, code=enrolled.codes[0], at=now)
    assert AuditLog.objects.filter(action="sign-in-failed", entity_id=str(enrolled.pk)).count() == 5
    told = OutgoingMessage.objects.filter(recipient=str(enrolled.phone_number), subject="wrong-second-factor")
    assert told.count() == 1


def test_a_step_lives_for_ten_minutes(enrolled, now):
    step = second_steps.enter(member=enrolled, first_proof=second_steps.PHONE, at=now)
    assert step.expires_at == now + timedelta(minutes=10)
    with pytest.raises(StepOver):
        finish(token=step.token, code=enrolled.codes[0], at=now + timedelta(minutes=10))
    assert isinstance(finish(token=step.token, code=enrolled.codes[0], at=now + timedelta(seconds=599)), SignedIn)


def test_a_step_ends_when_everything_else_does(enrolled, now):
    step = second_steps.enter(member=enrolled, first_proof=second_steps.PHONE, at=now)
    passwords.set_password(member=enrolled, password=STRONG, at=now)
    with pytest.raises(StepOver):
        finish(token=step.token, code=enrolled.codes[0], at=now)


def test_who_is_banned_meanwhile_stays_outside(enrolled, now):
    step = second_steps.enter(member=enrolled, first_proof=second_steps.PHONE, at=now)
    User.objects.filter(pk=enrolled.pk).update(status="BANNED")
    with pytest.raises(second_steps.AccountShut):
        finish(token=step.token, code=enrolled.codes[0], at=now)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"token": "x" * 64, "code": "000000"}, 422),
        ({"token": "x" * 65, "code": "000000"}, 400),
        ({"token": "x", "code": "1" * 129}, 400),
        ({"token": "x", "code": 123456}, 400),
        ({"token": "x", "code": None}, 400),
        ({"token": ["x"], "code": "000000"}, 400),
        ({"token": "x\x00", "code": "000000"}, 400),
        ({"token": "x"}, 400),
        ({"code": "000000"}, 400),
        ({"token": "x", "code": "000000", "role": "ADMIN"}, 400),
    ],
)
def test_bad_input_gets_its_answer(api, given, status):
    assert api().post("/api/v1/auth/second-factor", given).status_code == status


# -- After a long silence -------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "needs"), [(89, None), (90, "USERNAME"), (400, "USERNAME")])
def test_a_number_that_was_silent_for_90_days_needs_a_second_proof(alice, phone_of, days, needs):
    silent_for(alice, days=days)
    assert phone_of(alice).sign_in().get("needs") == needs


def test_the_new_owner_of_a_number_does_not_get_in_but_the_member_does(alice, phone_of, api):
    silent_for(alice, days=100)
    asked = phone_of(alice).sign_in()
    refused = second(api, asked["second_factor"], "bob")
    assert (refused.status_code, refused.json()["attempts_left"]) == (422, "2")
    assert second(api, asked["second_factor"], " @Alice ").status_code == 200
    assert is_held(alice)
    assert OutgoingMessage.objects.filter(subject="dormant-sign-in").count() == 1


def test_a_confirmed_address_gets_a_code(alice, phone_of, api):
    User.objects.filter(pk=alice.pk).update(email="alice@example.org", email_verified=True)
    silent_for(alice, days=90)
    asked = phone_of(alice).sign_in()
    assert asked["needs"] == "EMAIL"
    sent = OutgoingMessage.objects.get(recipient="alice@example.org")
    assert second(api, asked["second_factor"], "alice").status_code == 422
    assert second(api, asked["second_factor"], sent.body[:6]).status_code == 200
    assert is_held(alice)
    assert EmailProof.objects.get().used_at is not None
    assert sent.body[:6] not in str(EmailProof.objects.values().get())


def test_the_code_of_one_step_is_worth_nothing_in_another(alice, now):
    User.objects.filter(pk=alice.pk).update(email="alice@example.org", email_verified=True)
    silent_for(alice, days=91)
    first = second_steps.enter(member=alice, first_proof=second_steps.PHONE, at=now)
    code = OutgoingMessage.objects.get(recipient="alice@example.org").body[:6]
    other = second_steps.enter(member=alice, first_proof=second_steps.PHONE, at=now)
    with pytest.raises(WrongSecondProof):
        finish(token=other.token, code=code, at=now)
    assert isinstance(finish(token=first.token, code=code, at=now), SignedIn)


def test_a_password_is_a_second_proof_too(alice, phone_of, api):
    passwords.set_password(member=alice, password=STRONG, at=timezone.now())
    silent_for(alice, days=90)
    asked = phone_of(alice).sign_in()
    assert asked["needs"] == "PASSWORD"
    assert second(api, asked["second_factor"], "alice").status_code == 422
    assert second(api, asked["second_factor"], STRONG).status_code == 200


def test_an_authenticator_holds_no_coins(enrolled, phone_of, api):
    silent_for(enrolled, days=90)
    asked = phone_of(enrolled).sign_in()
    assert asked["needs"] == "FACTOR"
    assert second(api, asked["second_factor"], enrolled.codes[0]).status_code == 200
    assert not is_held(enrolled)


def test_mallory_guesses_six_names_a_day_whatever_she_begins(alice, now):
    silent_for(alice, days=91)
    for _step in range(2):
        step = second_steps.enter(member=alice, first_proof=second_steps.PHONE, at=now)
        for _guess in range(3):
            with pytest.raises((WrongSecondProof, StepOver)):
                finish(token=step.token, code="bob", at=now)
    step = second_steps.enter(member=alice, first_proof=second_steps.PHONE, at=now)
    with pytest.raises(second_steps.TooManySecondProofs):
        finish(token=step.token, code="alice", at=now)


# -- Closed accounts ------------------------------------------------------------------------------


def test_a_closed_account_opens_again_when_its_member_says_so(alice, phone_of, api):
    close_account(member=alice, removes_writing=False, at=timezone.now())
    asked = phone_of(alice).sign_in()
    assert asked["needs"] == "RETURN"
    assert api().get("/api/v1/pages/alice").status_code == 404
    assert second(api, asked["second_factor"], "yes").status_code == 422
    answer = second(api, asked["second_factor"], "RETURN")
    assert answer.json()["account"]["username"] == "alice"
    assert api().get("/api/v1/pages/alice").status_code == 200


def test_a_closed_account_asks_for_the_second_factor_first(enrolled, now):
    close_account(member=enrolled, removes_writing=False, at=now)
    enrolled.refresh_from_db()
    step = second_steps.enter(member=enrolled, first_proof=second_steps.PHONE, at=now)
    assert step.needs == "FACTOR"
    onward = finish(token=step.token, code=enrolled.codes[0], at=now)
    assert isinstance(onward, Step)
    assert onward.needs == "RETURN"
    signed_in = finish(token=onward.token, code="RETURN", at=now)
    assert (signed_in.member.status, signed_in.has_second_factor) == ("ACTIVE", True)


def test_after_thirty_days_there_is_nothing_to_come_back_to(alice, now):
    close_account(member=alice, removes_writing=False, at=now)
    alice.refresh_from_db()
    with pytest.raises(second_steps.AccountShut):
        second_steps.enter(member=alice, first_proof=second_steps.PHONE, at=now + timedelta(days=30))


def test_old_steps_are_forgotten(enrolled, now):
    second_steps.enter(member=enrolled, first_proof=second_steps.PHONE, at=now)
    forget_old(at=now + timedelta(days=7))
    assert SecondStep.objects.count() == 1
    forget_old(at=now + timedelta(days=8))
    assert SecondStep.objects.count() == 0
