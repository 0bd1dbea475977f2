"""The wallet's pages: what I have, how it came, and giving some of it away."""

import csv
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.members.queries import Renamed, member_of, page_by_username
from config.lib.pages import refusals_are_pages
from config.lib.pagination import keyset_page
from config.lib.refusals import NotThere, Refused
from economy.ledger import operations, queries
from economy.ledger.forms import Gift, StatementFilter, fresh_key
from economy.ledger.models import Posting, Transfer
from economy.vault import queries as vault
from economy.withdrawals import queries as withdrawals


@login_required
@require_GET
def wallet(request: HttpRequest) -> HttpResponse:
    """Balance, what is pending, and the statement with its filters."""
    mine = queries.wallet_of(member_of(request))
    chosen = StatementFilter(request.GET or None)
    page = keyset_page(request, queries.statement(wallet=mine, **chosen.span()), *queries.STATEMENT.order)
    _name_counterparties(page.rows)
    query = request.GET.copy()
    query.pop("cursor", None)
    context = {
        "wallet": mine,
        "pending": queries.pending_for(member_of(request)),
        "vault": vault.summary_of(mine),
        "loyalty": withdrawals.progress_of(mine),
        "form": chosen,
        "lines": page.rows,
        "is_filtered": any(query.values()),
        "query": query.urlencode(),
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


def _name_counterparties(lines: list[Posting]) -> None:
    pages = queries.counterparties(lines)
    for line in lines:
        line.counterparty = pages.get(line.transfer_id)  # type: ignore[attr-defined]


@login_required
@require_GET
def statement_csv(request: HttpRequest) -> HttpResponse:
    """The statement under the same filters, oldest first, as CSV."""
    mine = queries.wallet_of(member_of(request))
    lines = queries.statement(wallet=mine, **StatementFilter(request.GET or None).span()).order_by("lock_version")
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="civitas-statement.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow(["time", "kind", "amount", "balance before", "balance after", "words", "transfer"])
    for line in lines.iterator(chunk_size=1000):
        writer.writerow(
            [
                line.created_at.isoformat(timespec="seconds"),
                line.kind,
                line.amount,
                line.balance_before,
                line.balance_after,
                _plain(line.transfer.description),
                line.transfer_id,
            ]
        )
    return response


def _plain(words: str) -> str:
    """Another member's words, so that a spreadsheet does not take them for a formula."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words


@login_required
@require_http_methods(["GET", "POST"])
@refusals_are_pages
def send_gift(request: HttpRequest) -> HttpResponse:
    """Give coins to another member: say to whom and how many, and it is done and shown."""
    mine = queries.wallet_of(member_of(request))
    form = Gift(request.POST or None, initial={"to": request.GET.get("to", ""), "key": fresh_key()})
    status = 422
    if request.method == "POST" and form.is_valid():
        gift = form.cleaned_data
        try:
            receiver = page_by_username(gift["to"])
            movement = operations.give(
                giver=mine,
                receiver=queries.wallet_of(receiver.user),
                coins=gift["amount"],
                memo=gift["memo"],
                key=f"gift:{gift['key']}",
                channel=Transfer.Channel.WEB,
                at=timezone.now(),
            )
        except Renamed as refusal:
            form.add_error("to", str(refusal))
        except NotThere:
            form.add_error("to", _("There is no member of that name."))
        except Refused as refusal:
            if refusal.status >= 500:
                raise  # nothing that the member can mend on the form; sent again, its key gives once
            form.refuse(refusal)
            status = 429 if refusal.status == 429 else 422
        else:
            messages.success(
                request,
                _("%(name)s has your gift of %(coins)s coins. You keep %(left)s.")
                % {"name": receiver.display_name, "coins": gift["amount"], "left": movement.balance_after},
            )
            return redirect("economy:wallet")
    context = {"form": form, "wallet": mine}
    return render(request, "economy/ledger/send_gift.html", context, status=status if form.errors else 200)
