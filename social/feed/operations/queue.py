"""The queue of levels: which posts stay where they are and which drop one, when their time is up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from config.lib.money import ZERO
from config.lib.refusals import spoken_by_database
from config.lib.runtime import figures
from economy.observatory.operations import note_job
from social.feed.models import Post, QueueLevel

CHUNK = 2000

# A level on which nobody may stay is passed in an hour: with no time at all a post could be kept there for ever.
_SHORTEST = timedelta(hours=1)


@dataclass(frozen=True)
class Run:
    """What a run of the queue did: posts that stay with fresh time, and steps down."""

    kept: int
    fallen: int


def run_queue(*, at: datetime, chunk: int = CHUNK) -> Run:
    """Look at the posts whose time on their level is up: what earned its place stays, the rest drops a level.

    Only those are touched, in chunks that commit one by one; safe to run twice at once and after a crash, because a
    post is looked at under its lock and then has fresh time. A run that comes late ends where timely ones would have.
    """
    follow_settings()
    kept = fallen = 0
    while True:
        with spoken_by_database(), connection.cursor() as cursor:
            cursor.execute("SELECT kept, fallen FROM social_queue_chunk(%s::timestamptz, %s::integer)", [at, chunk])
            stayed, dropped = cursor.fetchone()
        if not stayed + dropped:
            note_job(name="queue_update", at=at)
            return Run(kept, fallen)
        kept, fallen = kept + stayed, fallen + dropped


def follow_settings() -> None:
    """Have SQL see what the settings say of the levels; writes only what has changed."""
    present = {row.level: row for row in QueueLevel.objects.all()}
    wanted = levels(figures())
    if all(_same(present.get(level.level), level) for level in wanted):
        return
    with transaction.atomic():
        QueueLevel.objects.bulk_create(
            wanted,
            update_conflicts=True,
            unique_fields=["level"],
            update_fields=["time_allowed", "keep_coins", "keep_spenders", "gem_views"],
        )


def levels(now: Any) -> tuple[QueueLevel, ...]:
    """The levels as the settings have them, from hot to archive."""
    return _levels(
        now.HOT_HOURS,
        now.WARM_HOURS,
        now.COLD_DAYS,
        (now.HOT_KEEP, now.WARM_KEEP, now.COLD_KEEP),
        now.QUEUE_SPENDERS,
        now.GEM_VIEWS,
    )


@lru_cache(maxsize=8)  # every card of a feed asks
def _levels(
    hot_hours: int, warm_hours: int, cold_days: int, keep: tuple[Decimal, ...], spenders: int, gem_views: int
) -> tuple[QueueLevel, ...]:
    allowed = [timedelta(hours=hot_hours), timedelta(hours=warm_hours), timedelta(days=cold_days)]
    steps = [
        QueueLevel(level=level, time_allowed=max(span, _SHORTEST), keep_coins=coins, keep_spenders=spenders)
        for level, (span, coins) in enumerate(zip(allowed, keep, strict=True))
    ]
    steps.append(QueueLevel(level=Post.Level.ARCHIVE, time_allowed=None, keep_coins=ZERO, keep_spenders=spenders))
    for step in steps[Post.Level.COLD :]:
        step.gem_views = gem_views
    return tuple(steps)


def _same(one: QueueLevel | None, other: QueueLevel) -> bool:
    names = ("time_allowed", "keep_coins", "keep_spenders", "gem_views")
    return one is not None and all(getattr(one, name) == getattr(other, name) for name in names)
