"""The page that asks before an answer is chosen."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.lib.pages import refusals_are_pages
from config.lib.refusals import NotAllowed, NotThere, Refused
from config.templatetags.civitas import coins
from economy.ledger.models import Transfer
from social.bounties import operations
from social.bounties.models import Bounty
from social.feed import queries
from social.feed.addresses import address_of_comment
from social.feed.forms import Keyed
from social.feed.views.frames import MemberRequest, land


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def award_bounty(request: MemberRequest, comment_id: UUID) -> HttpResponse:
    """Say who gets the bounty of one's post, then choose the answer."""
    comment = queries.comment_for(request.user, comment_id)
    if comment.post.user_id != request.user.pk:
        raise NotAllowed()
    bounty = Bounty.objects.filter(post=comment.post_id).first()
    if bounty is None:
        raise NotThere()
    form, status = Keyed(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                operations.award_bounty(
                    author=request.user,
                    post_id=comment.post_id,
                    comment_id=comment_id,
                    channel=Transfer.Channel.WEB,
                    at=timezone.now(),
                )
            except Refused as refusal:
                land(form, refusal)
            else:
                said = _("%(who)s gets %(coins)s for the best answer.")
                messages.success(request, said % {"who": comment.page.display_name, "coins": coins(bounty.amount)})
                return redirect(address_of_comment(comment.post_id, comment.pk))
    context = {
        "comment": comment,
        "bounty": bounty,
        "form": form,
        "cancel_url": address_of_comment(comment.post_id, comment.pk),
        "action_url": request.path,
    }
    return render(request, "social/bounties/award_bounty.html", context, status=status)
