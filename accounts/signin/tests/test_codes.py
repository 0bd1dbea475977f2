import re
from datetime import timedelta

import pytest
import time_machine
from constance.test import override_config
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.members.models import Page, User
from accounts.members.operations import BadUsername, UsernameTaken
from accounts.notifications.models import OutgoingMessage
from accounts.signin import operations
from accounts.signin.models import PhoneVerification
from accounts.signin.tests.conftest import NUMBER
from accounts.wallets.models import Wallet
from config.lib import limits

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.7"


def send(number=NUMBER, address=ADDRESS, after=timedelta()):
    return operations.send_code(phone_number=number, address=address, at=timezone.now() + after)


def prove(sent, code, *, address=ADDRESS, after=timedelta(), **names):
    return operations.prove_number(
        verification_id=sent.verification_id, code=code, address=address, at=timezone.now() + after, **names
    )


def test_only_a_hash_of_the_code_is_kept(phone):
    sent = send()
    kept = PhoneVerification.objects.get(pk=sent.verification_id)
    assert len(kept.code_hash) == 64
    assert phone.code not in kept.code_hash
    assert str(kept.ip_address) == ADDRESS


def test_a_code_is_good_for_ten_minutes_and_its_message_no_longer(phone):
    sent = send()
    kept = PhoneVerification.objects.get(pk=sent.verification_id)
    message = OutgoingMessage.objects.get()
    assert sent.expires_at == kept.expires_at == message.give_up_at == kept.created_at + timedelta(minutes=10)


def test_the_right_code_makes_a_member_with_page_profile_and_wallet(phone):
    signed_in = prove(send(), phone.code, username="ana", display_name="Ana Lucia")
    assert signed_in.is_new
    member = User.objects.get(phone_number=NUMBER)
    assert member.phone_verified_at is not None
    assert (member.primary_page.username, member.primary_page.display_name) == ("ana", "Ana Lucia")
    assert member.profile is not None
    assert Wallet.objects.get(user=member).balance == 100


def test_without_a_username_a_free_one_is_made(phone):
    member = prove(send(), phone.code).member
    assert 3 <= len(member.primary_page.username) <= 30


def test_the_names_do_not_count_for_a_member(alice, phone_of):
    signed_in = prove(send(str(alice.phone_number)), phone_of(alice).code, username="new_name", display_name="New")
    assert (signed_in.is_new, signed_in.member) == (False, alice)
    assert Page.objects.get(user=alice).username == "alice"


def test_a_used_code_is_dead(phone):
    sent, code = send(), phone.code
    prove(sent, code)
    with pytest.raises(operations.CodeExpired):
        prove(sent, code)


def test_a_code_dies_after_ten_minutes(phone):
    sent = send()
    with pytest.raises(operations.CodeExpired):
        prove(sent, phone.code, after=timedelta(minutes=10))
    assert prove(sent, phone.code, after=timedelta(minutes=9, seconds=59)).is_new


def test_three_wrong_answers_kill_a_code(phone):
    sent = send()
    for left in (2, 1):
        with pytest.raises(operations.WrongCode) as refused:
            prove(sent, phone.wrong_code)
        assert refused.value.facts == {"attempts_left": left}
    with pytest.raises(operations.CodeExpired):
        prove(sent, phone.wrong_code)
    with pytest.raises(operations.CodeExpired):
        prove(sent, phone.code)
    assert not User.objects.exists()


def test_a_code_is_bound_to_its_request(phone):
    first = send()
    code_of_first = phone.code
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=True):
        second = send()
        if code_of_first == phone.code:
            pytest.skip("one time in a million both codes are the same")
        with pytest.raises(operations.WrongCode):
            prove(second, code_of_first)
        assert prove(first, code_of_first).is_new


def test_mallorys_own_code_does_not_open_another_request(alice, mallory, phone_of):
    for_alice = send(str(alice.phone_number))
    send(str(mallory.phone_number))
    if phone_of(alice).code == phone_of(mallory).code:
        pytest.skip("one time in a million both codes are the same")
    with pytest.raises(operations.WrongCode):
        prove(for_alice, phone_of(mallory).code)


def test_an_unknown_request_is_answered_like_an_expired_one(alice):
    sent = operations.Sent(alice.pk, timezone.now())
    with pytest.raises(operations.CodeExpired):
        prove(sent, "123456")


@pytest.mark.parametrize(
    ("username", "refusal"), [("alice", UsernameTaken), ("admin", BadUsername), ("A!", BadUsername)]
)
def test_a_refused_username_leaves_the_code_good(alice, phone, username, refusal):
    sent = send()
    for _attempt in range(4):
        with pytest.raises(refusal):
            prove(sent, phone.code, username=username)
    assert not User.objects.filter(phone_number=NUMBER).exists()
    assert prove(sent, phone.code, username="ana").is_new


@pytest.mark.parametrize("status", [User.Status.BANNED, User.Status.CLOSED])
def test_the_banned_learn_it_after_the_right_code_only(alice, phone_of, status):
    User.objects.filter(pk=alice.pk).update(status=status)
    sent = send(str(alice.phone_number))
    with pytest.raises(operations.WrongCode):
        prove(sent, phone_of(alice).wrong_code)
    with pytest.raises(operations.AccountShut):
        prove(sent, phone_of(alice).code)
    with pytest.raises(operations.CodeExpired):
        prove(sent, phone_of(alice).code)


