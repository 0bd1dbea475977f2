"""What the feed tells the statement: how posts, comments and tips are called, and who stood on the other side."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.members.models import Page, User
from config.lib import walls
from economy.ledger import causes
from economy.ledger.models import Posting, TransferKind
from social.feed.addresses import address_of_comment, address_of_post
from social.feed.models import Comment, Post, Tip, TipShare

_LONGEST = 60
_NOBODY = AnonymousUser()


def register() -> None:
    """Add them; called from `ready()`."""
    causes.register("post", _posts)
    causes.register("comment", _comments)
    causes.register("tip", _tips)
    causes.register_other_side(_Tips())
    causes.register_other_side(_PaidComments())
    # What `with_page` asks: who stood on either side, and no word of what was said.
    walls.opens("social_tip", "id", "spender_id", "spender_page_id", "recipient_id", "recipient_page_id")
    walls.opens("social_tipshare", "id", "tip_id", "user_id")
    walls.opens("social_comment", "id", "user_id", "page_id", "post_id")
    walls.opens("social_post", "id", "user_id", "page_id")


def _posts(ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    shown = Post.objects.visible_to(_NOBODY).filter(pk__in=ids).only("title", "content")
    found = {post.pk: (_short(post.title or post.content), address_of_post(post.pk)) for post in shown}
    return {post_id: found.get(post_id, (_("a post that is gone"), "")) for post_id in ids}


def _comments(ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    shown = Comment.objects.of_shown().filter(pk__in=ids, post__in=Post.objects.visible_to(_NOBODY))
    found = {
        comment.pk: (_short(comment.content), address_of_comment(comment.post_id, comment.pk))
        for comment in shown.only("content", "post_id")
    }
    return {comment_id: found.get(comment_id, (_("a comment that is gone"), "")) for comment_id in ids}


def _tips(ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """A tip is called by what was tipped. One query for the tips, one each for posts and comments."""
    targets = list(Tip.objects.filter(pk__in=ids).values_list("pk", "post_id", "comment_id"))
    posts = _posts({post for _tip, post, _comment in targets if post})
    comments = _comments({comment for _tip, _post, comment in targets if comment})
    return {tip: posts[post] if post else comments[comment] for tip, post, comment in targets}


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(_LONGEST)


class _Tips:
    """Tips given and got. A tip has the id of the transfer that gave it; what became of it refers to that."""

    kinds: tuple[str, ...] = (TransferKind.TIP, TransferKind.TIP_REFUND, TransferKind.TIP_SETTLEMENT)

    def pages(self, member: User, lines: Sequence[Posting]) -> Mapping[UUID, UUID]:
        tips = {
            line.transfer_id: line.transfer_id if line.kind == TransferKind.TIP else line.transfer.reference_id
            for line in lines
        }
        rows = Tip.objects.filter(pk__in=set(tips.values())).values_list(
            "pk", "spender_id", "spender_page_id", "recipient_page_id"
        )
        others = {tip: to if giver == member.pk else by for tip, giver, by, to in rows}
        return {transfer: page for transfer, tip in tips.items() if tip and (page := others.get(tip))}

    def with_page(self, member: User, page: Page) -> Q:
        given = Tip.objects.filter(spender=member, recipient_page=page).values("pk")
        is_mine = Q(recipient=member) | Exists(TipShare.objects.filter(tip=OuterRef("pk"), user=member))
        got = Tip.objects.filter(is_mine, spender_page=page).values("pk")
        back = Q(kind=TransferKind.TIP_REFUND, transfer__reference_id__in=given)
        settled = Q(kind=TransferKind.TIP_SETTLEMENT, transfer__reference_id__in=got)
        return Q(kind=TransferKind.TIP, transfer_id__in=given) | back | settled


class _PaidComments:
    """Comments beyond the free ones: from the comment's page to the post's."""

    kinds: tuple[str, ...] = (TransferKind.COMMENT_FEE,)

    def pages(self, member: User, lines: Sequence[Posting]) -> Mapping[UUID, UUID]:
        rows = Comment.objects.filter(pk__in={line.transfer.reference_id for line in lines}).values_list(
            "pk", "user_id", "page_id", "post__user_id", "post__page_id"
        )
        others = {
            comment: to if writer == member.pk else by
            for comment, writer, by, author, to in rows
            if writer != author  # on one's own post there is no other side
        }
        return {
            line.transfer_id: others[line.transfer.reference_id]
            for line in lines
            if line.transfer.reference_id in others
        }

    def with_page(self, member: User, page: Page) -> Q:
        paid = Comment.objects.filter(Q(user=member, post__page=page) | Q(page=page, post__user=member))
        return Q(transfer__reference_id__in=paid.values("pk"))
