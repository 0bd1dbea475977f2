"""The page about a member's stipends: what the next one would be, and what came."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.members.queries import member_of
from config.lib.pagination import keyset_page
from economy.ledger.queries import wallet_of
from economy.stipend import queries


@login_required
@never_cache
@require_safe
def stipends(request: HttpRequest) -> HttpResponse:
    """The next run's forecast, and what every week brought, newest first."""
    member = member_of(request)
    mine = wallet_of(member)
    page = keyset_page(request, queries.distributions_of(mine), *queries.HISTORY.order)
    context = {
        "wallet": mine,
        "outlook": queries.outlook(member, at=timezone.now()),
        "distributions": page.rows,
        "next": f"?cursor={page.next}" if page.next else "",
        "previous": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "economy/stipend/stipends.html", context)
