"""The vault's page: what waits, and when it comes free."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.members.queries import member_of
from config.lib.pagination import keyset_page
from config.lib.runtime import figures
from economy.ledger.models import TransferKind
from economy.ledger.queries import wallet_of
from economy.vault import queries, rules


@login_required
@never_cache
@require_GET
def vault(request: HttpRequest) -> HttpResponse:
    """All deposits, newest first, each with how long it has waited; above them what comes free next."""
    mine = wallet_of(member_of(request))
    at = timezone.now()
    page = keyset_page(request, queries.deposits_of(mine), *queries.DEPOSITS.order)
    for deposit in page.rows:
        deposit.source_name = TransferKind(deposit.source_kind).label
        deposit.part_waited = rules.part_waited(since=deposit.created_at, until=deposit.unlock_at, at=at)
    now = figures()
    context = {
        "vault": queries.summary_of(mine),
        "deposits": page.rows,
        "rate": now.VAULT_RATE,
        "days": now.VAULT_DAYS,
        "next": f"?cursor={page.next}" if page.next else "",
        "previous": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "economy/vault/vault.html", context)
