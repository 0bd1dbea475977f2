"""What the feed adds to a copy of a member's data."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from accounts.departures import parts
from accounts.departures.takeaway import values
from accounts.members.models import User
from social.feed.models import Comment, CommentEdition, Follow, Post, PostEdition, Tip, TipShare


def register() -> None:
    """Add the parts; called from `ready()`."""
    for name, says, rows in (
        ("posts", "Your posts, removed ones included.", _posts),
        ("comments", "Your comments, removed ones included.", _comments),
        ("post-editions", "What your posts said before you changed them.", _post_editions),
        ("comment-editions", "What your comments said before you changed them.", _comment_editions),
        ("tips-given", "Tips you gave, and what became of them.", _tips_given),
        ("tips-received", "Tips on what you wrote; who gave them is theirs.", _tips_received),
        ("tips-shared", "Your shares of tips on posts that you have a part in.", _tips_shared),
        ("follows", "Pages that you follow.", _follows),
    ):
        parts.register(name, rows, says=says)


def _posts(member: User) -> Iterable[dict[str, Any]]:
    return values(
        Post.objects.filter(user=member).order_by("id"),
        "id",
        "title",
        "content",
        "status",
        "created_at",
        "edited_at",
        "deleted_at",
        "total_tokens_received",
        "unique_spenders_count",
        "comments_count",
        "views_count",
        username=F("page__username"),
    )


def _comments(member: User) -> Iterable[dict[str, Any]]:
    return values(
        Comment.objects.filter(user=member).order_by("id"),
        "id",
        "post_id",
        "parent_id",
        "content",
        "created_at",
        "edited_at",
        "deleted_at",
        "total_tokens_received",
        "was_free",
        "token_cost",
        username=F("page__username"),
    )


def _post_editions(member: User) -> Iterable[dict[str, Any]]:
    rows = PostEdition.objects.filter(post__user=member).order_by("id")
    return values(rows, "post_id", "title", "content", replaced_at=F("created_at"))


def _comment_editions(member: User) -> Iterable[dict[str, Any]]:
    rows = CommentEdition.objects.filter(comment__user=member).order_by("id")
    return values(rows, "comment_id", "content", replaced_at=F("created_at"))


def _tips_given(member: User) -> Iterable[dict[str, Any]]:
    rows = Tip.objects.filter(spender=member).order_by("id")
    return values(rows, "id", "post_id", "comment_id", "amount", "created_at", "unliked_at", "settled_at")


def _tips_received(member: User) -> Iterable[dict[str, Any]]:
    rows = Tip.objects.filter(recipient=member).order_by("id")
    return values(rows, "id", "post_id", "comment_id", "amount", "to_creator", "created_at", "unliked_at", "settled_at")


def _tips_shared(member: User) -> Iterable[dict[str, Any]]:
    rows = TipShare.objects.filter(user=member).order_by("id")
    given = {"post_id": F("tip__post_id"), "unliked_at": F("tip__unliked_at"), "settled_at": F("tip__settled_at")}
    return values(rows, "id", "coins", "created_at", **given)


def _follows(member: User) -> Iterable[dict[str, Any]]:
    return values(Follow.objects.filter(follower=member), "created_at", username=F("page__username"))
