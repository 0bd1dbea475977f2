"""What members are owed to hear of after the weekly runs."""

from datetime import timedelta
from decimal import Decimal as D
from threading import Barrier, Thread

import pytest
from django.db import connections

from accounts.notifications.models import Notification, OwedNotice
from accounts.notifications.operations import gather
from config.lib.periods import Period
from economy.cycle import operations
from economy.cycle.tests.weeks import AFTER, LONG_AGO, WEEK, fill_treasury, hold, was_active
from economy.stipend.operations import pay_stipends
from economy.tax.models import TaxRun
from economy.tax.operations import collect_taxes


def tax(week=WEEK, at=AFTER):
    return collect_taxes(period=week, end=week.end, at=at)


def owed(kind):
    return sorted(OwedNotice.objects.filter(type=kind).values_list("coins", flat=True))


@pytest.fixture
def ana(join):
    return hold(join("ana", at=LONG_AGO), "1400.00")


@pytest.fixture
def others(join):
    return [hold(join(f"other_{number}", at=LONG_AGO), "400.00") for number in range(6)]


@pytest.mark.django_db
def test_each_who_paid_hears_of_it_once(ana, others, join):
    join("poor", at=LONG_AGO)
    tax()
    assert operations.tell_members(at=AFTER, chunk=2) == 7
    assert operations.tell_members(at=AFTER) == 0
    assert owed("tax") == [D("4.00")] * 6 + [D("71.00")]
    assert TaxRun.objects.get().told_at == AFTER


@pytest.mark.django_db
def test_the_stipend_is_told_as_well(ana):
    fill_treasury("1000.00")
    was_active(ana)
    pay_stipends(period=WEEK, end=WEEK.end, at=AFTER)
    operations.tell_members(at=AFTER)
    assert owed("stipend") == [D("10.00")]
    gather(at=AFTER)
    notice = Notification.objects.get(user=ana, type="stipend")
    assert (notice.title, notice.message) == ("Weekly stipend: 10.00", "Until week 46 of 2026")
    assert notice.data["path"] == "/wallet/?kind=STIPEND"


@pytest.mark.django_db
def test_weeks_that_nobody_has_read_of_are_one_notice(ana):
    first = Period.parse("2026-W45")
    for week in (first, WEEK):
        at = week.end + timedelta(minutes=5)
        tax(week, at)
        operations.tell_members(at=at)
        gather(at=at)
    notice = Notification.objects.get(user=ana, type="tax")
    assert notice.title == f"Tax of 2 weeks: {D(notice.data['coins'])}"
    assert notice.message == "Until week 46 of 2026"


@pytest.mark.django_db
def test_a_run_that_is_not_done_is_not_told_of(ana):
    tax()
    TaxRun.objects.update(status="RUNNING", finished_at=None)
    assert operations.tell_members(at=AFTER) == 0
    assert TaxRun.objects.get().told_at is None


@pytest.mark.django_db
def test_what_ended_long_ago_is_no_news(ana):
    tax()
    assert operations.tell_members(at=AFTER + timedelta(days=3)) == 0
    assert owed("tax") == []
    assert TaxRun.objects.get().told_at is not None


@pytest.mark.django_db
def test_who_is_cut_off_goes_on_where_it_stopped(ana, others, monkeypatch):
    tax()
    calls = []
    tell_some = operations._tell_some

    def cut_off(*given, **more):
        if len(calls) == 2:
            raise RuntimeError("power cut")
        calls.append(1)
        return tell_some(*given, **more)

    monkeypatch.setattr(operations, "_tell_some", cut_off)
    with pytest.raises(RuntimeError):
        operations.tell_members(at=AFTER, chunk=2)
    monkeypatch.undo()
    assert len(owed("tax")) == 4
    operations.tell_members(at=AFTER, chunk=2)
    assert owed("tax") == [D("4.00")] * 6 + [D("71.00")]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_tell_each_member_once(ana, others):
    tax()
    barrier = Barrier(4)

    def work():
        try:
            barrier.wait()
            operations.tell_members(at=AFTER, chunk=1)
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    operations.tell_members(at=AFTER, chunk=1)
    assert owed("tax") == [D("4.00")] * 6 + [D("71.00")]
