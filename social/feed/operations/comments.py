"""Comments: written, edited, removed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.members.boundaries import must_not_keep_apart
from accounts.members.models import Page, User
from accounts.members.operations import use_free_comment
from accounts.notifications.operations import Owed, nudge_after_commit, owe_notices
from accounts.wallets.models import Wallet
from config.lib.idempotency import KeyReused
from config.lib.ids import uuid7_at
from config.lib.limits import counted
from config.lib.money import ZERO
from config.lib.refusals import NotThere, spoken_by_database
from config.lib.runtime import figures
from economy.ledger import operations as ledger
from economy.ledger.models import Fund, Transfer, TransferKind
from economy.ledger.slowly import NewMemberLimit, coins_of_a_day, goes_slowly
from social.feed import queries, rules
from social.feed.models import Comment, Post
from social.feed.operations.editions import keep_edition
from social.feed.operations.words import keep_words, understand
from social.feed.operations.writing import keep_target, must_act, note_removal, one_at_a_time, page_of, usable


def write_comment(
    *,
    author: User,
    post_id: UUID,
    content: str,
    channel: Transfer.Channel,
    at: datetime,
    page: Page | None = None,
    parent_id: UUID | None = None,
    key: str | None = None,
) -> Comment:
    """Answer a post or a comment on it, 1–1,000 characters.

    The first FREE_COMMENTS_PER_DAY of a UTC day are free, others cost COMMENT_FEE, which goes to the post's author, the
    treasury and out of the world. A key writes at most one comment. May refuse with NotAllowed, NotThere, UnusableText,
    Blocked (by whoever wrote the post or the answered comment, or of them), NotEnoughCoins, KeyReused, NewMemberLimit.
    """
    must_act(author)
    page = page_of(author, page)
    content = usable(content, most=rules.LONGEST_COMMENT)
    words = understand(content)
    with spoken_by_database(), transaction.atomic():
        # A retry waits here for the first attempt and then finds its comment.
        one_at_a_time(author)
        if key is not None:
            first = Comment.objects.select_related("page").filter(user=author, key=key).first()
            if first is not None:
                return _again(first, page=page, post_id=post_id, parent_id=parent_id, content=content)
        # Nobody pays for words under a post that is being removed.
        keep_target(post_id)
        post = queries.post_for(author, post_id)
        parent = _parent_on(post, parent_id)
        must_not_keep_apart(author.pk, post.user_id, *([parent.user_id] if parent else []))
        settings = figures()
        comment = Comment(
            id=uuid7_at(at),
            created_at=at,
            post=post,
            page=page,
            user=author,
            parent=parent,
            root_id=None if parent is None else parent.root_id or parent.pk,
            thread_depth=0 if parent is None else parent.thread_depth + 1,
            content=content,
            html=words.html,
            was_free=use_free_comment(member=author, at=at, allowance=settings.FREE_COMMENTS_PER_DAY),
            key=key,
        )
        if not comment.was_free:
            comment.token_cost = settings.COMMENT_FEE
            _charge(comment, post, settings, channel)
        comment.save(force_insert=True)
        heard = _heard_of(comment)
        owe_notices(heard, at=at)
        keep_words(comment, words, at=at, told={owed.user_id for owed in heard})
    return comment


def edit_comment(*, editor: User, comment_id: UUID, at: datetime, content: str | None = None) -> Comment:
    """Change one's own comment; words that are not given stay. Marked after EDIT_FREE_MINUTES, as a post is.

    May refuse with NotAllowed, NotThere, UnusableText.
    """
    must_act(editor)
    if content is not None:
        content = usable(content, most=rules.LONGEST_COMMENT)
    with spoken_by_database(), transaction.atomic():
        one_at_a_time(editor)
        comments = Comment.objects.select_for_update(no_key=True, of=("self",)).select_related("page")
        comment = comments.filter(pk=comment_id, user=editor, deleted_at=None).first()
        if comment is None:
            raise NotThere()
        if content is not None and comment.content != content:
            words = understand(content)
            comment.is_edited = keep_edition(comment, at=at) or comment.is_edited
            comment.content, comment.html, comment.edited_at = content, words.html, at
            comment.save(update_fields=["content", "html", "is_edited", "edited_at"])
            comment.refresh_from_db(fields=["updated_at"])
            keep_words(comment, words, at=at, is_new=False)
    return comment


def remove_comment(
    *,
    remover: User,
    comment_id: UUID,
    at: datetime,
    reason: str = "",
    channel: Transfer.Channel = Transfer.Channel.WEB,
) -> None:
    """Take a comment out of sight, by its author or a moderator; its tips inside their window go back to their givers.

    The answers to it stay, and so does what it cost. What a moderator removes is kept with the `reason`. May refuse
    with NotAllowed, NotThere.
    """
    must_act(remover)
    with spoken_by_database(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT social_remove_and_tell(%s::timestamptz, %s::uuid, %s::boolean, NULL::uuid, %s::uuid, %s::text)",
            [at, remover.pk, remover.is_staff, comment_id, str(channel)],
        )
        note_removal(Comment.objects.get(pk=comment_id), remover=remover, reason=reason, channel=channel, at=at)
    nudge_after_commit()  # of those whose tips came back


def _parent_on(post: Post, parent_id: UUID | None) -> Comment | None:
    if parent_id is None:
        return None
    parent = Comment.objects.filter(pk=parent_id, post=post, deleted_at=None).first()
    if parent is None:
        raise NotThere()
    return parent


def _heard_of(comment: Comment) -> list[Owed]:
    """Who is to hear of a comment: who wrote what it answers, who wrote the post. Each once, nobody of their own."""
    post, parent = comment.post, comment.parent
    data = {"comment": str(comment.pk)}
    owed = []
    if parent is not None and parent.user_id != comment.user_id:
        owed.append(Owed(parent.user_id, "reply", comment.page, ("comment", parent.pk), data=data))
    is_told = parent is not None and parent.user_id == post.user_id
    if post.user_id != comment.user_id and not is_told:
        owed.append(Owed(post.user_id, "comment", comment.page, ("post", post.pk), data=data))
    return owed


def _charge(comment: Comment, post: Post, settings: Any, channel: Transfer.Channel) -> None:
    """Move the price from the commenter to the post's author, the treasury and out of the world."""
    fee = queries.split_of_comment(settings, is_own_post=post.user_id == comment.user_id)
    price = fee.to_author + fee.to_treasury + fee.burned
    if price == ZERO:
        return
    with _counted(comment, price, settings):
        _move(comment, post, fee, price, channel)


