"""Reads of co-authors."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.members.models import Page, User
from config.lib.refusals import NotThere
from social.coauthors.models import CoAuthor
from social.feed import queries as feed
from social.feed import rules
from social.feed.models import Post


def coauthors_of(post: Post, reader: Any) -> list[CoAuthor]:
    """Who shares in the tips of a post; its writer and those who are asked see who has not agreed too. One query."""
    rows = list(CoAuthor.objects.filter(post=post).select_related("page", "user").order_by("-share", "id"))
    asked = {row.user_id for row in rows}
    if reader.is_authenticated and (reader.pk == post.user_id or reader.pk in asked):
        return rows
    return [row for row in rows if row.answer == CoAuthor.Answer.YES and _is_shown(row)]


def invitation_for(member: User, post_id: UUID) -> CoAuthor:
    """What a member is asked about a post, whatever they have said to it. May refuse with NotThere."""
    post = feed.post_for(member, post_id)
    row = CoAuthor.objects.filter(post=post, user=member).select_related("page", "post__page").first()
    if row is None:
        raise NotThere()
    return row


@dataclass(frozen=True)
class Part:
    """A co-author's part of a tip."""

    page: Page
    coins: Decimal


def parts_of_tip(post: Post, to_creator: Decimal) -> list[Part]:
    """What co-authors would get of a tip that is given now, which leaves the rest to the writer. One query.

    SQL decides it as the tip is given (social/migrations/0052_tips_are_shared.sql); a test holds the two together.
    """
    rows = CoAuthor.objects.filter(post=post, answer=CoAuthor.Answer.YES).select_related("page", "user").order_by("id")
    sharing = [row for row in rows if row.user.status == User.Status.ACTIVE and row.page.is_active]
    coins = rules.share_out(to_creator, [row.share for row in sharing])
    return [Part(row.page, part) for row, part in zip(sharing, coins, strict=True) if part > 0]


def _is_shown(row: CoAuthor) -> bool:
    return row.user.is_shown and row.page.is_active
