"""Decay: what posts lose of their standing in a week without a tip. A stage of the weekly cycle; it moves no coins."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from config.lib.cycle import Progress
from config.lib.ids import uuid7_at
from config.lib.money import ZERO
from config.lib.periods import Period
from config.lib.runtime import figures
from economy.observatory.operations import note_job
from social.feed.models import DecayEvent, DecayRun

CHUNK = 5000

_FIRST = UUID(int=0)


class Decay:
    """The cycle's first stage."""

    name = "decay"
    order = 10

    def is_done(self, period: Period) -> bool:
        return DecayRun.objects.filter(period=period.key, finished_at__isnull=False).exists()

    def run(self, *, period: Period, end: datetime, at: datetime, progress: Progress) -> dict[str, Any]:
        return apply_decay(period=period, end=end, at=at, progress=progress)

    def preview(self, *, period: Period, end: datetime, at: datetime) -> dict[str, Any]:
        run = DecayRun.objects.filter(period=period.key).first() or DecayRun(period=period.key)
        posts, coins = (0, ZERO) if run.finished_at is not None else _still_to_come(run, end, _rate_of(run))
        return {"posts": posts, "total_decayed": coins}


def apply_decay(
    *,
    period: Period,
    end: datetime,
    at: datetime,
    progress: Progress = lambda stage, done, total: None,
    chunk: int = CHUNK,
) -> dict[str, Any]:
    """Take DECAY_RATE off the standing of every post without a tip in the seven days before `end`.

    The run's totals: posts, total_decayed.

    One event per run and post, written with the loss itself, in chunks that commit one by one: a run that was cut off
    is finished by the next call, two at once wait for each other's posts, and a finished one is left alone.
    """
    run, _is_new = DecayRun.objects.get_or_create(period=period.key, defaults={"id": uuid7_at(at), "created_at": at})
    if run.finished_at is None:
        rate = _rate_of(run)
        total, _coins = _still_to_come(run, end, rate)
        done, last = 0, _FIRST
        while last is not None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT last_id, decayed FROM social_decay_chunk("
                    "%s::uuid, %s::timestamptz, %s::timestamptz, %s::numeric, %s::uuid, %s::integer)",
                    [run.pk, end, at, rate, last, chunk],
                )
                last, decayed = cursor.fetchone()
            done += decayed
            progress(Decay.name, done, max(done, total))
        with connection.cursor() as cursor:
            cursor.execute("SELECT social_finish_decay(%s::uuid, %s::timestamptz)", [run.pk, at])
        note_job(name="decay_run", at=at)
        run.refresh_from_db()
    return {"posts": run.posts, "total_decayed": run.total_decayed}


def _rate_of(run: DecayRun) -> Decimal:
    """The rate that the run began with, whatever the setting has become since."""
    begun = DecayEvent.objects.filter(run=run).values_list("decay_rate", flat=True).first()
    return figures().DECAY_RATE if begun is None else begun


def _still_to_come(run: DecayRun, end: datetime, rate: Decimal) -> tuple[int, Decimal]:
    """How many posts the run would still take from, and how much."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(d.tokens_decayed), 0.00)"
            " FROM social_decaying(%s::timestamptz, %s::numeric) AS d"
            " WHERE NOT EXISTS (SELECT FROM social_decayevent e WHERE e.run_id = %s::uuid AND e.post_id = d.post_id)",
            [end, rate, run.pk],
        )
        return cursor.fetchone()
