"""Tips over HTTP, and keys that hold."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from social.feed import operations
from social.feed.models import Comment, Post, Tip
from social.feed.tests.over_http import API, JOB, NOWHERE, balance, is_problem, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_alice(api: Callable[..., Any], alice: Any) -> Any:
    return api(alice)


@pytest.fixture
def as_bob(api: Callable[..., Any], bob: Any) -> Any:
    return api(bob)


@pytest.fixture
def as_mallory(api: Callable[..., Any], mallory: Any) -> Any:
    return api(mallory)


@pytest.fixture
def visitor(api: Callable[..., Any]) -> Any:
    return api()


@pytest.fixture
def post(alice: Any) -> Post:
    return written(alice, "Hello, neighbours.")


# -- Tips ---------------------------------------------------------------------------------------------------------


def test_a_tip_says_where_its_coins_will_go(as_bob: Any, bob: Any, post: Post) -> None:
    made = as_bob.post(f"{API}/posts/{post.pk}/tips", {"amount": "3.33"})
    assert made.status_code == 201
    body = made.json()
    assert set(body) == {"id", "amount", "to_creator", "to_treasury", "burned", "refundable_until"}
    assert (body["amount"], body["to_creator"], body["to_treasury"], body["burned"]) == ("3.33", "2.01", "0.66", "0.66")
    assert body["refundable_until"].endswith("Z")
    assert balance(bob) == Decimal("96.67")


def test_take_a_tip_back_once(as_bob: Any, as_mallory: Any, bob: Any, post: Post) -> None:
    address = f"{API}/tips/{as_bob.post(f'{API}/posts/{post.pk}/tips', {'amount': '3.33'}).json()['id']}"
    assert is_problem(as_mallory.delete(address), 404, "not-found")
    assert as_bob.delete(address).status_code == 204
    assert balance(bob) == Decimal("100.00")
    assert is_problem(as_bob.delete(address), 409, "tip-resolved")
    assert is_problem(as_bob.delete(f"{API}/tips/{NOWHERE}"), 404, "not-found")
    assert balance(bob) == Decimal("100.00")


def test_after_the_window_a_tip_stays(as_bob: Any, bob: Any, post: Post) -> None:
    tip = operations.tip_post(
        spender=bob, post_id=post.pk, coins=Decimal(2), channel=JOB, at=timezone.now() - timedelta(hours=24)
    )
    assert is_problem(as_bob.delete(f"{API}/tips/{tip.pk}"), 422, "refund-window-over")


@pytest.mark.parametrize(
    "amount",
    [
        0,
        "0",
        "0.00",
        2**63,
        -5,
        "-5",
        "1.5.2",
        "1e400",
        1e300,
        "NaN",
        True,
        "true",
        "٣",
        "５",
        None,
        [],
        ["1"],
        "",
        "3.333",
        3.5,
        {},
        " 1",
        "1_0",
    ],
)
def test_bad_amounts_are_malformed_and_move_nothing(as_bob: Any, bob: Any, post: Post, amount: Any) -> None:
    response = as_bob.post(f"{API}/posts/{post.pk}/tips", {"amount": amount})
    assert is_problem(response, 400, "malformed", "amount")
    assert balance(bob) == Decimal("100.00")
    assert not Tip.objects.exists()


@pytest.mark.parametrize("amount", ["0.01", "0.99", "10.01", "99.99"])
def test_amounts_outside_the_limits_are_refused_by_the_rule(as_bob: Any, bob: Any, post: Post, amount: str) -> None:
    response = as_bob.post(f"{API}/posts/{post.pk}/tips", {"amount": amount})
    assert is_problem(response, 422, "tip-limit", "amount")
    assert balance(bob) == Decimal("100.00")


def test_more_than_anybody_has_is_refused_all_the_same(as_bob: Any, bob: Any, post: Post) -> None:
    response = as_bob.post(f"{API}/posts/{post.pk}/tips", {"amount": "9999999999999999.99"})
    assert response.status_code == 422
    assert balance(bob) == Decimal("100.00")


def test_all_tips_together_stay_within_the_limit(as_bob: Any, bob: Any, post: Post) -> None:
    address = f"{API}/posts/{post.pk}/tips"
    assert as_bob.post(address, {"amount": "6"}).status_code == 201
    assert is_problem(as_bob.post(address, {"amount": "5"}), 422, "tip-limit", "amount")
    assert as_bob.post(address, {"amount": "4"}).status_code == 201


def test_ones_own_post_cannot_be_tipped(as_alice: Any, post: Post) -> None:
    assert is_problem(as_alice.post(f"{API}/posts/{post.pk}/tips", {"amount": "1"}), 422, "own-content")


def test_one_cannot_tip_more_than_one_has(as_bob: Any, bob: Any, alice: Any) -> None:
    for number in range(10):
        post = written(alice, f"Number {number}", minutes_ago=11 * number)
        assert as_bob.post(f"{API}/posts/{post.pk}/tips", {"amount": "9.80"}).status_code == 201
    post = written(alice, "One more", minutes_ago=200)
    refused = as_bob.post(f"{API}/posts/{post.pk}/tips", {"amount": "2.01"})
    assert is_problem(refused, 422, "insufficient-funds")
    assert refused.json()["available"] == "2.00"
    assert balance(bob) == Decimal("2.00")


def test_tip_a_comment(as_alice: Any, as_bob: Any, bob: Any, post: Post) -> None:
    comment = as_alice.post(f"{API}/posts/{post.pk}/comments", {"content": "And this."}).json()
    assert as_bob.post(f"{API}/comments/{comment['id']}/tips", {"amount": "5"}).status_code == 201
    assert is_problem(as_alice.post(f"{API}/comments/{comment['id']}/tips", {"amount": "5"}), 422, "own-content")
    assert is_problem(as_bob.post(f"{API}/comments/{NOWHERE}/tips", {"amount": "5"}), 404, "not-found")
    assert is_problem(as_bob.post(f"{API}/posts/{NOWHERE}/tips", {"amount": "5"}), 404, "not-found")
    assert balance(bob) == Decimal("95.00")


# -- Idempotency --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["k", "k" * 255, "with spaces; and: signs"])
def test_a_key_tips_once_and_gives_the_first_answer_again(as_bob: Any, bob: Any, post: Post, key: str) -> None:
    address, headers = f"{API}/posts/{post.pk}/tips", {"Idempotency-Key": key}
    first = as_bob.post(address, {"amount": "2"}, headers=headers)
    again = as_bob.post(address, {"amount": "2"}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert is_problem(as_bob.post(address, {"amount": "3"}, headers=headers), 422, "idempotency-key-reuse")
    assert balance(bob) == Decimal("98.00")


def test_a_key_holds_in_the_ledger_when_the_answer_is_forgotten(as_bob: Any, bob: Any, post: Post) -> None:
    from config.lib.answers import IdempotentAnswer

    address, headers = f"{API}/posts/{post.pk}/tips", {"Idempotency-Key": "kept"}
    first = as_bob.post(address, {"amount": "2"}, headers=headers)
    IdempotentAnswer.objects.all().delete()
    assert as_bob.post(address, {"amount": "2"}, headers=headers).json()["id"] == first.json()["id"]
    assert balance(bob) == Decimal("98.00")


def test_a_key_writes_one_post_and_one_comment(as_bob: Any, post: Post) -> None:
    headers = {"Idempotency-Key": "one"}
    for address, body in (("posts", {"content": "Mine."}), (f"posts/{post.pk}/comments", {"content": "Well said."})):
        key = {"Idempotency-Key": f"{headers['Idempotency-Key']}-{address}"}
        answers = [as_bob.post(f"{API}/{address}", body, headers=key) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 201]
        assert len({answer.json()["id"] for answer in answers}) == 1
    assert Post.objects.count() == 2
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("key", ["", "k" * 256, "clé"])
def test_a_key_that_cannot_be_used_is_malformed(as_bob: Any, bob: Any, post: Post, key: str) -> None:
    response = as_bob.post(f"{API}/posts/{post.pk}/tips", {"amount": "2"}, HTTP_IDEMPOTENCY_KEY=key)
    assert is_problem(response, 400, "malformed")
    assert balance(bob) == Decimal("100.00")
