"""What of the feed is rewarded: a member's first post."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from economy.rewards import triggers
from social.feed.models import Post

FIRST_POST = "first-post"


def _addresses(ids: Collection[UUID]) -> Mapping[UUID, str]:
    there = Post.objects.filter(pk__in=ids, deleted_at=None).values_list("pk", flat=True)
    return {post_id: reverse("social:read_post", args=[post_id]) for post_id in there}


def register() -> None:
    """Register it; called from `ready()`."""
    triggers.register(
        triggers.Trigger(
            slug=FIRST_POST,
            label=_("First post"),
            why=_("for your first post"),
            cause_type="post",
            is_once=True,
            has_length=True,
            look_up=_addresses,
        )
    )