def test_the_suspended_may_sign_in_and_read(alice, phone_of):
    User.objects.filter(pk=alice.pk).update(status=User.Status.SUSPENDED)
    assert prove(send(str(alice.phone_number)), phone_of(alice).code).member == alice


def test_known_and_unknown_numbers_take_the_same_statements(alice):
    with CaptureQueriesContext(connection) as for_known:
        send(str(alice.phone_number))
    with CaptureQueriesContext(connection) as for_unknown:
        send("+447700900999")
    shapes = [
        [re.sub(r"'[^']*'", "…", q["sql"].split("VALUES")[0]) for q in queries if "SAVEPOINT" not in q["sql"]]
        for queries in (for_known, for_unknown)
    ]
    assert shapes[0] == shapes[1]
    assert not any("accounts_user" in sql for sql in shapes[0])


# -- Limits (reliability.md) ----------------------------------------------------------------------


def ask_at(seconds, number=NUMBER, address=ADDRESS):
    with time_machine.travel(START + timedelta(seconds=seconds), tick=False):
        return send(number, address)


START = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)


def test_one_code_a_minute():
    ask_at(0)
    with pytest.raises(operations.TooManyCodes) as refused:
        ask_at(20)
    assert refused.value.retry_after == 40
    ask_at(60)


def test_three_codes_in_ten_minutes():
    for seconds in (0, 61, 122):
        ask_at(seconds)
    with pytest.raises(operations.TooManyCodes) as refused:
        ask_at(183)
    assert refused.value.retry_after == 600 - 183
    ask_at(600)


def test_five_codes_in_an_hour():
    for minutes in (0, 11, 22, 33, 44):
        ask_at(minutes * 60)
    with pytest.raises(operations.TooManyCodes):
        ask_at(55 * 60)
    ask_at(60 * 60)


@override_config(CODES_UNPROVED_FREE=100)
def test_ten_codes_in_a_day():
    for number in range(10):
        ask_at(number * 13 * 60 * 2)
    with pytest.raises(operations.TooManyCodes):
        ask_at(6 * 3600)
    ask_at(24 * 3600)


def test_ten_codes_an_hour_from_one_address():
    for number in range(10):
        ask_at(number, f"+4477009001{number:02}")
    with pytest.raises(operations.TooManyCodes):
        ask_at(11, "+447700900199")
    ask_at(11, "+447700900199", "203.0.113.8")


def test_one_subscriber_has_many_ipv6_addresses():
    for number in range(10):
        ask_at(number, f"+4477009001{number:02}", f"2001:db8::{number}")
    with pytest.raises(operations.TooManyCodes):
        ask_at(11, "+447700900199", "2001:db8::ffff")


def test_a_refused_request_sends_nothing_and_counts_nothing(phone):
    ask_at(0)
    for seconds in range(1, 30):
        with pytest.raises(operations.TooManyCodes):
            ask_at(seconds)
    assert len(phone.messages) == 1
    ask_at(60)


def test_ten_wrong_codes_a_day_for_one_number(phone):
    with time_machine.travel(START, tick=False) as clock:
        for attempt in range(10):
            if attempt % 2 == 0:
                sent = send(address=f"203.0.113.{attempt}")
            with pytest.raises(operations.WrongCode):
                prove(sent, phone.wrong_code, address=f"198.51.100.{attempt}")
            clock.shift(timedelta(minutes=13))
            sent_at = PhoneVerification.objects.filter(pk=sent.verification_id)
            sent_at.update(expires_at=timezone.now() + timedelta(minutes=10))
        sent = send(address="203.0.113.99")
        with pytest.raises(operations.TooManyAnswers) as refused:
            prove(sent, phone.code, address="198.51.100.99")
        assert refused.value.retry_after > 3600


def test_thirty_wrong_codes_a_day_from_one_address(alice):
    unknown = operations.Sent(alice.pk, timezone.now())
    for _attempt in range(30):
        with pytest.raises(operations.CodeExpired):
            prove(unknown, "123456")
    with pytest.raises(operations.TooManyAnswers):
        prove(unknown, "123456")
    with pytest.raises(operations.CodeExpired):
        prove(unknown, "123456", address="203.0.113.8")


def test_right_codes_do_not_count_as_wrong_ones(phone):
    with override_config(WRONG_CODES_PER_ADDRESS_DAY=1):
        for number in range(3):
            phone.number = f"+4477009001{number:02}"
            prove(send(phone.number), phone.code)


def test_a_second_click_does_not_lock_the_member_out(phone):
    sent, code = send(), phone.code
    prove(sent, code)
    for _click in range(15):
        with pytest.raises(operations.CodeExpired):
            prove(sent, code)


def test_without_counters_no_code_is_sent(settings, phone):
    settings.REDIS_FOR_LIMITS = "unix:///nowhere/redis.sock?db=3"
    with pytest.raises(limits.LimitsAway):
        send()
    assert phone.messages == []


# -- Forgetting -----------------------------------------------------------------------------------


def test_old_codes_are_forgotten(phone):
    old, fresh = send("+447700900001"), send("+447700900002")
    week_ago = timezone.now() - timedelta(days=7, minutes=1)
    PhoneVerification.objects.filter(pk=old.verification_id).update(expires_at=week_ago)
    assert operations.forget_old(at=timezone.now())["codes"] == 1
    assert PhoneVerification.objects.get().pk == fresh.verification_id
