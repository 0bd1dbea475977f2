"""The public pages of the economy: how it is and was, and what each week took and gave."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.members.queries import member_of
from config.lib.money import ZERO
from config.lib.pages import refusals_are_pages
from config.lib.refusals import NotThere
from economy.ledger.queries import wallet_of
from economy.observatory import queries, rules, runs
from economy.observatory.models import EconomySnapshot, Leader
from economy.tax import rules as tax_rules

DAYS = 90
WEEKS = 12
PLACES = 10


@require_safe
def observatory(request: HttpRequest) -> HttpResponse:
    """Where the coins are, how supply, treasury and spread went, how lively they are, what each week took and gave."""
    now = timezone.now()
    state, as_of = queries.latest_state(now)
    history = list(queries.snapshots(days=DAYS, until=now.date()))
    weeks = queries.weeks(most=WEEKS)
    spread, spread_as_of = queries.latest_spread()
    supply = state.ever_created - state.burned - state.paid_out
    context = {
        "state": state,
        "as_of": as_of,
        "supply": supply,
        "before": _since_yesterday(history, today=now.date(), supply=supply, treasury=state.treasury),
        "jobs": queries.job_times(),
        "places": [
            (_("In wallets"), state.in_wallets, 0),
            (_("Treasury"), state.treasury, 1),
            (_("Tips and bounties on content"), state.on_content, 2),
            (_("Orders in their refund window"), state.in_orders, 3),
            (_("Burned"), state.burned, 4),
            (_("Paid out"), state.paid_out, 5),
        ],
        "has_history": len(history) > 1,
        "weeks": weeks,
        "tax_bars": [(week["period"], week["tax"]) for week in weeks],
        "stipend_bars": [(week["period"], week["stipend"]) for week in weeks],
        "curve": spread.lorenz,
        "gini": spread.gini,
        "spread_as_of": spread_as_of,
        "brackets": queries.brackets(),
        "wallets": queries.leaders(Leader.Board.WALLETS, most=PLACES),
        "earners": queries.leaders(Leader.Board.EARNERS, most=PLACES),
        **_over_time(history),
    }
    return render(request, "economy/observatory/observatory.html", context)


def _since_yesterday(
    history: list[EconomySnapshot], *, today: date, supply: Decimal, treasury: Decimal
) -> dict[str, str]:
    """How supply and treasury differ from the end of the day before; nothing when that day has no picture."""
    for day in reversed(history):
        if day.day == today - timedelta(days=1):
            return {
                "supply": _signed(supply - (day.ever_created - day.burned - day.paid_out)),
                "treasury": _signed(treasury - day.treasury),
            }
    return {}


def _signed(change: Decimal) -> str:
    sign = "+" if change > ZERO else "−" if change < ZERO else "±"
    return sign + formats.number_format(abs(change), 2, force_grouping=True)


def _over_time(history: list[EconomySnapshot]) -> dict[str, Any]:
    """The lines of the charts, day by day."""
    lively = rules.velocity([(day.moved, day.ever_created - day.burned - day.paid_out) for day in history])
    return {
        "supply_lines": [
            (_("In wallets"), [(day.day, day.in_wallets) for day in history]),
            (_("Treasury"), [(day.day, day.treasury) for day in history]),
            (_("Burned"), [(day.day, day.burned) for day in history]),
            *_used(_("On content and in orders"), [(day.day, day.on_content + day.in_orders) for day in history]),
            *_used(_("Paid out"), [(day.day, day.paid_out) for day in history]),
        ],
        "treasury_line": [(day.day, day.treasury) for day in history],
        "gini_line": [(day.day, day.gini) for day in history],
        "velocity_line": [
            (day.day, 100 * turns) for day, turns in zip(history, lively, strict=True) if turns is not None
        ],
        "member_lines": [
            (_("Members"), [(day.day, day.members) for day in history]),
            (_("Active that day"), [(day.day, day.active_today) for day in history]),
        ],
    }


def _used(label: str, points: list[Any]) -> list[tuple[str, list[Any]]]:
    """A line, unless it never leaves the ground."""
    return [(label, points)] if any(value for _day, value in points) else []


@require_safe
@refusals_are_pages
def weekly_runs(request: HttpRequest) -> HttpResponse:
    """Tax and stipend of every week of a year, newest first."""
    years = runs.years_with_runs()
    asked = request.GET.get("year", "")
    if asked and asked not in map(str, years):
        raise NotThere()
    year = int(asked) if asked else (years[0] if years else timezone.now().year)
    context = {"years": years, "year": year, "weeks": runs.weeks_in(year)}
    return render(request, "economy/observatory/weekly_runs.html", context)


@require_safe
@refusals_are_pages
def weekly_run(request: HttpRequest, period: str) -> HttpResponse:
    """One week's tax and stipend: totals, members by bracket, budget, scale; for a member their own figures as well."""
    week = runs.week_of(period)
    context: dict[str, Any] = {"week": week, "tax": week.tax, "stipend": week.stipend}
    if week.tax is not None:
        context["by_bracket"] = [(name.capitalize(), members) for name, members in runs.members_by_bracket(week.tax)]
        context["tax_brackets"] = tax_rules.read(week.tax.brackets)
    if week.stipend is not None:
        context["components"] = [
            (_("Base"), week.stipend.total_base, 0),
            (_("Engagement bonuses"), week.stipend.total_engagement, 1),
            (_("New-member bonuses"), week.stipend.total_new_member, 2),
        ]
        context["kept"] = max(week.stipend.budget - week.stipend.total_paid, ZERO)
    if request.user.is_authenticated:
        context["own"] = runs.own_figures(week, wallet_of(member_of(request)))
    return render(request, "economy/observatory/weekly_run.html", context)
