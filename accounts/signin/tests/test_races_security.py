"""Real threads against PostgreSQL: second factors, recovery codes and numbers are used once."""

from collections import Counter
from contextlib import nullcontext
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.members.models import User
from accounts.signin import totp
from accounts.signin.models import BrowserSession, RecoveryCode, SecondStep
from accounts.signin.operations import codes, factors, numbers, second_steps, sessions
from accounts.signin.tests.conftest import Phone
from accounts.signin.tests.test_races import together
from config.lib.refusals import Refused

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def slug_of(work):
    """What a thread comes back with: its result, or the slug of what it was refused with."""

    def run(number):
        try:
            return work(number)
        except Refused as refusal:
            return refusal.slug

    return run


@pytest.fixture
def _without_limits(monkeypatch):
    monkeypatch.setattr(codes.sending, "allowed", lambda **_given: nullcontext())
    monkeypatch.setattr(codes.sending, "must_be_cool", lambda **_given: None)
    for room in (codes.limits, factors, numbers):
        monkeypatch.setattr(room, "take", lambda *limits, **options: "")


@pytest.fixture
def enrolled(alice):
    alice.secret = totp.new_secret()
    at = timezone.now() - timedelta(minutes=5)
    alice.codes = factors.confirm(member=alice, secret=alice.secret, code=totp.code_at(alice.secret, at), at=at)
    return alice


@pytest.mark.usefixtures("_without_limits")
def test_twenty_times_the_same_code_at_once_counts_once(enrolled):
    now = timezone.now()
    code = totp.code_at(enrolled.secret, now)
    answers = together(20, lambda _number: factors.check(member=enrolled, code=code, at=now))
    assert Counter(answers) == {True: 1, False: 19}


@pytest.mark.usefixtures("_without_limits")
def test_the_control_that_looks_before_it_writes_takes_a_code_more_than_once(enrolled, monkeypatch):
    now = timezone.now()
    code = totp.code_at(enrolled.secret, now)
    all_have_looked = Barrier(20)

    def look_then_write(member, code, at):
        step = totp.step_of(code, secret=enrolled.secret, at=at)
        is_new = User.objects.get(pk=member.pk).two_factor_step < step
        all_have_looked.wait()
        User.objects.filter(pk=member.pk).update(two_factor_step=step)
        return is_new

    monkeypatch.setattr(factors, "_take_step", look_then_write)
    answers = together(20, lambda _number: factors.check(member=enrolled, code=code, at=now))
    assert answers.count(True) > 1


@pytest.mark.usefixtures("_without_limits")
def test_a_recovery_code_at_once_counts_once(enrolled):
    now = timezone.now()
    answers = together(20, lambda _number: factors.check(member=enrolled, code=enrolled.codes[0], at=now))
    assert Counter(answers) == {True: 1, False: 19}
    assert RecoveryCode.objects.filter(user=enrolled, used_at=None).count() == 9


def test_of_many_guesses_at_once_ten_are_looked_at(enrolled, monkeypatch):
    looked_at = []
    monkeypatch.setattr(factors, "_take_step", lambda *given: looked_at.append(given) or False)
    answers = together(
        20, slug_of(lambda number: factors.check(member=enrolled, code=f"{number:06}", at=timezone.now()))
    )
    assert Counter(answers) == {False: 10, "too-many-requests": 10}
    assert len(looked_at) == 10


@pytest.mark.usefixtures("_without_limits")
def test_two_set_ups_at_once_leave_one_secret_and_ten_codes(alice):
    now = timezone.now()
    secrets = [totp.new_secret() for _number in range(4)]

    def confirm(number):
        member = User.objects.get(pk=alice.pk)
        secret = secrets[number]
        return len(factors.confirm(member=member, secret=secret, code=totp.code_at(secret, now), at=now))

    answers = together(4, slug_of(confirm))
    assert Counter(answers) == {10: 1, "second-factor-on": 3}
    assert RecoveryCode.objects.count() == 10


@pytest.mark.usefixtures("_without_limits")
def test_renewals_at_once_leave_ten_codes(enrolled):
    at = timezone.now()

    def renew(number):
        return len(factors.new_recovery_codes(member=enrolled, code=enrolled.codes[number], at=at))

    together(4, slug_of(renew))
    assert RecoveryCode.objects.filter(user=enrolled).count() == 10