@contextmanager
def _counted(comment: Comment, price: Decimal, settings: Any) -> Iterator[None]:
    """Count a price against what new members, and those whose coins are held, may let go of in a day."""
    if not goes_slowly(comment.user, settings, at=comment.created_at):
        yield
        return
    coins = coins_of_a_day(comment.user, price, settings)
    with counted(coins, refuse=NewMemberLimit, coins=settings.NEW_MEMBER_TIP_COINS_PER_DAY):
        yield


def _move(comment: Comment, post: Post, fee: Any, price: Decimal, channel: Transfer.Channel) -> None:
    wallets = [(comment.user.wallet.pk, -price)]
    if fee.to_author > ZERO:
        wallets.append((Wallet.objects.values_list("pk", flat=True).get(user_id=post.user_id), fee.to_author))
    ledger.move(
        kind=TransferKind.COMMENT_FEE,
        at=comment.created_at,
        wallets=wallets,
        funds=[(Fund.TREASURY, fee.to_treasury), (Fund.BURNED, fee.burned)],
        actor=comment.user_id,
        channel=channel,
        reference=("comment", comment.pk),
    )


def _again(first: Comment, *, page: Page, post_id: UUID, parent_id: UUID | None, content: str) -> Comment:
    if (first.page_id, first.post_id, first.parent_id, first.content) != (page.pk, post_id, parent_id, content):
        raise KeyReused()
    return first
