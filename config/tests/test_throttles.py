"""Every answer of the API says how many requests are left; one too many is refused, also of many at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from constance.test import override_config
from django.test import Client
from redis.exceptions import RedisError
from rest_framework.test import APIClient

from accounts.signin import operations
from config.lib import limits, throttles
from config.lib.throttles import MINUTE, count

LEFT = re.compile(r'"default";r=([0-9]+);t=([0-9]+)')


def left_in(response: Any) -> int:
    found = LEFT.fullmatch(response.headers["RateLimit"])
    assert found is not None and 1 <= int(found[2]) <= MINUTE
    return int(found[1])


@pytest.fixture
def at_the_start_of_a_minute(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A clock that stands at the beginning of a minute until it is moved on: clock(30) is half a minute later."""
    limits.forget_all()
    moment = [1_800_000_000.0 // MINUTE * MINUTE]
    monkeypatch.setattr(throttles.time, "time", lambda: moment[0])

    def move_on(seconds: float) -> None:
        moment[0] += seconds

    return move_on


@pytest.mark.django_db
def test_a_visitor_is_told_the_policy_and_what_is_left(client: Client) -> None:
    first, second = client.get("/api/v1/economy/state"), client.get("/api/v1/economy/state")
    assert first.headers["RateLimit-Policy"] == '"default";q=100;w=60'
    assert left_in(first) == 99 and left_in(second) == 98


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/nothing-here", "/api/v1/me", "/api/", "/api/v1/posts/not-an-id"])
def test_errors_say_it_too(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code in (401, 404)
    assert left_in(response) == 99


@pytest.mark.django_db
def test_pages_do_not_count(client: Client) -> None:
    assert "RateLimit" not in client.get("/signin/").headers


@pytest.mark.django_db
def test_a_member_has_an_allowance_of_their_own_whichever_way_they_ask(alice: Any, bob: Any, now: Any) -> None:
    session = Client()
    session.force_login(alice)
    program = APIClient()
    pair = operations.begin_family(member=alice, address="127.0.0.1", user_agent="", at=now)
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {pair.access}")
    other = Client()
    other.force_login(bob)
    assert left_in(session.get("/api/v1/me")) == 199
    assert left_in(program.get("/api/v1/me")) == 198
    assert left_in(other.get("/api/v1/me")) == 199
    assert left_in(Client().get("/api/v1/me")) == 99


@pytest.mark.django_db
def test_a_made_up_token_counts_for_its_address(client: Client) -> None:
    with override_config(API_PER_ADDRESS_MINUTE=3):
        for number in range(3):
            assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {number}"}).status_code == 401
        refused = client.get("/api/v1/me", headers={"Authorization": "Bearer 3"})
    assert refused.status_code == 429


@pytest.mark.django_db
def test_a_changing_x_forwarded_for_is_no_way_around_it(client: Client) -> None:
    with override_config(API_PER_ADDRESS_MINUTE=3):
        answers = [
            client.get("/api/v1/economy/state", headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
            for number in range(4)
        ]
    assert answers == [200, 200, 200, 429]


@pytest.mark.django_db
def test_addresses_of_one_block_share_an_allowance() -> None:
    with override_config(API_PER_ADDRESS_MINUTE=1):
        one = Client(REMOTE_ADDR="2001:db8::1").get("/api/v1/economy/state")
        neighbour = Client(REMOTE_ADDR="2001:db8::ffff").get("/api/v1/economy/state")
        stranger = Client(REMOTE_ADDR="2001:db8:1::1").get("/api/v1/economy/state")
    assert [answer.status_code for answer in (one, neighbour, stranger)] == [200, 429, 200]


@pytest.mark.django_db
def test_the_refusal_is_a_problem_that_says_when_to_come_back(client: Client) -> None:
    with override_config(API_PER_ADDRESS_MINUTE=1):
        client.get("/api/v1/economy/state")
        refused = client.get("/api/v1/economy/state")
    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == "too-many-requests"
    assert left_in(refused) == 0
    assert refused.headers["RateLimit"].endswith(f";t={refused.headers['Retry-After']}")
    assert refused.headers["RateLimit-Policy"] == '"default";q=1;w=60'
    assert refused.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_refused_command_does_nothing(alice: Any, bob: Any) -> None:
    client = APIClient()
    client.force_login(alice)
    with override_config(API_PER_MEMBER_MINUTE=0):
        refused = client.post("/api/v1/posts", {"content": "Hello, all of you."})
    assert refused.status_code == 429
    assert alice.posts_created_count == 0


def test_of_forty_at_once_ten_pass(at_the_start_of_a_minute: Any) -> None:
    with ThreadPoolExecutor(20) as threads:
        counts = list(threads.map(lambda _number: count("crowd", 10), range(40)))
    assert sum(one.is_allowed for one in counts) == 10


def test_no_burst_passes_at_the_turn_of_a_minute(at_the_start_of_a_minute: Any) -> None:
    clock = at_the_start_of_a_minute
    clock(59)
    assert sum(count("ana", 10).is_allowed for _again in range(12)) == 10
    clock(1)
    assert not count("ana", 10).is_allowed
    clock(30)  # half of the last minute's ten still count
    assert sum(count("ana", 10).is_allowed for _again in range(12)) == 5
    clock(90)
    assert sum(count("ana", 10).is_allowed for _again in range(12)) == 10


def test_after_the_wait_that_was_said_there_is_room(at_the_start_of_a_minute: Any) -> None:
    clock = at_the_start_of_a_minute
    clock(20)
    for _again in range(10):
        count("ana", 10)
    refused = count("ana", 10)
    assert refused.seconds == 46  # 40 to the end of the minute, and a tenth of the next for one of ten to fade
    clock(refused.seconds - 1)
    assert not count("ana", 10).is_allowed
    clock(1)
    assert count("ana", 10).is_allowed


@pytest.mark.django_db
def test_without_redis_the_api_goes_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any, **_given: Any) -> Any:
        raise RedisError("away")

    monkeypatch.setattr(throttles, "_script", lambda _address: away)
    with override_config(API_PER_ADDRESS_MINUTE=1):
        answers = [client.get("/api/v1/economy/state") for _again in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "RateLimit" not in answers[0].headers
    assert answers[0].headers["RateLimit-Policy"] == '"default";q=1;w=60'
