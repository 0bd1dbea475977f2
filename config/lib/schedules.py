"""The clock's table: which task runs when. Apps add theirs in `ready()`; `up` writes rows for the new ones.

A row that exists is left as it is, because an admin may have changed it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Schedule:
    """A task by name, with either an interval or a crontab ("minute hour day-of-month month day-of-week", UTC)."""

    name: str
    task: str
    every: timedelta | None = None
    crontab: str | None = None
    kwargs: dict[str, object] = field(default_factory=dict)


_schedules: dict[str, Schedule] = {}


def add(schedule: Schedule) -> None:
    """Register one; a second one of the same name must be the same."""
    known = _schedules.setdefault(schedule.name, schedule)
    if known != schedule:
        raise ValueError(f"two different schedules are named {schedule.name!r}")


def write_missing() -> int:
    """Make the rows that are not there yet, in any order and by any number of processes at once. How many were made."""
    import json

    from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

    made = 0
    for schedule in _schedules.values():
        timing: dict[str, object]
        if schedule.every is not None:
            seconds = int(schedule.every.total_seconds())
            row = IntervalSchedule.objects.filter(every=seconds, period=IntervalSchedule.SECONDS).first()
            row = row or IntervalSchedule.objects.create(every=seconds, period=IntervalSchedule.SECONDS)
            timing = {"interval": row, "expire_seconds": max(60, seconds * 3)}
        else:
            fields = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
            figures = dict(zip(fields, (schedule.crontab or "").split(), strict=True))
            cron = CrontabSchedule.objects.filter(**figures, timezone="UTC").first()
            timing = {"crontab": cron or CrontabSchedule.objects.create(**figures, timezone="UTC")}
        _task, is_new = PeriodicTask.objects.get_or_create(
            name=schedule.name,
            defaults={"task": schedule.task, "kwargs": json.dumps(schedule.kwargs), **timing},
        )
        made += is_new
    return made


def registered() -> list[tuple[str, datetime | None, timedelta]]:
    """The jobs on an interval that are switched on: name, when each last ran, how often it should."""
    from django_celery_beat.models import PeriodicTask

    jobs = PeriodicTask.objects.filter(enabled=True, interval__isnull=False).select_related("interval")
    return [(job.name, job.last_run_at, job.interval.schedule.run_every) for job in jobs]