def under_way(member, number, at):
    """A change whose old number has answered; the session that does it, and the ids and code that are still needed."""
    session = SessionStore()
    session.create()
    sessions.begin(session, member=member, address="203.0.113.7", user_agent="", second_factor=False, at=at)
    session.save()
    change = numbers.begin_change(member=member, phone_number=number, address="203.0.113.7", at=at)
    old = Phone(str(member.phone_number)).code
    numbers.prove_old(member=member, verification_id=change.old.verification_id, code=old, address="203.0.113.7", at=at)
    given = {"old_id": change.old.verification_id, "new_id": change.new.verification_id, "code": Phone(number).code}
    return session, given


@pytest.mark.usefixtures("_without_limits")
def test_two_members_who_move_to_one_number_at_once(alice, bob):
    now, wanted = timezone.now(), "+447700900777"
    ready = []
    for number, member in enumerate((alice, bob)):
        session, given = under_way(member, wanted, now + timedelta(seconds=number))
        ready.append((member, session, given))

    def move(number):
        member, session, given = ready[number]
        numbers.change_number(session, member=member, address="203.0.113.7", at=timezone.now(), **given)
        return "moved"

    assert Counter(together(2, slug_of(move))) == {"moved": 1, "number-taken": 1}
    assert User.objects.filter(phone_number=wanted).count() == 1


@pytest.mark.usefixtures("_without_limits")
def test_moving_there_and_joining_with_it_at_once(alice):
    now, wanted = timezone.now(), "+447700900777"
    session, given = under_way(alice, wanted, now)
    sent = codes.send_code(phone_number=wanted, address="203.0.113.8", at=now + timedelta(seconds=1))
    code = Phone(wanted).code

    def act(number):
        if number:
            numbers.change_number(session, member=alice, address="203.0.113.7", at=timezone.now(), **given)
            return "moved"
        joined = codes.prove_number(
            verification_id=sent.verification_id, code=code, address="203.0.113.8", at=timezone.now()
        )
        return "joined" if joined.is_new else "found"

    answers = Counter(together(2, slug_of(act)))
    assert answers in ({"moved": 1, "found": 1}, {"joined": 1, "number-taken": 1})
    assert User.objects.filter(phone_number=wanted).count() == 1


@pytest.mark.usefixtures("_without_limits")
def test_the_same_change_sent_many_times_at_once_happens_once(alice):
    session, given = under_way(alice, "+447700900777", timezone.now())
    key = session.session_key

    def move(_number):
        member = User.objects.get(pk=alice.pk)
        numbers.change_number(SessionStore(key), member=member, address="203.0.113.7", at=timezone.now(), **given)
        return "moved"

    assert Counter(together(8, slug_of(move))) == {"moved": 1, "code-expired": 7}
    alice.refresh_from_db()
    assert alice.token_version == 2


def test_two_pages_of_a_session_from_before_the_list_enter_it_once(client, alice):
    from django.core.cache import cache

    client.force_login(alice)
    BrowserSession.objects.all().delete()
    session = client.session
    del session[sessions.ROW_KEY]
    session.save()
    key = session.session_key

    def use(number):
        cache.clear()
        mine = SessionStore(key)
        return sessions.note_use(mine, member=alice, address="203.0.113.7", user_agent="", at=timezone.now())

    assert all(together(6, use))
    assert BrowserSession.objects.count() == 1


# -- Second steps ---------------------------------------------------------------------------------


def test_of_many_right_answers_at_once_one_opens_the_account(alice):
    User.objects.filter(pk=alice.pk).update(last_active_at=timezone.now() - timedelta(days=100))
    alice.refresh_from_db()
    step = second_steps.enter(member=alice, first_proof=second_steps.PHONE, at=timezone.now())
    SecondStep.objects.update(max_attempts=20)
    answers = together(
        5, slug_of(lambda _n: type(second_steps.finish(token=step.token, code="alice", at=timezone.now())).__name__)
    )
    assert Counter(answers) == {"SignedIn": 1, "second-step-over": 4}


def test_of_many_guesses_at_once_no_more_are_looked_at_than_a_step_has(enrolled, monkeypatch):
    step = second_steps.enter(member=enrolled, first_proof=second_steps.PHONE, at=timezone.now())
    looked_at = []
    monkeypatch.setattr(second_steps.factors, "check", lambda **given: looked_at.append(given) or False)
    together(20, slug_of(lambda n: second_steps.finish(token=step.token, code=f"{n:06}", at=timezone.now())))
    assert len(looked_at) == 5
