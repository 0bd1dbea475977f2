"""A period is an ISO week in UTC, Monday 00:00 to Monday 00:00, with a key such as 2026-W47 (some years have a W53)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_KEY = re.compile(r"^(\d{4})-W(\d{2})$", re.ASCII)
_YEAR_OR_MONTH = re.compile(r"^(\d{4})(?:-(\d{2}))?$", re.ASCII)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, order=True)
class Period:
    """One ISO week. Periods order by time."""

    start: datetime

    @classmethod
    def of(cls, moment: datetime) -> "Period":
        """The week that a moment lies in."""
        day = moment.astimezone(UTC).date()
        monday = day - timedelta(days=day.weekday())
        return cls(datetime.combine(monday, time(), tzinfo=UTC))

    @classmethod
    def last_full(cls, moment: datetime) -> "Period":
        """The last week that is over at a moment."""
        return cls.of(moment).previous

    @classmethod
    def parse(cls, key: str) -> "Period":
        """The week of a key. Refuses (ValueError) what is not a week of the calendar, such as 2026-W54."""
        match = _KEY.match(key)
        if match is None:
            raise ValueError(f"{key!r} is not a week; write it as 2026-W47")
        try:
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            monday + _WEEK
        except (ValueError, OverflowError):
            raise ValueError(f"{key} is not a week of the calendar") from None
        return cls(datetime.combine(monday, time(), tzinfo=UTC))

    @property
    def end(self) -> datetime:
        return self.start + _WEEK

    @property
    def previous(self) -> "Period":
        return Period(self.start - _WEEK)

    @property
    def next(self) -> "Period":
        return Period(self.end)

    @property
    def key(self) -> str:
        year, week, _weekday = self.start.isocalendar()
        return f"{year}-W{week:02d}"

    def __str__(self) -> str:
        return self.key

    def is_over(self, moment: datetime) -> bool:
        return moment >= self.end

    def through(self, last: "Period") -> Iterator["Period"]:
        """This week and the following ones up to `last`, in order; nothing when `last` is earlier."""
        week = self
        while week <= last:
            yield week
            week = week.next


def span_of(key: str) -> tuple[datetime, datetime]:
    """From when (included) until when (not included) a year, a month or an ISO week is: 2026, 2026-11, 2026-W47.

    Refuses (ValueError) what is none of them.
    """
    match = _YEAR_OR_MONTH.match(key)
    if match is None:
        week = Period.parse(key)
        return week.start, week.end
    year, month = int(match[1]), int(match[2] or 1)
    last = month if match[2] else 12
    if year == 9999:
        raise ValueError(f"{key} has no end that a calendar knows")
    first = datetime(year, month, 1, tzinfo=UTC)
    return first, datetime(year + last // 12, last % 12 + 1, 1, tzinfo=UTC)
