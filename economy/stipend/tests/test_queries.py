"""Previews, history and totals of the stipend."""

from decimal import Decimal as D

from economy.cycle.tests.weeks import AFTER, WEEK, fill_treasury, was_active
from economy.observatory.models import SystemState
from economy.stipend import operations, queries
from economy.stipend.models import StipendRun


def pay(period=WEEK, at=AFTER):
    return operations.pay_stipends(period=period, end=period.end, at=at)


def test_a_preview_says_what_the_run_then_does(member, tips):
    ana, ben = member("ana"), member("ben")
    tips(ben, ana, "3.00")
    fill_treasury("20.00")
    seen = queries.preview(period=WEEK, end=WEEK.end, tax_to_come=D("0.00"))
    assert not StipendRun.objects.exists()
    run = pay()
    assert (seen.members, seen.wanted, seen.budget, seen.paid) == (2, run.total_wanted, run.budget, run.total_paid)
    assert queries.preview(period=WEEK, end=WEEK.end, tax_to_come=D("0.00")).members == 0


def test_a_preview_counts_the_tax_that_comes_first(member):
    member()
    seen = queries.preview(period=WEEK, end=WEEK.end, tax_to_come=D("12.00"))
    assert (seen.budget, seen.paid) == (D("6.00"), D("6.00"))


def test_a_preview_without_members(db):
    assert queries.preview(period=WEEK, end=WEEK.end, tax_to_come=D("0.00")).members == 0


def test_history_and_totals(member):
    ana = member()
    fill_treasury("1000.00")
    pay()
    was_active(ana, at=WEEK.next.start)
    pay(period=WEEK.next, at=WEEK.next.end)
    assert [row.run.period for row in queries.distributions_of(ana.wallet).order_by("-id")] == ["2026-W47", "2026-W46"]
    assert [run.period for run in queries.weekly_totals()] == ["2026-W46", "2026-W47"]
    assert SystemState.objects.get().last_stipend_distribution_at == WEEK.next.end
