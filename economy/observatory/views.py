"""The public dashboard of the economy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from economy.observatory import queries, rules

DAYS = 90
WEEKS = 12


@require_GET
def observatory(request: HttpRequest) -> HttpResponse:
    """Where the coins are, how the supply and the treasury went, how equal it is, what each week took and gave."""
    now = timezone.now()
    state = queries.state(now)
    history = list(queries.snapshots(days=DAYS, until=now.date()))
    weeks = queries.weeks(most=WEEKS)
    curve = queries.lorenz()
    context = {
        "state": state,
        "supply": state.ever_created - state.burned - state.paid_out,
        "jobs": queries.job_times(),
        "places": [
            (_("In wallets"), state.in_wallets, 0),
            (_("Treasury"), state.treasury, 1),
            (_("Tips in their refund window"), state.on_content, 2),
            (_("Orders in their refund window"), state.in_orders, 3),
            (_("Burned"), state.burned, 4),
            (_("Paid out"), state.paid_out, 5),
        ],
        "supply_lines": [
            (_("In wallets"), [(day.day, day.in_wallets) for day in history]),
            (_("Treasury"), [(day.day, day.treasury) for day in history]),
            (_("Burned"), [(day.day, day.burned) for day in history]),
        ],
        "moved": [(day.day, day.moved) for day in history],
        "has_history": len(history) > 1,
        "weeks": weeks,
        "tax_bars": [(week["period"], week["tax"]) for week in weeks],
        "stipend_bars": [(week["period"], week["stipend"]) for week in weeks],
        "curve": curve,
        "gini": rules.gini(curve),
        "brackets": queries.brackets(),
        "richest": queries.richest(most=10),
    }
    return render(request, "economy/observatory/observatory.html", context)
