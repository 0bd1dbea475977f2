"""The post that a page shows first."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.members.models import User
from config.lib.refusals import NotThere, spoken_by_database
from social.feed.models import Post
from social.feed.operations.writing import must_act, one_at_a_time


def pin_post(*, member: User, post_id: UUID, at: datetime) -> None:
    """Have one's own post stand first on its page, in the place of another one; pinning it again is no error.

    May refuse with NotAllowed, NotThere (also for another's post).
    """
    must_act(member)
    with spoken_by_database(), transaction.atomic():
        one_at_a_time(member)
        # Both rows in the order of their ids, like everybody who holds several posts.
        held = list(
            Post.objects.filter(Q(pk=post_id) | Q(pinned_at__isnull=False), user=member, deleted_at=None)
            .select_for_update(no_key=True)
            .order_by("id")
        )
        post = next((post for post in held if post.pk == post_id and post.status == Post.Status.PUBLISHED), None)
        if post is None:
            raise NotThere()
        if post.pinned_at is None:
            Post.objects.filter(page=post.page_id, pinned_at__isnull=False).update(pinned_at=None)
            Post.objects.filter(pk=post_id).update(pinned_at=at)


def unpin_post(*, member: User, post_id: UUID) -> None:
    """Have one's post stand in its order again; if it does already, that is no error. May refuse as `pin_post` does."""
    must_act(member)
    with spoken_by_database():
        if not Post.objects.filter(pk=post_id, user=member, deleted_at=None).update(pinned_at=None):
            raise NotThere()
