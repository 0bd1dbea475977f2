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
@never_cache
@require_GET
def wallet(request: HttpRequest) -> HttpResponse:
    """Balance, what is pending, and the statement with its filters."""
    return _wallet(request, queries.wallet_of(member_of(request)), StatementFilter(request.GET or None))


def _wallet(request: HttpRequest, mine: Wallet, chosen: StatementFilter) -> HttpResponse:
    """The page under a filter. One that makes no sense is refused and keeps its values; it shows no lines, because
    others than those that were meant would mislead."""
    now = timezone.now()
    lines = queries.statement(wallet=mine, **chosen.span())
    page = keyset_page(request, lines.none() if chosen.is_refused else lines, *queries.STATEMENT.order)
    _explain(mine, page.rows)
    query = request.GET.copy()
    query.pop("cursor", None)
    context = {
        "wallet": mine,
        "pending": queries.pending_for(mine.user),
        "vault": vault.summary_of(mine),
        "loyalty": withdrawals.progress_of(mine),
        "form": chosen,
        "presets": [_preset(query, label, since, until) for label, since, until in presets(now.date())],
        "lines": page.rows,
        "is_refused": chosen.is_refused,
        "is_filtered": any(query.get(name) for name in _FILTERS),
        "query": query.urlencode(),
        "years": list(reversed(years.years_of(mine, at=now))),
        "next": _address(query, page.next),
        "previous": _address(query, page.previous),
    }
    return render(request, "economy/ledger/wallet.html", context, status=422 if chosen.is_refused else 200)


def _address(query: Any, cursor: str | None) -> str:
    if cursor is None:
        return ""
    with_cursor = query.copy()
    with_cursor["cursor"] = cursor
    return f"?{with_cursor.urlencode()}#statement"


def _preset(query: Any, label: Any, since: Any, until: Any) -> dict[str, Any]:
    """A span of days to choose by one tap, beside the other filters as they are."""
    wanted = query.copy()
    wanted["since"], wanted["until"] = since.isoformat(), until.isoformat()
    return {"label": label, "url": f"?{wanted.urlencode()}#statement", "is_chosen": wanted == query}


def _explain(mine: Wallet, lines: list[Posting]) -> None:
    """Put to each line what it is called, who stood on the other side and what caused it."""
    pages = queries.counterparties(mine, lines)
    why = causes.causes_of(lines)
    for line in lines:
        line.title = causes.title_of(line, member=mine.user)  # type: ignore[attr-defined]
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
    context = {"line": line, "transfer": line.transfer, "deposit": vault.deposit_from(line)}
    return render(request, "economy/ledger/movement.html", context)


@login_required
@never_cache
@require_GET
def statement_csv(request: HttpRequest) -> HttpResponse:
    """The statement under the same filters, oldest first, as CSV; the page with what is wrong when they are."""
    mine = queries.wallet_of(member_of(request))
    chosen = StatementFilter(request.GET or None)
    if chosen.is_refused:
        return _wallet(request, mine, chosen)
    lines = queries.statement(wallet=mine, **chosen.span())
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
