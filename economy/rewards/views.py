"""The page of rewards: what is rewarded, how far I am, and what I got."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.members.queries import member_of
from config.lib.pagination import keyset_page
from economy.rewards import queries


@login_required
@never_cache
@require_GET
def my_rewards(request: HttpRequest) -> HttpResponse:
    """The rules in force with my progress to their caps, and my rewards."""
    member = member_of(request)
    page = keyset_page(request, queries.rewards_of(member), *queries.NEWEST.order)
    addresses = queries.addresses_of(page.rows)
    for reward in page.rows:
        reward.why = queries.why(reward)
        reward.address = addresses.get(reward.cause_id, "")
    context = {
        "progress": queries.progress_of(member, at=timezone.now()),
        "rewards": page.rows,
        "next": f"?cursor={page.next}" if page.next else "",
        "previous": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "economy/rewards/my_rewards.html", context)
