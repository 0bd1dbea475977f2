from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest

from economy.vault import rules


@pytest.mark.parametrize(
    ("earned", "locked"),
    [("6.00", "0.60"), ("85.00", "8.50"), ("2.01", "0.20"), ("0.10", "0.01"), ("0.09", "0.00"), ("0.60", "0.06")],
)
def test_a_tenth_is_put_away_rounded_down(earned, locked):
    assert rules.put_away(D(earned), rate=D("0.10")) == D(locked)


def test_a_deposit_has_waited_half_of_its_time():
    since = datetime(2026, 11, 1, tzinfo=UTC)
    until = since + timedelta(days=30)
    waited = [rules.part_waited(since=since, until=until, at=since + timedelta(days=days)) for days in (-1, 0, 15, 31)]
    assert waited == [0.0, 0.0, 0.5, 1.0]
    assert rules.part_waited(since=since, until=since, at=since) == 1.0
