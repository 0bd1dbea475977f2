"""Limits are exact at their edge, also under threads, and say how long to wait."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from redis.exceptions import RedisError

from config.lib import limits
from config.lib.limits import Limit, LimitsAway, counted, take
from config.lib.refusals import NotThere, TooMany

MINUTE = 60


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    limits.forget_all()
    yield
    limits.forget_all()


@pytest.fixture
def _away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any) -> str:
        raise RedisError("away")

    monkeypatch.setattr(limits, "_take", away)


def tips(quantity: int = 3) -> Limit:
    return Limit("tips", "ana", quantity, MINUTE)


def cents(weight: int) -> Limit:
    return Limit("cents", "ana", 5000, MINUTE, weight=weight)


def test_as_many_as_the_limit_says_and_no_more() -> None:
    for _again in range(3):
        take(tips())
    with pytest.raises(TooMany) as refusal:
        take(tips())
    assert 1 <= (refusal.value.retry_after or 0) <= MINUTE


def test_of_twenty_at_once_three_pass() -> None:
    def one(_number: int) -> bool:
        try:
            take(tips())
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(one, range(20))) == 3


def test_amounts_are_added_up() -> None:
    take(cents(2000))
    take(cents(2999))
    with pytest.raises(TooMany):
        take(cents(2))
    take(cents(1))
    with pytest.raises(TooMany):
        take(cents(1))


def test_an_amount_larger_than_the_limit_never_fits() -> None:
    with pytest.raises(TooMany) as refusal:
        take(cents(5001))
    assert refusal.value.retry_after == MINUTE


def test_twenty_amounts_at_once_stay_within_the_sum() -> None:
    def one(_number: int) -> int:
        try:
            take(cents(700))
        except TooMany:
            return 0
        return 700

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(one, range(20))) == 4900


def test_what_was_refused_is_not_counted() -> None:
    for _again in range(10):
        with pytest.raises(NotThere), counted(tips(1), cents(5000)):
            raise NotThere
    with counted(tips(1), cents(5000)):
        pass
    with pytest.raises(TooMany), counted(tips(1)):
        pytest.fail("the work was begun")


def test_what_turned_out_to_be_nothing_new_is_given_back() -> None:
    for _again in range(5):
        with counted(tips(1)) as taken:
            taken.give_back()
            taken.give_back()
    take(tips(1))


def test_of_two_limits_the_full_one_keeps_the_other_uncounted() -> None:
    take(tips(1))
    for _again in range(5):
        with pytest.raises(TooMany):
            take(Limit("other", "ana", 1, MINUTE), tips(1))
    take(Limit("other", "ana", 1, MINUTE))


@pytest.mark.usefixtures("_away")
def test_without_redis_codes_are_not_sent_and_tips_go_on() -> None:
    with pytest.raises(LimitsAway):
        take(tips())
    done = []
    with counted(tips()):
        done.append("a tip")
    assert done and limits.is_pausing()
