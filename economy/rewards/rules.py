"""Pure rules of rewards: what is left of a cap, and when a cool-down is over."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from config.lib.money import ZERO

STREAK = "streak-7"
STREAK_DAYS = 7


def in_a_row(days: Collection[date], *, today: date) -> int:
    """How many days in a row there are up to today; a today without activity so far does not end them.

    Monday to Wednesday, asked on Wednesday or on Thursday → 3; asked on Friday → 0.
    """
    day = today if today in days else today - timedelta(days=1)
    count = 0
    while day in days:
        count, day = count + 1, day - timedelta(days=1)
    return count


def day_and_week(at: datetime) -> tuple[datetime, datetime]:
    """The first moments of the UTC day and of the ISO week of a moment.

    Saturday, 2026-11-21 10:00 → 2026-11-21 00:00 and Monday, 2026-11-16 00:00.
    """
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day, day - timedelta(days=day.weekday())


def left_of(cap: Decimal | None, got: Decimal) -> Decimal | None:
    """What a member can still get under a cap; None where there is no cap. 5.00 of which 3.00 are used → 2.00."""
    return None if cap is None else max(cap - got, ZERO)


def is_open(
    amount: Decimal,
    *,
    left_today: Decimal | None,
    left_this_week: Decimal | None,
    free_at: datetime | None,
    at: datetime,
) -> bool:
    """Whether the next cause would be paid: it fits under both caps as a whole, and the cool-down is over."""
    fits = all(left is None or left >= amount for left in (left_today, left_this_week))
    return fits and (free_at is None or free_at <= at)
