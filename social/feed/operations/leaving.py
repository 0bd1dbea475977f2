"""What happens to the words of members who leave for good."""

from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.departures.forgetting import Leaving
from accounts.members.models import User
from config.lib.refusals import spoken_by_database
from economy.ledger.models import Transfer
from social.feed.models import Comment, CommentEdition, Follow, Mention, Post, PostEdition
from social.feed.operations.words import render_again
from social.hashtags.models import PostTag

_AT_ONCE = 100
_BLANK = "\u2013"  # a text has at least one character


def forget_words(leaving: Leaving) -> bool:
    """A step of erasing a member: follows end, what they chose to remove goes, what was removed before is blanked.

    Of what stays, only the last words stay; and where others have named a page of theirs, the name is no link any more.
    A hundred texts at a time; whether more are left. Tips on them that are inside their window go back to their givers.
    """
    member = leaving.member
    Follow.objects.filter(Q(follower=member) | Q(page__user=member)).delete()
    if leaving.removes_writing:
        removed = _remove(leaving, Post, "%s::uuid, NULL::uuid") or _remove(leaving, Comment, "NULL::uuid, %s::uuid")
        if removed:
            return True
    if _forget_mentions(member) or _forget_editions(member):
        return True
    gone = ~Q(deleted_at=None) | Q(status=Post.Status.DRAFT)
    posts = Post.objects.filter(gone, user=member).exclude(content=_BLANK)
    comments = Comment.objects.filter(user=member, deleted_at__isnull=False).exclude(content=_BLANK)
    blank = {"content": _BLANK, "html": ""}
    PostTag.objects.filter(post__in=_some(posts)).delete()
    blanked = _some(posts).update(title="", content_hash="", **blank) or _some(comments).update(**blank)
    return bool(blanked)


def _forget_mentions(member: User) -> int:
    some = list(Mention.objects.filter(page__user=member).order_by("id")[:_AT_ONCE])
    render_again(Post.objects.filter(pk__in=[mention.post_id for mention in some if mention.post_id]))
    render_again(Comment.objects.filter(pk__in=[mention.comment_id for mention in some if mention.comment_id]))
    return Mention.objects.filter(pk__in=[mention.pk for mention in some]).delete()[0]


def _forget_editions(member: User) -> int:
    posts = _some(PostEdition.objects.filter(post__user=member)).delete()[0]
    return posts or _some(CommentEdition.objects.filter(comment__user=member)).delete()[0]


def _remove(leaving: Leaving, kind: Any, targets: str) -> int:
    ids = list(
        kind.objects.filter(user=leaving.member, deleted_at=None).order_by("id").values_list("pk", flat=True)[:_AT_ONCE]
    )
    for pk in ids:
        with spoken_by_database(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT social_remove_and_tell(%s::timestamptz, %s::uuid, false, {targets}, %s::text)",
                [leaving.at, leaving.member.pk, pk, str(Transfer.Channel.JOB)],
            )
    return len(ids)


def _some(rows: Any) -> Any:
    return rows.model.objects.filter(pk__in=list(rows.order_by("id").values_list("pk", flat=True)[:_AT_ONCE]))
