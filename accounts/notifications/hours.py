"""When a member is to be left alone, and when their morning is: pure, on the clock that hangs on their wall.

Clocks jump. What is named by a time of day that a day does not have (spring) is the moment of the jump; of a time that
a day has twice (autumn) a quiet night begins with the first and ends with the second, so that nobody is woken early.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MORNING = time(8)
_MONDAY = 0


def zone_named(name: str) -> tzinfo:
    """A time zone by its name; UTC when this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def time_in(written: str) -> time | None:
    """A time of day as preferences keep it ("22:00"); None when there is none."""
    return time.fromisoformat(written) if written else None


def moment_of(day: date, clock: time, zone: tzinfo, *, last: bool = False) -> datetime:
    """When a wall clock shows a time on a day, in UTC: the first such moment, or the last."""
    early, late = (datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    if early <= late:
        return late if last else early
    # The clock jumps over it: `fold` 0 and 1 are reckoned by the offsets before and after, and lie around the jump.
    return _jump_between(late, early, zone)


def _jump_between(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The moment between two at which a zone's offset changes, to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def quiet_until(at: datetime, *, zone: tzinfo, begins: time | None, ends: time | None) -> datetime | None:
    """When the quiet hours that `at` lies in are over, in UTC; None outside of them, and for those who have none.

    From 22:00 to 07:00 is a night, from 13:00 to 15:00 a rest at noon; from a time to the same one is nothing.
    """
    if begins is None or ends is None or begins == ends:
        return None
    today = at.astimezone(zone).date()
    # Also the day before and after: around a jump a day may hold more than 24 hours, or be no day at all.
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        starts = moment_of(day, begins, zone)
        stops = moment_of(day if begins < ends else day + timedelta(days=1), ends, zone, last=True)
        if starts <= at < stops:
            return stops
    return None


def next_morning(after: datetime, *, zone: tzinfo, weekly: bool) -> datetime:
    """The next morning (08:00) after a moment, in UTC; weekly the next Monday's."""
    day = after.astimezone(zone).date()
    while True:
        morning = moment_of(day, MORNING, zone)
        if morning > after and (not weekly or day.weekday() == _MONDAY):
            return morning
        day += timedelta(days=1)
