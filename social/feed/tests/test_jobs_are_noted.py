"""The state of the economy tells when the feed's jobs last completed."""

from datetime import timedelta

from config.lib.periods import Period
from economy.observatory.queries import job_times
from social.feed.operations import apply_decay, settle_tips


def test_settlement_and_decay_say_when_they_ran(alice, now):
    assert job_times()["last_settlement_at"] is None
    settle_tips(at=now)
    period = Period.last_full(now)
    apply_decay(period=period, end=period.end, at=now + timedelta(minutes=5))
    assert job_times()["last_settlement_at"] == now
    assert job_times()["last_decay_run_at"] == now + timedelta(minutes=5)
