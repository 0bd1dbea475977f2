"""ISO weeks in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.periods import Period

moments = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_a_week_runs_from_monday_to_monday():
    week = Period.of(datetime(2026, 11, 18, 15, 30, tzinfo=UTC))
    assert (week.key, week.start, week.end) == (
        "2026-W47",
        datetime(2026, 11, 16, tzinfo=UTC),
        datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_monday_midnight_belongs_to_the_new_week():
    midnight = datetime(2026, 11, 16, tzinfo=UTC)
    assert Period.of(midnight).key == "2026-W47"
    assert Period.of(midnight - timedelta(microseconds=1)).key == "2026-W46"
    assert Period.last_full(midnight).key == "2026-W46"
    assert Period.last_full(midnight - timedelta(microseconds=1)).key == "2026-W45"


def test_a_week_is_reckoned_in_utc_wherever_the_clock_stands():
    berlin = timezone(timedelta(hours=1))
    assert Period.of(datetime(2026, 11, 16, 0, 30, tzinfo=berlin)).key == "2026-W46"


@pytest.mark.parametrize("key", ["2020-W53", "2026-W53", "2032-W53"])
def test_some_years_have_a_week_53(key):
    week = Period.parse(key)
    assert week.key == key
    assert week.next.key == f"{int(key[:4]) + 1}-W01"


@pytest.mark.parametrize("key", ["2025-W53", "2026-W54", "2026-W00", "0000-W01", "9999-W52"])
def test_weeks_that_are_not_in_the_calendar_are_refused(key):
    with pytest.raises(ValueError, match="not a week of the calendar"):
        Period.parse(key)


@pytest.mark.parametrize("key", ["", "2026", "2026-47", "2026-W4", "2026-w47", "26-W47", "2026-W47 ", "２０２６-W47"])
def test_other_words_are_refused(key):
    with pytest.raises(ValueError, match="write it as 2026-W47"):
        Period.parse(key)


def test_the_turn_of_the_year_belongs_to_one_week():
    assert Period.of(datetime(2026, 12, 31, tzinfo=UTC)).key == "2026-W53"
    assert Period.of(datetime(2027, 1, 3, tzinfo=UTC)).key == "2026-W53"
    assert Period.of(datetime(2027, 1, 4, tzinfo=UTC)).key == "2027-W01"
    assert Period.of(datetime(2024, 12, 30, tzinfo=UTC)).key == "2025-W01"


def test_weeks_with_a_change_of_the_clock_are_as_long_as_others():
    for monday in (datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 10, 19, tzinfo=UTC)):
        assert Period.of(monday).end - monday == timedelta(days=7)


@given(moments)
def test_every_moment_lies_in_exactly_one_week(moment):
    week = Period.of(moment)
    assert week.start <= moment < week.end
    assert week.start.weekday() == 0
    assert Period.parse(week.key) == week
    assert week.previous.end == week.start and week.next.start == week.end


def test_weeks_through_a_later_one_in_order():
    first, last = Period.parse("2026-W52"), Period.parse("2027-W02")
    assert [week.key for week in first.through(last)] == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    assert list(last.through(first)) == []


def test_a_week_is_over_from_its_end_on():
    week = Period.parse("2026-W46")
    assert week.is_over(week.end)
    assert not week.is_over(week.end - timedelta(microseconds=1))
