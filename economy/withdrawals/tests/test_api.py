"""Withdrawals in the API."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from economy.withdrawals.models import WithdrawalRequest
from economy.withdrawals.tests.conftest import BANK, IBAN, NOON, ask, figures_of

pytestmark = pytest.mark.django_db

WHERE = "/api/v1/withdrawals"
BODY = {"amount": "500.00", "method": "BANK", "details": BANK}


def post(client, body, key=None):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(WHERE, body, format="json", headers=headers)


def test_asking_answers_with_fee_and_net(api, rich):
    answer = post(api(rich), BODY)
    assert answer.status_code == 201
    told = answer.json()
    assert {name: told[name] for name in ("amount", "fee", "net_amount", "tier", "fee_rate", "method", "status")} == {
        "amount": "500.00",
        "fee": "35.00",
        "net_amount": "465.00",
        "tier": "BRONZE",
        "fee_rate": "0.0700",
        "method": "BANK",
        "status": "PENDING",
    }
    assert told["where_to"] == "DE89…3000"
    assert IBAN not in answer.content.decode()
    assert figures_of(rich)[1] == D("500.00")


def test_a_retry_under_its_key_asks_once(api, rich):
    client = api(rich)
    first = post(client, BODY, key="k")
    again = post(client, BODY, key="k")
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert WithdrawalRequest.objects.count() == 1
    other = post(client, {**BODY, "amount": "600.00"}, key="k")
    assert (other.status_code, other.json()["type"]) == (422, "idempotency-key-reuse")


def test_a_retry_after_the_answer_was_forgotten_asks_once(api, rich):
    from config.lib.answers import IdempotentAnswer

    client = api(rich)
    first = post(client, BODY, key="k")
    IdempotentAnswer.objects.all().delete()
    assert post(client, BODY, key="k").json()["id"] == first.json()["id"]
    assert figures_of(rich)[1] == D("500.00")


@pytest.mark.parametrize(
    ("change", "status", "slug"),
    [
        ({"amount": "499.99"}, 422, "withdrawal-too-small"),
        ({"amount": "2000.01"}, 422, "insufficient-funds"),
        ({"details": {"holder": "Alice", "iban": "DE00"}}, 422, "bad-details"),
        ({"details": {**BANK, "email": "a@example.org"}}, 422, "bad-details"),
        ({"method": "PAYPAL"}, 422, "bad-details"),
        ({"fee": "34.99"}, 409, "fee-changed"),
        *(
            ({"amount": amount}, 400, "malformed")
            for amount in ("0", "-5", "1.5.2", "1e400", "NaN", True, None, [], "")
        ),
        *(({"amount": amount}, 400, "malformed") for amount in ("５００", "500.001", 2**70, {"a": 1}, "9" * 400)),
        *(({"method": method}, 400, "malformed") for method in ("CASH", None, 1, [])),
        *(({"details": details}, 400, "malformed") for details in (None, [], "x", {"iban": 1}, {"shoe": "42"})),
        ({"details": {"holder": "a\x00b", "iban": IBAN}}, 400, "malformed"),
        ({"fee": "-1"}, 400, "malformed"),
        ({"status": "PAID"}, 400, "malformed"),
        ({"wallet": "x"}, 400, "malformed"),
    ],
)
def test_each_refusal_has_its_problem_and_locks_nothing(change, status, slug, api, rich):
    answer = post(api(rich), {**BODY, **change})
    assert (answer.status_code, answer.json()["type"]) == (status, slug), answer.json()
    assert answer["Content-Type"].startswith("application/problem+json")
    assert figures_of(rich)[1] == D("0.00")


def test_the_fee_that_was_seen_may_be_sent(api, rich):
    assert post(api(rich), {**BODY, "fee": "35.00"}).status_code == 201


def test_the_fourth_of_a_day_is_429(api, rich):
    client = api(rich)
    for _number in range(3):
        assert post(client, BODY).status_code == 201
    answer = post(client, BODY)
    assert (answer.status_code, answer.json()["type"]) == (429, "too-many-withdrawals")
    assert int(answer["Retry-After"]) > 0


def test_my_list_newest_first_and_one_of_them(api, rich, mallory):
    first, second = ask(rich), ask(rich, at=NOON + timedelta(seconds=1))
    told = api(rich).get(WHERE, {"page_size": 1}).json()
    assert [one["id"] for one in told["results"]] == [str(second.pk)]
    told = api(rich).get(told["next"]).json()
    assert [one["id"] for one in told["results"]] == [str(first.pk)]
    assert api(rich).get(f"{WHERE}/{first.pk}").json()["id"] == str(first.pk)
    assert api(mallory).get(WHERE).json()["results"] == []


def test_cancelling(api, rich, mallory):
    made = ask(rich)
    where = f"{WHERE}/{made.pk}"
    assert api(mallory).delete(where).status_code == 404
    assert api(mallory).get(where).status_code == 404
    assert api(rich).delete(where).status_code == 204
    again = api(rich).delete(where)
    assert (again.status_code, again.json()["type"]) == (409, "withdrawal-decided")
    assert figures_of(rich)[1] == D("0.00")


def test_visitors_are_401(api):
    for answer in (api().get(WHERE), post(api(), BODY), api().get("/api/v1/me/vault")):
        assert answer.status_code == 401


def test_garbage_cursors_and_sizes_are_400(api, rich):
    for query in ({"cursor": "garbage"}, {"page_size": "1000000000"}):
        for where in (WHERE, "/api/v1/me/vault"):
            assert api(rich).get(where, query).status_code == 400
