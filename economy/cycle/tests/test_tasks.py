"""When the cycle runs by itself."""

from datetime import timedelta

import time_machine
from django.conf import settings

from config.celery import app
from config.lib import cycle, schedules
from economy.cycle import tasks
from economy.cycle.tests.weeks import AFTER, LONG_AGO, WEEK, hold, wallet_of, was_active
from economy.stipend.models import StipendRun
from economy.tax.models import TaxRun


def beat(at):
    with time_machine.travel(at, tick=False):
        tasks.run_weekly_cycle()


def only_of_this_app(monkeypatch):
    stages = {name: stage for name, stage in cycle._stages.items() if name in ("tax", "stipend")}
    monkeypatch.setattr(cycle, "_stages", stages)


def test_monday_five_past_midnight_closes_the_week(join, monkeypatch):
    only_of_this_app(monkeypatch)
    was_active(hold(join("ana", at=WEEK.start), "1400.00", at=WEEK.start))
    beat(AFTER)
    assert (TaxRun.objects.get().period, StipendRun.objects.get().period) == ("2026-W46", "2026-W46")


def test_the_week_is_left_to_settle_for_some_minutes(join, monkeypatch):
    only_of_this_app(monkeypatch)
    join("ana", at=WEEK.start)
    beat(WEEK.end + timedelta(minutes=1))
    assert not TaxRun.objects.exists()


def test_two_beats_and_the_hourly_one_do_it_once(join, monkeypatch):
    only_of_this_app(monkeypatch)
    ana = hold(join("ana", at=WEEK.start), "1400.00", at=WEEK.start)
    was_active(ana)
    for minutes in (0, 0, 30, 90):
        beat(AFTER + timedelta(minutes=minutes))
    assert TaxRun.objects.count() == StipendRun.objects.count() == 1
    assert str(wallet_of(ana).balance) == "1344.00"


def test_a_beat_that_was_away_catches_up_in_order(join, monkeypatch):
    only_of_this_app(monkeypatch)
    join("ana", at=LONG_AGO)
    beat(LONG_AGO + timedelta(days=21))
    assert list(TaxRun.objects.order_by("id").values_list("period", flat=True)) == ["2026-W36", "2026-W37", "2026-W38"]


def test_the_clock_is_set_for_the_task_that_celery_knows(db):
    named = {
        name: schedule
        for name, schedule in schedules._schedules.items()
        if schedule.task == tasks.run_weekly_cycle.name
    }
    assert sorted(schedule.crontab for schedule in named.values()) == ["35 * * * *", "5 0 * * 1"]
    assert settings.CELERY_TIMEZONE == "UTC"
    assert tasks.run_weekly_cycle.name in app.tasks
