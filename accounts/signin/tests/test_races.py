"""Real threads against PostgreSQL: what must happen once happens once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from constance.test import override_config
from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.members.models import Page, User
from accounts.signin import operations
from accounts.signin.models import PhoneVerification, TokenFamily
from accounts.signin.tests.conftest import bearer

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def together(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What `count` threads come back with when let loose at the same moment. Raises what one of them raised."""
    ready = Barrier(count)

    def run(number: int) -> Any:
        ready.wait()
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def post(path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    response = APIClient().post(f"/api/v1/{path}", body)
    return response.status_code, response.json()


def test_twenty_right_codes_at_once_give_one_session(phone):
    asked = phone.ask(APIClient())
    body = {"verification_id": asked["verification_id"], "code": phone.code}
    answers = together(20, lambda _number: post("auth/verify-code", body))
    # Those that found ten answers under way for the number are told to wait, the others that the code is used.
    assert Counter(answer.get("type", "session") for _status, answer in answers)["session"] == 1
    assert {answer["type"] for status, answer in answers if status != 200} <= {"code-expired", "too-many-requests"}
    assert (User.objects.count(), TokenFamily.objects.count()) == (1, 1)


def test_of_twenty_guesses_at_once_three_are_looked_at(phone):
    asked = phone.ask(APIClient())
    right = phone.code
    guesses = [f"{(int(right) + 1 + number) % 1_000_000:06}" for number in range(20)]
    answers = together(
        20,
        lambda number: post("auth/verify-code", {"verification_id": asked["verification_id"], "code": guesses[number]}),
    )
    kept = PhoneVerification.objects.get()
    assert (kept.attempts, kept.verified_at) == (3, None)
    wrong = [answer for _status, answer in answers if answer["type"] == "wrong-code"]
    assert len(wrong) == 2  # the third says that it was the last
    assert {status for status, _answer in answers} <= {422, 429}


@override_config(CODES_UNPROVED_FREE=100)
def test_two_codes_of_one_new_number_make_one_member(phone, monkeypatch):
    monkeypatch.setattr(operations.codes.limits, "take", lambda *limits, **options: "")
    proofs = []
    for _number in range(5):
        asked = phone.ask(APIClient())
        proofs.append({"verification_id": asked["verification_id"], "code": phone.code})
    answers = together(5, lambda number: post("auth/verify-code", proofs[number]))
    assert [status for status, _answer in answers] == [200] * 5
    assert sum(answer["created"] for _status, answer in answers) == 1
    assert (User.objects.count(), Page.objects.count()) == (1, 1)


def test_two_members_who_want_one_username_at_once(phone):
    proofs = []
    for number in range(4):
        phone.number = f"+4477009001{number:02}"
        asked = phone.ask(APIClient())
        proofs.append({"verification_id": asked["verification_id"], "code": phone.code, "username": "wanted"})
    answers = together(4, lambda number: post("auth/verify-code", proofs[number]))
    assert Counter(status for status, _answer in answers) == {200: 1, 422: 3}
    assert {answer["type"] for status, answer in answers if status == 422} == {"username-taken"}


def test_of_twenty_refreshes_at_once_one_succeeds_and_the_family_ends(alice):
    pair = operations.begin_family(member=alice, address="203.0.113.7", user_agent="", at=timezone.now())
    answers = together(20, lambda _number: post("auth/refresh", {"refresh": pair.refresh}))
    assert Counter(status for status, _answer in answers) == {200: 1, 401: 19}
    assert TokenFamily.objects.get().ending == TokenFamily.Ending.REUSE
    (renewed,) = [answer for status, answer in answers if status == 200]
    for access in (pair.access, renewed["access"]):
        assert bearer(access).get("/api/v1/me").status_code == 401


def test_limits_hold_in_a_burst(phone):
    answers = together(20, lambda _number: post("auth/send-code", {"phone": phone.number}))
    assert Counter(status for status, _answer in answers) == {201: 1, 429: 19}
    assert len(phone.messages) == 1
