"""The queue of levels: which posts stay where they are and which drop one, when their time is up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

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


def levels(now: Any) -> list[QueueLevel]:
    """The levels as the settings have them."""
    least = now.QUEUE_SPENDERS
    hot, warm, cold = (
        max(span, _SHORTEST)
        for span in (
            timedelta(hours=now.HOT_HOURS),
            timedelta(hours=now.WARM_HOURS),
            timedelta(days=now.COLD_DAYS),
        )
    )
    return [
        QueueLevel(level=Post.Level.HOT, time_allowed=hot, keep_coins=now.HOT_KEEP, keep_spenders=least),
        QueueLevel(level=Post.Level.WARM, time_allowed=warm, keep_coins=now.WARM_KEEP, keep_spenders=least),
        QueueLevel(
            level=Post.Level.COLD,
            time_allowed=cold,
            keep_coins=now.COLD_KEEP,
            keep_spenders=least,
            gem_views=now.GEM_VIEWS,
        ),
        QueueLevel(level=Post.Level.ARCHIVE, keep_coins=0, keep_spenders=least, gem_views=now.GEM_VIEWS),
    ]


def _same(one: QueueLevel | None, other: QueueLevel) -> bool:
    names = ("time_allowed", "keep_coins", "keep_spenders", "gem_views")
    return one is not None and all(getattr(one, name) == getattr(other, name) for name in names)
