"""Times as people say them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from config.lib import moments

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=6, hours=23), "6 d ago"),
        (timedelta(days=7), "November 14"),
        (timedelta(days=400), "Oct. 17, 2025"),
        (timedelta(seconds=-30), "in a moment"),
        (timedelta(hours=-3), "in 3 h"),
    ],
)
def test_relative(before, words):
    assert moments.relative(NOW - before, now=NOW) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=6, hours=4, minutes=9), "6 d 4 h"),
        (timedelta(days=1), "1 d"),
        (timedelta(hours=23, minutes=12, seconds=50), "23 h 12 min"),
        (timedelta(minutes=9, seconds=59), "9 min"),
        (timedelta(seconds=45), "45 s"),
        (timedelta(0), ""),
        (timedelta(days=-1), ""),
    ],
)
def test_remaining(left, words):
    assert moments.remaining(NOW + left, now=NOW) == words


def test_exact_names_the_time_zone_and_follows_the_language():
    assert moments.exact(NOW) == "Nov. 21, 2026, noon UTC"
    with translation.override("de"):
        assert moments.exact(NOW) == "21. November 2026 12:00 UTC"
