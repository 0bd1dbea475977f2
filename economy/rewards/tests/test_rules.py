from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from economy.rewards import rules

SATURDAY = datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_a_day_and_a_week_begin_at_midnight_utc():
    assert rules.day_and_week(SATURDAY) == (
        datetime(2026, 11, 21, tzinfo=UTC),
        datetime(2026, 11, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("cap", "got", "left"), [("5.00", "3.00", D("2.00")), ("5.00", "6.00", D("0.00")), (None, "3.00", None)]
)
def test_what_is_left_of_a_cap(cap, got, left):
    assert rules.left_of(None if cap is None else D(cap), D(got)) == left


def test_a_reward_fits_as_a_whole_or_not_at_all():
    def is_open(today, week, free_at=None):
        return rules.is_open(D("2.00"), left_today=today, left_this_week=week, free_at=free_at, at=SATURDAY)

    assert is_open(None, None)
    assert is_open(D("2.00"), None, free_at=SATURDAY)
    assert not is_open(D("1.99"), None)
    assert not is_open(None, D("0.00"))
    assert not is_open(None, None, free_at=SATURDAY.replace(hour=11))


@pytest.mark.parametrize(("today", "count"), [(18, 3), (19, 3), (20, 0), (16, 1)])
def test_days_in_a_row(today, count):
    days = {date(2026, 11, day) for day in (14, 16, 17, 18) if day <= today}
    assert rules.in_a_row(days, today=date(2026, 11, today)) == count
