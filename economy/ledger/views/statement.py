"""Balance, statement and single movements."""

import csv
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.members.queries import member_of
from accounts.wallets.models import Wallet
from config.lib.pages import refusals_are_pages
from config.lib.pagination import keyset_page
from economy.ledger import causes, queries, years
from economy.ledger.forms import StatementFilter, presets
from economy.ledger.models import Posting
from economy.vault import queries as vault
from economy.withdrawals import queries as withdrawals

CHUNK = 1000  # lines whose causes are asked for at once
_FILTERS = ("kind", "who", "since", "until")


@login_required
@require_GET
def wallet(request: HttpRequest) -> HttpResponse:
    """Balance, what is pending, and the statement with its filters."""
    mine = queries.wallet_of(member_of(request))
    now = timezone.now()
    chosen = StatementFilter(request.GET or None)
    page = keyset_page(request, queries.statement(wallet=mine, **chosen.span()), *queries.STATEMENT.order)
    _explain(mine, page.rows)
    query = request.GET.copy()
    query.pop("cursor", None)
    context = {
        "wallet": mine,
        "pending": queries.pending_for(member_of(request)),
        "vault": vault.summary_of(mine),
        "loyalty": withdrawals.progress_of(mine),
        "form": chosen,
        "presets": [_preset(query, label, since, until) for label, since, until in presets(now.date())],
        "lines": page.rows,
        "is_filtered": any(query.get(name) for name in _FILTERS),
        "query": query.urlencode(),
        "years": list(reversed(years.years_of(mine, at=now))),
        "next": _address(query, page.next),
        "previous": _address(query, page.previous),
    }
    return render(request, "economy/ledger/wallet.html", context)


def _address(query: Any, cursor: str | None) -> str:
    if cursor is None:
        return ""
    with_cursor = query.copy()
    with_cursor["cursor"] = cursor
    return f"?{with_cursor.urlencode()}"


def _preset(query: Any, label: Any, since: Any, until: Any) -> dict[str, Any]:
    """A span of days to choose by one tap, beside the other filters as they are."""
    wanted = query.copy()
    wanted["since"], wanted["until"] = since.isoformat(), until.isoformat()
    return {"label": label, "url": f"?{wanted.urlencode()}", "is_chosen": wanted == query}


def _explain(mine: Wallet, lines: list[Posting]) -> None:
    """Put to each line who stood on the other side and what caused it."""
    pages = queries.counterparties(mine, lines)
    why = causes.causes_of(lines)
    for line in lines:
        line.counterparty = pages.get(line.transfer_id)  # type: ignore[attr-defined]
        line.cause = why.get(line.transfer_id)  # type: ignore[attr-defined]


@login_required
@never_cache
@require_GET
@refusals_are_pages
def movement(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """One movement of mine with all that is known of it: the receipt of a gift, of a tip, of a grant."""
    mine = queries.wallet_of(member_of(request))
    line = queries.line_of(mine, transfer_id)
    _explain(mine, [line])
    return render(request, "economy/ledger/movement.html", {"line": line, "transfer": line.transfer})


@login_required
@require_GET
def statement_csv(request: HttpRequest) -> HttpResponse:
    """The statement under the same filters, oldest first, as CSV."""
    mine = queries.wallet_of(member_of(request))
    lines = queries.statement(wallet=mine, **StatementFilter(request.GET or None).span())
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="civitas-statement.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow(
        ["time", "kind", "amount", "balance before", "balance after", "with", "words", "cause", "link", "transfer"]
    )
    for some in queries.in_pieces(lines, size=CHUNK):
        _explain(mine, some)
        writer.writerows(_row(request, line) for line in some)
    return response


def _row(request: HttpRequest, line: Any) -> list[Any]:
    return [
        line.created_at.isoformat(timespec="seconds"),
        line.kind,
        line.amount,
        line.balance_before,
        line.balance_after,
        line.counterparty.username if line.counterparty else "",
        _plain(line.transfer.description),
        _plain(line.cause.label) if line.cause else "",
        request.build_absolute_uri(line.cause.url) if line.cause and line.cause.url else "",
        line.transfer_id,
    ]


def _plain(words: str) -> str:
    """Another member's words, so that a spreadsheet does not take them for a formula."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words
