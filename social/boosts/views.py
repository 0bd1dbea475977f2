"""The page that asks before a post is boosted."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.wallets.models import Wallet
from config.lib.pages import refusals_are_pages
from config.lib.refusals import NotAllowed, Refused
from config.lib.runtime import figures
from config.templatetags.civitas import coins
from economy.ledger.models import Transfer
from social.boosts import operations
from social.feed import queries
from social.feed.forms import Keyed
from social.feed.views.frames import MemberRequest, address_of_post, land


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def boost_post(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Say what a boost does and costs, then boost one's own post."""
    post = queries.post_for(request.user, post_id)
    if post.user_id != request.user.pk:
        raise NotAllowed()
    form, status = Keyed(request.POST if request.method == "POST" else None), 200
    if request.method == "POST" and form.is_valid():
        try:
            boost = operations.boost_post(
                author=request.user,
                post_id=post_id,
                channel=Transfer.Channel.WEB,
                key=f"boost:{form.once}",
                at=timezone.now(),
            )
        except Refused as refusal:
            land(form, refusal)
            status = 422
        else:
            messages.success(
                request,
                _("Your post is on top again. %(coins)s went to the treasury.") % {"coins": coins(boost.amount)},
            )
            return redirect("social:read_post", post.pk)
    elif request.method == "POST":
        status = 422
    available, cost = Wallet.objects.get(user=request.user).available, figures().BOOST_COST
    context = {
        "post": post,
        "form": form,
        "cost": cost,
        "available": available,
        "keep": available - cost,
        "hours": figures().BOOST_HOURS,
        "most": figures().BOOSTS_AT_ONCE,
        "cancel_url": address_of_post(post.pk),
        "action_url": request.path,
    }
    return render(request, "social/boosts/boost_post.html", context, status=status)
