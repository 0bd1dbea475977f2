"""Against message pumping: countries, blocks of numbers, a day's spend, longer waits for codes that nobody uses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from constance.test import override_config
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.notifications.models import OutgoingMessage
from accounts.signin import operations, rules
from accounts.signin.models import PhoneVerification
from accounts.signin.tests.conftest import NUMBER

pytestmark = pytest.mark.django_db
START = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
FREELY = {
    "CODES_PER_NUMBER_MINUTE": 100,
    "CODES_PER_NUMBER_10_MINUTES": 100,
    "CODES_PER_NUMBER_HOUR": 100,
    "CODES_PER_NUMBER_DAY": 100,
    "CODES_PER_ADDRESS_HOUR": 10_000,
}


def ask_at(seconds, number=NUMBER):
    with time_machine.travel(START + timedelta(seconds=seconds), tick=False):
        return operations.send_code(phone_number=number, address="203.0.113.7", at=timezone.now())


# -- Countries ------------------------------------------------------------------------------------


@override_config(CODE_COUNTRIES="49, +351")
def test_only_countries_that_are_served_get_codes():
    ask_at(0, "+4915112345678")
    ask_at(0, "+351912345678")
    with pytest.raises(operations.CountryNotServed) as refused:
        ask_at(0, "+447700900123")
    assert "+44" in str(refused.value)
    assert OutgoingMessage.objects.count() == 2


@override_config(CODE_COUNTRIES="49")
def test_members_of_a_country_no_longer_served_are_refused_like_strangers(join):
    join("ana", phone_number="+447700900123")
    answers = [APIClient().post("/api/v1/auth/send-code", {"phone": f"+44770090012{digit}"}) for digit in (3, 4)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["type"] == "country-not-served"


def test_without_a_list_all_countries_are_served():
    ask_at(0, "+819012345678")


@pytest.mark.parametrize(
    ("text", "codes"), [("", set()), ("44", {44}), ("+44, 49  351", {44, 49, 351}), (" , ", set())]
)
def test_how_the_list_is_read(text, codes):
    assert rules.country_codes(text) == codes


# -- Blocks and the spend of a day ----------------------------------------------------------------


@override_config(CODES_PER_BLOCK_DAY=3, CODES_PER_ADDRESS_HOUR=100)
def test_a_block_of_a_thousand_numbers_gets_some_codes_a_day():
    for number in range(3):
        ask_at(number, f"+4477009001{number:02}")
    with pytest.raises(operations.TooManyCodes):
        ask_at(4, "+447700900199")
    ask_at(4, "+447700901199")
    ask_at(86_400, "+447700900199")


@override_config(CODES_SPEND_DAY=2)
def test_when_the_days_spend_is_used_up_nobody_gets_a_code_and_nothing_is_counted():
    ask_at(0, "+4915112345678")
    ask_at(3600, "+447700900123")
    for seconds in (7200, 7210):
        with pytest.raises(operations.CodesPaused) as refused:
            ask_at(seconds, "+351912345678")
        assert refused.value.status == 503
    assert refused.value.retry_after == 86_400 - 7210
    with override_config(CODES_SPEND_DAY=3):
        ask_at(7220, "+351912345678")  # those refused did not count for the number


@pytest.mark.django_db(transaction=True)
@override_config(CODES_SPEND_DAY=5, CODES_PER_ADDRESS_HOUR=100)
def test_of_twenty_at_once_as_many_are_sent_as_the_spend_allows():
    def one(number):
        try:
            operations.send_code(phone_number=f"+44770{number:03}0123", address="203.0.113.7", at=timezone.now())
        except operations.CodesPaused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(one, range(20))) == 5
    assert PhoneVerification.objects.count() == 5


# -- Codes that nobody uses -----------------------------------------------------------------------


@override_config(**FREELY)
def test_beyond_the_third_unproved_code_each_wait_is_twice_as_long():
    at = 0
    for seconds in (0, 1, 1):
        at += seconds
        ask_at(at)
    for wait in (120, 240, 480, 960):
        with pytest.raises(operations.TooManyCodes) as refused:
            ask_at(at + wait - 1)
        assert refused.value.retry_after == 1
        at += wait
        ask_at(at)


@override_config(**FREELY)
def test_a_refused_one_leaves_no_trace_in_the_counters():
    for seconds in (0, 1, 2):
        ask_at(seconds)
    with override_config(CODES_PER_NUMBER_DAY=4):
        for seconds in range(3, 60):
            with pytest.raises(operations.TooManyCodes):
                ask_at(seconds)
        ask_at(122)


@override_config(**FREELY)
def test_proved_codes_make_nobody_wait(phone):
    for seconds in range(6):
        sent = ask_at(seconds)
        with time_machine.travel(START + timedelta(seconds=seconds), tick=False):
            operations.prove_number(
                verification_id=sent.verification_id, code=phone.code, address="203.0.113.7", at=timezone.now()
            )


@override_config(**FREELY)
def test_a_day_later_it_is_forgotten():
    for seconds in (0, 1, 2):
        ask_at(seconds)
    ask_at(86_401)


@override_config(**FREELY)
def test_another_number_does_not_wait():
    for seconds in (0, 1, 2):
        ask_at(seconds)
    ask_at(3, "+447700900124")


@pytest.mark.django_db(transaction=True)
@override_config(**FREELY)
def test_of_eight_at_once_three_are_sent_before_the_wait_begins():
    now = timezone.now()

    def one(_number):
        try:
            operations.send_code(phone_number=NUMBER, address="203.0.113.7", at=now)
        except operations.TooManyCodes:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(one, range(8))) == 3


@pytest.mark.parametrize(
    ("unproved", "seconds"), [(0, 0), (2, 0), (3, 120), (4, 240), (5, 480), (10, 15_360), (13, 86_400), (500, 86_400)]
)
def test_the_figures_of_the_wait(unproved, seconds):
    assert rules.cool_down(unproved, free=3, first=120) == timedelta(seconds=seconds)


# -- Joining by the API, as the mode of sign-up has it --------------------------------------------


@override_config(SIGN_UP_MODE="invitation")
def test_the_api_takes_an_invitation_and_keeps_the_code_good_until_then(phone, alice, now):
    from accounts.invitations.operations import make_invitation

    invitation = make_invitation(inviter=alice, uses=1, days=7, at=now)
    client = APIClient()
    asked = phone.ask(client)
    proof = {"verification_id": asked["verification_id"], "code": phone.code}
    without = client.post("/api/v1/auth/verify-code", proof)
    assert (without.status_code, without.json()["type"]) == (403, "invitation-needed")
    wrong = client.post("/api/v1/auth/verify-code", {**proof, "invitation": "no-such-invitation"})
    assert (wrong.status_code, wrong.json()["type"]) == (422, "invitation-no-good")
    assert wrong.json()["errors"][0]["field"] == "invitation"
    done = client.post("/api/v1/auth/verify-code", {**proof, "invitation": invitation.code})
    assert done.status_code == 200 and done.json()["created"]


@override_config(SIGN_UP_MODE="closed")
def test_members_sign_in_whatever_the_mode(phone, join):
    join("ana", phone_number=NUMBER)
    assert phone.sign_in()["created"] is False


@pytest.mark.parametrize("invitation", [5, [], {}, True, "x" * 33, "\x00"])
def test_what_cannot_be_an_invitation_is_malformed(phone, invitation):
    client = APIClient()
    asked = phone.ask(client)
    proof = {"verification_id": asked["verification_id"], "code": phone.code, "invitation": invitation}
    assert client.post("/api/v1/auth/verify-code", proof).status_code == 400
