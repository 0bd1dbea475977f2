"""Posts: written, edited, removed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.members.models import Page, User
from accounts.notifications.operations import nudge_after_commit
from config.lib.idempotency import KeyReused
from config.lib.ids import uuid7_at
from config.lib.money import ZERO
from config.lib.refusals import NotThere, Refused, spoken_by_database
from economy.ledger import operations as ledger
from economy.ledger.models import Fund, Transfer, TransferKind
from economy.rewards import operations as rewards
from social.feed import extras, queries, rules
from social.feed.models import Post
from social.feed.operations.editions import keep_edition
from social.feed.operations.words import keep_words, understand
from social.feed.operations.writing import must_act, note_removal, one_at_a_time, page_of, usable, usable_title
from social.feed.rewards import FIRST_POST

REPEAT_AFTER = timedelta(hours=24)


class DuplicatePost(Refused):
    """The account has said the same within a day."""

    slug = "duplicate-post"
    status = 409
    title = _("Said already")
    sentence = _("You have posted the same words within the last 24 hours. Say something new.")
    field = "content"


def write_post(
    *,
    author: User,
    content: str,
    channel: Transfer.Channel,
    at: datetime,
    page: Page | None = None,
    title: str = "",
    key: str | None = None,
    carrying: Mapping[str, Any] | None = None,
) -> Post:
    """Publish a post, 1–2,000 characters, as one of the author's pages.

    Soon after one's last it costs RAPID_POST_FEE and more (`rules.rapid_post_fee`). A key writes at most one post.
    `carrying` holds the values of its extras (`social.feed.extras`) by name. May refuse with NotAllowed, NotThere
    (another's page), UnusableText, DuplicatePost, NotEnoughCoins, KeyReused, and with what an extra refuses.
    """
    must_act(author)
    page = page_of(author, page)
    content, title = usable(content, most=rules.LONGEST_POST), usable_title(title)
    words = understand(content)
    with spoken_by_database(), transaction.atomic():
        # Two at once would both find no post of a minute ago, and no twin of theirs.
        one_at_a_time(author)
        if key is not None:
            first = Post.objects.select_related("page").filter(user=author, key=key).first()
            if first is not None:
                return _again(first, page=page, content=content, title=title)
        _refuse_repeat(author, content, at)
        extras.prepare_all(author=author, values=carrying or {})
        fee = queries.price_of_next_post(author=author, at=at)
        post = Post(
            id=uuid7_at(at),
            created_at=at,
            page=page,
            user=author,
            title=title,
            content=content,
            content_hash=rules.hash_of(content),
            html=words.html,
            queue_entered_at=at,
            visibility_score=rules.visibility_score(standing=ZERO, comments=0, born=at),
            key=key,
        )
        if fee > ZERO:
            ledger.move(
                kind=TransferKind.POST_FEE,
                at=at,
                wallets=[(author.wallet.pk, -fee)],
                funds=[(Fund.TREASURY, fee)],
                actor=author.pk,
                channel=channel,
                reference=("post", post.pk),
            )
        # Removed posts count: whoever takes the first one away has had the first one.
        is_first = not Post.objects.filter(user=author).exists()
        post.save(force_insert=True)
        author.last_posted_at = at  # as the trigger has it
        extras.attach_all(post=post, author=author, values=carrying or {}, channel=channel, at=at)
        if is_first:
            rewards.owe(trigger=FIRST_POST, member=author, cause=("post", post.pk), length=len(content), at=at)
        keep_words(post, words, at=at)
    return post


def edit_post(
    *, editor: User, post_id: UUID, at: datetime, content: str | None = None, title: str | None = None
) -> Post:
    """Change one's own post; what is not given stays.

    In its first EDIT_FREE_MINUTES that leaves no trace but `edited_at`; later it is marked, and the words before stay
    readable. May refuse with NotAllowed, NotThere, UnusableText, DuplicatePost.
    """
    must_act(editor)
    changes: dict[str, Any] = {}
    if content is not None:
        changes["content"] = usable(content, most=rules.LONGEST_POST)
        changes["content_hash"] = rules.hash_of(changes["content"])
    if title is not None:
        changes["title"] = usable_title(title)
    with spoken_by_database(), transaction.atomic():
        one_at_a_time(editor)
        posts = Post.objects.select_for_update(no_key=True, of=("self",)).select_related("page")
        post = posts.filter(pk=post_id, user=editor, deleted_at=None).first()
        if post is None:
            raise NotThere()
        if changes.get("content_hash", post.content_hash) != post.content_hash:
            _refuse_repeat(editor, changes["content"], at, besides=post)
        if any(getattr(post, name) != value for name, value in changes.items()):
            words = understand(changes.get("content", post.content))
            changes |= {"edited_at": at, "html": words.html, "is_edited": keep_edition(post, at=at) or post.is_edited}
            for name, value in changes.items():
                setattr(post, name, value)
            post.save(update_fields=list(changes))
            post.refresh_from_db(fields=["updated_at"])
            keep_words(post, words, at=at, is_new=False)
    return post


def remove_post(
    *,
    remover: User,
    post_id: UUID,
    at: datetime,
    reason: str = "",
    channel: Transfer.Channel = Transfer.Channel.WEB,
) -> None:
    """Take a post out of sight, by its author or a moderator; tips inside their window go back to their givers.

    Its comments and their tips stay as they are; a reward for it goes back. What a moderator removes is kept with the
    `reason`. May refuse with NotAllowed, NotThere.
    """
    must_act(remover)
    with spoken_by_database(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT social_remove_and_tell(%s::timestamptz, %s::uuid, %s::boolean, %s::uuid, NULL::uuid, %s::text)",
            [at, remover.pk, remover.is_staff, post_id, str(channel)],
        )
        rewards.withdraw(cause=("post", post_id), at=at)
        note_removal(Post.objects.get(pk=post_id), remover=remover, reason=reason, channel=channel, at=at)
    nudge_after_commit()  # of those whose tips came back


def _refuse_repeat(author: User, content: str, at: datetime, *, besides: Post | None = None) -> None:
    """A removed post counts: removing one is not a way to say the same again and again."""
    same = Post.objects.filter(user=author, content_hash=rules.hash_of(content), created_at__gt=at - REPEAT_AFTER)
    if besides is not None:
        same = same.exclude(pk=besides.pk)
    if same.exists():
        raise DuplicatePost()


def _again(first: Post, *, page: Page, content: str, title: str) -> Post:
    if (first.page_id, first.content_hash, first.title) != (page.pk, rules.hash_of(content), title):
        raise KeyReused()
    return first
