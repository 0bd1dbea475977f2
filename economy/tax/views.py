"""The page about a member's taxes: what comes next, where one stands, what was paid."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.members.queries import member_of
from config.lib.pagination import keyset_page
from config.lib.runtime import figures
from economy.ledger.queries import wallet_of
from economy.tax import queries, rules


@login_required
@never_cache
@require_safe
def taxes(request: HttpRequest) -> HttpResponse:
    """The next run's forecast, the brackets with "you are here", and every week that was taxed, newest first."""
    mine = wallet_of(member_of(request))
    outlook = queries.outlook(mine.pk, at=timezone.now())
    brackets = queries.brackets()
    page = keyset_page(request, queries.collections_of(mine), *queries.HISTORY.order)
    context = {
        "wallet": mine,
        "outlook": outlook,
        "is_closing": figures().TAX_BASE == "closing",
        "steps": rules.steps(outlook.base, brackets),
        "brackets": brackets,
        "collections": page.rows,
        "next": f"?cursor={page.next}" if page.next else "",
        "previous": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "economy/tax/taxes.html", context)
