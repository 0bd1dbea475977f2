"""A year of the wallet, to look at and to take along."""

import csv
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.members.queries import member_of
from config.lib.pages import refusals_are_pages
from economy.ledger import queries, years
from economy.ledger.years import Sums


@login_required
@never_cache
@require_GET
@refusals_are_pages
def year(request: HttpRequest, number: int) -> HttpResponse:
    """What a year brought and took: by month, by kind, and both together."""
    mine = queries.wallet_of(member_of(request))
    now = timezone.now()
    found = years.year_of(mine, number, at=now)
    context: dict[str, Any] = {
        "year": found,
        "years": list(years.years_of(mine, at=now)),
        "balances": [(month.first.date(), month.closing) for month in found.months],
        "grid": [
            (
                kind,
                [
                    found.cells[month.number, kind].net if (month.number, kind) in found.cells else None
                    for month in found.months
                ],
                sums.net,
            )
            for kind, sums in found.kinds
        ],
    }
    return render(request, "economy/ledger/year.html", context)


@login_required
@never_cache
@require_GET
@refusals_are_pages
def year_csv(request: HttpRequest, number: int) -> HttpResponse:
    """The sums of a year by month and kind, as CSV, with the balance at its beginning and at the end of each month."""
    found = years.year_of(queries.wallet_of(member_of(request)), number, at=timezone.now())
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="civitas-{found.number}.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow(["month", "kind", "came in", "went out", "net", "movements", "balance"])
    writer.writerow([f"{found.number}-{found.months[0].number:02d}", "OPENING", "", "", "", "", found.opening])
    for month in found.months:
        name = f"{found.number}-{month.number:02d}"
        for kind, _sums in found.kinds:
            if (month.number, kind) in found.cells:
                writer.writerow([name, kind.value, *_figures(found.cells[month.number, kind]), ""])
        writer.writerow([name, "MONTH", *_figures(month.sums), month.closing])
    writer.writerow([found.number, "YEAR", *_figures(found.total), found.closing])
    return response


def _figures(sums: Sums) -> list[Any]:
    return [sums.came, sums.went, sums.net, sums.count]
