"""Quiet hours and mornings, also where clocks jump."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.notifications.hours import MORNING, next_morning, quiet_until, time_in, zone_named

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = {"begins": time(22), "ends": time(7)}
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"]
MOMENTS = st.integers(1_577_836_800, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def utc(*figures: int) -> datetime:
    return datetime(*figures, tzinfo=UTC)  # type: ignore[misc,arg-type]


def in_berlin(*figures: int, fold: int = 0) -> datetime:
    return datetime(*figures, tzinfo=BERLIN, fold=fold)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (in_berlin(2026, 6, 1, 21, 59), None),
        (in_berlin(2026, 6, 1, 22, 0), in_berlin(2026, 6, 2, 7, 0)),
        (in_berlin(2026, 6, 2, 0, 0), in_berlin(2026, 6, 2, 7, 0)),
        (in_berlin(2026, 6, 2, 6, 59), in_berlin(2026, 6, 2, 7, 0)),
        (in_berlin(2026, 6, 2, 7, 0), None),
    ],
)
def test_a_night_is_quiet_from_its_first_minute_and_not_in_its_last(at, until):
    assert quiet_until(at, zone=BERLIN, **NIGHT) == until


def test_a_rest_at_noon_lies_within_a_day():
    noon = {"begins": time(13), "ends": time(15)}
    assert quiet_until(in_berlin(2026, 6, 1, 14, 0), zone=BERLIN, **noon) == in_berlin(2026, 6, 1, 15, 0)
    assert quiet_until(in_berlin(2026, 6, 1, 22, 0), zone=BERLIN, **noon) is None


def test_without_both_times_or_with_the_same_twice_nothing_is_quiet():
    at = in_berlin(2026, 6, 1, 23, 0)
    for begins, ends in ((None, None), (time(22), None), (None, time(7)), (time(22), time(22))):
        assert quiet_until(at, zone=BERLIN, begins=begins, ends=ends) is None


# In Berlin the clocks went from 02:00 to 03:00 on 2026-03-29 and from 03:00 back to 02:00 on 2026-10-25, both at
# 01:00 UTC.


def test_the_spring_night_is_an_hour_shorter():
    late = in_berlin(2026, 3, 28, 22, 0)
    until = quiet_until(late, zone=BERLIN, **NIGHT)
    assert until == utc(2026, 3, 29, 5, 0) == in_berlin(2026, 3, 29, 7, 0)
    assert until - late.astimezone(UTC) == timedelta(hours=8)


def test_the_autumn_night_is_an_hour_longer():
    late = in_berlin(2026, 10, 24, 22, 0)
    until = quiet_until(late, zone=BERLIN, **NIGHT)
    assert until == utc(2026, 10, 25, 6, 0) == in_berlin(2026, 10, 25, 7, 0)
    assert until - late.astimezone(UTC) == timedelta(hours=10)


def test_quiet_until_a_time_that_the_spring_day_does_not_have_ends_with_the_jump():
    ends = {"begins": time(22), "ends": time(2, 30)}
    jump = utc(2026, 3, 29, 1, 0)
    assert quiet_until(in_berlin(2026, 3, 29, 1, 59), zone=BERLIN, **ends) == jump
    assert quiet_until(jump, zone=BERLIN, **ends) is None


def test_quiet_from_a_time_that_the_spring_day_does_not_have_begins_with_the_jump():
    begins = {"begins": time(2, 30), "ends": time(7)}
    jump = utc(2026, 3, 29, 1, 0)
    assert quiet_until(jump - timedelta(seconds=1), zone=BERLIN, **begins) is None
    assert quiet_until(jump, zone=BERLIN, **begins) == utc(2026, 3, 29, 5, 0)


def test_quiet_until_a_time_that_the_autumn_day_has_twice_ends_with_the_second():
    ends = {"begins": time(22), "ends": time(2, 30)}
    second = utc(2026, 10, 25, 1, 30)
    for at in (
        in_berlin(2026, 10, 25, 2, 10),
        in_berlin(2026, 10, 25, 2, 45),
        in_berlin(2026, 10, 25, 2, 10, fold=1),
    ):
        assert quiet_until(at, zone=BERLIN, **ends) == second
    assert quiet_until(second, zone=BERLIN, **ends) is None


def test_quiet_from_a_time_that_the_autumn_day_has_twice_begins_with_the_first():
    begins = {"begins": time(2, 30), "ends": time(7)}
    assert quiet_until(utc(2026, 10, 25, 0, 30), zone=BERLIN, **begins) == utc(2026, 10, 25, 6, 0)
    assert quiet_until(utc(2026, 10, 25, 0, 29), zone=BERLIN, **begins) is None


def test_half_an_hour_of_lord_howe():
    # Their clocks go from 02:00 to 02:30 on 2026-10-04, at 15:30 UTC of the day before.
    zone = ZoneInfo("Australia/Lord_Howe")
    quiet = {"begins": time(22), "ends": time(2, 15)}
    assert quiet_until(utc(2026, 10, 3, 15, 0), zone=zone, **quiet) == utc(2026, 10, 3, 15, 30)


def test_the_day_that_samoa_left_out():
    # After 2011-12-29 came 2011-12-31, at 10:00 UTC of the 30th.
    zone = ZoneInfo("Pacific/Apia")
    assert quiet_until(utc(2011, 12, 30, 9, 0), zone=zone, **NIGHT) is not None
    assert quiet_until(utc(2011, 12, 30, 17, 0), zone=zone, **NIGHT) is None
    assert next_morning(utc(2011, 12, 30, 9, 0), zone=zone, weekly=False) <= utc(2011, 12, 30, 18, 0)


@given(
    at=MOMENTS,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    begins=st.times(),
    ends=st.times(),
)
def test_quiet_hours_end_in_the_future_within_a_day_and_when_the_clock_says(at, zone, begins, ends):
    begins, ends = begins.replace(second=0, microsecond=0, fold=0), ends.replace(second=0, microsecond=0, fold=0)
    until = quiet_until(at, zone=zone, begins=begins, ends=ends)
    if until is None:
        return
    assert at < until <= at + timedelta(hours=26)
    shown = until.astimezone(zone).time().replace(fold=0)
    just_before = (until - timedelta(seconds=1)).astimezone(zone).time()
    assert shown == ends or just_before < ends <= shown  # or the clock jumped over it


@given(
    at=MOMENTS,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    weekly=st.booleans(),
)
def test_a_morning_is_the_next_one(at, zone, weekly):
    morning = next_morning(at, zone=zone, weekly=weekly)
    assert at < morning <= at + timedelta(days=8 if weekly else 2)
    there = morning.astimezone(zone)
    assert there.time() == MORNING and (not weekly or there.isoweekday() == 1)
    if not weekly:
        assert morning - at <= timedelta(hours=25)


def test_mornings_follow_the_clock_across_its_jumps():
    saturday = in_berlin(2026, 3, 28, 8, 0)
    sunday = next_morning(saturday, zone=BERLIN, weekly=False)
    assert (sunday, next_morning(sunday, zone=BERLIN, weekly=False)) == (utc(2026, 3, 29, 6, 0), utc(2026, 3, 30, 6, 0))
    assert sunday - saturday.astimezone(UTC) == timedelta(hours=23)
    assert next_morning(in_berlin(2026, 10, 24, 8, 0), zone=BERLIN, weekly=False) == utc(2026, 10, 25, 7, 0)
    # Weekly: from a Monday before the jump to the one after it.
    assert next_morning(in_berlin(2026, 10, 19, 8, 0), zone=BERLIN, weekly=True) == utc(2026, 10, 26, 7, 0)


def test_words_become_times_and_zones():
    assert (time_in("22:00"), time_in("")) == (time(22), None)
    assert (zone_named("Europe/Berlin"), zone_named("Atlantis/Capital"), zone_named("../etc")) == (BERLIN, UTC, UTC)
