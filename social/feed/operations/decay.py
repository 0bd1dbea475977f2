"""Decay: what posts lose of their standing in a week without a tip. A stage of the weekly cycle; it moves no coins."""

from datetime import datetime
from typing import Any

from config.lib.cycle import Progress
from config.lib.periods import Period
from social.feed.models import DecayRun

CHUNK = 5000


class Decay:
    """The cycle's first stage: `apply_decay`, and what it would do."""

    name = "decay"
    order = 10

    def is_done(self, period: Period) -> bool:
        return DecayRun.objects.filter(period=period.key, finished_at__isnull=False).exists()

    def run(self, *, period: Period, end: datetime, at: datetime, progress: Progress) -> dict[str, Any]:
        return apply_decay(period=period, end=end, at=at, progress=progress)

    def preview(self, *, period: Period, end: datetime, at: datetime) -> dict[str, Any]:
        raise NotImplementedError


def apply_decay(
    *, period: Period, end: datetime, at: datetime, progress: Progress = lambda stage, done, total: None
) -> dict[str, Any]:
    """Take DECAY_RATE off every post without a tip in the seven days before `end`; the run's totals."""
    raise NotImplementedError
