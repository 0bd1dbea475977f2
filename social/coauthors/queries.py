"""Reads of co-authors."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.members.models import User
from config.lib.refusals import NotThere
from social.coauthors.models import CoAuthor
from social.feed import queries as feed
from social.feed.models import Post


class NotAsked(NotThere):
    """The post is there to be read; the member is not asked about it, or not any more."""

    sentence = _("You are not asked to share in the tips of this post, or not any more.")


def coauthors_of(post: Post, reader: Any) -> list[CoAuthor]:
    """Who shares in the tips of a post, the largest share first. One query.

    Its writer and those who are asked see who has not agreed too.
    """
    rows = list(CoAuthor.objects.filter(post=post).select_related("page", "user").order_by("-share", "id"))
    asked = {row.user_id for row in rows}
    if reader.is_authenticated and (reader.pk == post.user_id or reader.pk in asked):
        return rows
    return [row for row in rows if row.answer == CoAuthor.Answer.YES and _is_shown(row)]


def invitation_for(member: User, post_id: UUID) -> CoAuthor:
    """What a member is asked about a post, whatever they have said to it. May refuse with NotThere, NotAsked."""
    post = feed.post_for(member, post_id)
    row = CoAuthor.objects.filter(post=post, user=member).select_related("page", "post__page").first()
    if row is None:
        raise NotAsked()
    return row


def post_of(author: User, post_id: UUID) -> Post:
    """A post of one's own. May refuse with NotThere."""
    post = feed.post_for(author, post_id)
    if post.user_id != author.pk:
        raise NotThere()
    return post


def _is_shown(row: CoAuthor) -> bool:
    return row.user.is_shown and row.page.is_active
