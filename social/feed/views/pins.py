"""The post that stands first on a page."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.lib.pages import refusals_are_pages
from config.lib.refusals import NotAllowed
from social.feed import models, operations, queries
from social.feed.views.frames import MemberRequest


@login_required
@require_POST
@refusals_are_pages
def pin_post(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Have one's post stand first on its page."""
    post = _own(request, post_id)
    operations.pin_post(member=request.user, post_id=post_id, at=timezone.now())
    messages.success(request, _("The post stands first on your page."))
    return redirect("social:page", post.page.username)


@login_required
@require_POST
@refusals_are_pages
def unpin_post(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Have it stand in its order again."""
    post = _own(request, post_id)
    operations.unpin_post(member=request.user, post_id=post_id)
    messages.success(request, _("The post stands in its order again."))
    return redirect("social:page", post.page.username)


def _own(request: MemberRequest, post_id: UUID) -> models.Post:
    post = queries.post_for(request.user, post_id)
    if post.user_id != request.user.pk:
        raise NotAllowed()
    return post
