"""Reads of the feed. Each list costs a fixed number of queries, however long it is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Func, OuterRef, Prefetch, Q, QuerySet, Sum

from accounts.members import queries as members
from accounts.members.boundaries import leave_out
from accounts.members.models import Page, User
from config.lib.money import ZERO
from config.lib.pagination import Gathered, Keyset
from config.lib.refusals import NotThere
from config.lib.runtime import figures
from social.feed import rules
from social.feed.models import Comment, Follow, Post, PostQuerySet, Tip

HOT = Keyset("queue_level", "-visibility_score", "-id")
NEWEST = Keyset("-id")
TRENDING = Keyset("-trend_score", "-id")
GEMS = Keyset("-gem_score", "-id")

# The chain of rapid posts is read this far back: long before its end the price is more than anybody has.
_LONGEST_CHAIN = 64


# -- Lists of posts: members and visitors alike, without what the reader keeps away (`for_reader`) ----------------


def hot_feed(reader: Any) -> QuerySet[Post]:
    """Posts on the hot and warm levels; slice it with HOT."""
    return Post.objects.for_reader(reader).hot()


def trending_feed(reader: Any, *, at: datetime) -> QuerySet[Post]:
    """Posts that coins reach at present, the fastest first; slice it with TRENDING."""
    least = rules.trend_score(rules.Velocity(rules.TREND_LEAST, at))
    return Post.objects.for_reader(reader).filter(trend_score__gte=least)


def new_feed(reader: Any) -> QuerySet[Post]:
    """All posts; slice it with NEWEST."""
    return Post.objects.for_reader(reader)


def gems_feed(reader: Any) -> QuerySet[Post]:
    """Posts on the cold level and in the archive, well tipped for how few have seen them; slice it with GEMS."""
    return Post.objects.for_reader(reader).gems()


def following_feed(reader: Any) -> QuerySet[Post] | Gathered:
    """Posts of the pages that the reader follows, muted ones aside; slice it with NEWEST.

    Of each page no more are read than are shown at once, however much it has written.
    """
    if not reader.is_authenticated:
        return Post.objects.none()
    posts = Post.objects.for_reader(reader, whatever_standing=True)

    def gather(narrow: Callable[[QuerySet[Any]], QuerySet[Any]]) -> QuerySet[Post]:
        of_a_page = ArraySubquery(narrow(posts.filter(page=OuterRef("page"))).values("pk"))
        newest = Follow.objects.filter(follower=reader).values_list(Func(of_a_page, function="unnest"))
        return posts.filter(pk__in=narrow(Post.objects.filter(pk__in=newest)).values("pk"))

    return Gathered(Post, gather)


def posts_of(page: Page, reader: Any) -> QuerySet[Post]:
    """Posts of one page, shown even when it is muted: whoever goes there wants to see them. Slice it with NEWEST."""
    return Post.objects.for_reader(reader, is_chosen=True).filter(page=page)


def pinned_on(page: Page, reader: Any) -> Post | None:
    """The post that stands first on a page."""
    return posts_of(page, reader).filter(pinned_at__isnull=False).first()


def post_for(reader: Any, post_id: UUID) -> Post:
    """One post with its page. May refuse with NotThere."""
    post = _shown_to(reader).filter(pk=post_id).first()
    if post is None:
        raise NotThere()
    return post


def quoted_in(post: Post, reader: Any) -> list[Post]:
    """The posts that a post's words link to, without what the reader may not see or keeps away. One query, and one for
    members' boundaries; at most three posts.
    """
    quoted = Post.objects.for_reader(reader, whatever_standing=True).filter(quoted_by__post=post)
    return list(quoted.order_by("quoted_by__id"))


def _shown_to(reader: Any) -> PostQuerySet:
    return Post.objects.visible_to(reader).select_related("page")


# -- Comments -----------------------------------------------------------------------------------------------------


def comment_for(reader: Any, comment_id: UUID) -> Comment:
    """One comment that is still there and shown, on a post that the reader may see. May refuse with NotThere."""
    return _one_of(Comment.objects.of_shown(), reader, comment_id)


def comment_to_change(member: User, comment_id: UUID) -> Comment:
    """The same for whoever would edit or remove it: its writer and moderators find it after its page was closed too.

    May refuse with NotThere.
    """
    comments = Comment.objects.visible().filter(user__status__in=User.SHOWN)
    if not member.is_staff:
        comments = comments.filter(Q(page__is_active=True) | Q(user=member))
    return _one_of(comments, member, comment_id)


def _one_of(comments: QuerySet[Comment], reader: Any, comment_id: UUID) -> Comment:
    comment = comments.select_related("page", "user", "post__page").filter(pk=comment_id).first()
    if comment is None or not _shown_to(reader).filter(pk=comment.post_id).exists():
        raise NotThere()
    return comment


# -- Tips ---------------------------------------------------------------------------------------------------------


def tips_on(reader: Any, posts: Iterable[Post]) -> dict[UUID, list[Tip]]:
    """The reader's own open tips on posts, newest first, by post. One query; none for visitors."""
    return _tips_by("post_id", reader, [post.pk for post in posts])


def tips_on_comments(reader: Any, comments: Iterable[Comment]) -> dict[UUID, list[Tip]]:
    """The reader's own open tips on comments, newest first, by comment. One query; none for visitors."""
    return _tips_by("comment_id", reader, [comment.pk for comment in comments])


def _tips_by(target: str, reader: Any, targets: Sequence[UUID]) -> dict[UUID, list[Tip]]:
    found: dict[UUID, list[Tip]] = {}
    if not (targets and reader.is_authenticated):
        return found
    given = Tip.objects.filter(spender=reader, unliked_at=None, settled_at=None, **{f"{target}__in": targets})
    for tip in given.order_by("-id"):
        found.setdefault(getattr(tip, target), []).append(tip)
    return found


def given_on(reader: Any, posts: Iterable[Post]) -> dict[UUID, Decimal]:
    """What the reader has tipped posts with and not taken back, by post; TIP_MAX less this is left. One query."""
    targets = [post.pk for post in posts]
    if not (targets and reader.is_authenticated):
        return {}
    given = Tip.objects.filter(spender=reader, post__in=targets, unliked_at=None).values_list("post_id")
    return dict(given.annotate(coins=Sum("amount")))


def left_to_tip(reader: User, target: Post | Comment) -> Decimal:
    """What the reader may still tip a post or comment with: TIP_MAX less what they have not taken back. One query."""
    which = {"comment" if isinstance(target, Comment) else "post": target}
    given = Tip.objects.filter(spender=reader, unliked_at=None, **which).aggregate(coins=Sum("amount"))["coins"]
    return max(figures().TIP_MAX - (given or ZERO), ZERO)


@dataclass(frozen=True)
class Part:
    """What a page gets of a tip."""

    page: Page
    coins: Decimal


def parts_of_tip(target: Post | Comment, to_creator: Decimal, giver: Any) -> list[Part]:
    """What each gets of a creator's share that is given now, the writer first. Two queries for posts with co-authors.

    SQL decides it as the tip is given (social/migrations/0072_apart_and_in_order.sql); a test holds the two together.
    """
    if isinstance(target, Comment) or not target.carries.get("coauthors"):
        return [Part(target.page, to_creator)]
    earning = target.coauthors.filter(answer="YES", user__status=User.Status.ACTIVE, page__is_active=True)
    agreed = leave_out(earning, giver, author="user_id", page=None, text=None)
    sharing = list(agreed.select_related("page").order_by("-share", "id"))
    coins = rules.share_out(to_creator, [row.share for row in sharing])
    theirs = [Part(row.page, part) for row, part in zip(sharing, coins, strict=True) if part > ZERO]
    return [Part(target.page, to_creator - sum(part.coins for part in theirs)), *theirs]


TIPPERS = Keyset("-coins", "spender_page", like={"coins": "amount"})


@dataclass(frozen=True)
class Tipper:
    """A page that has tipped, and with how much in all."""

    page: Page
    coins: Decimal


def tips_by_page(target: Post | Comment, reader: Any) -> QuerySet[Any]:
    """Who has tipped a post or comment and not taken it back, with their sums; slice it with TIPPERS, then `tippers`.

    Without those with whom the reader keeps apart.
    """
    which = {"comment" if isinstance(target, Comment) else "post": target}
    tips = Tip.objects.filter(spender_page__is_active=True, spender__status__in=User.SHOWN, unliked_at=None, **which)
    wanted = leave_out(tips, reader, author="spender_id", page=None, text=None)
    sums = wanted.order_by().values("spender_page").annotate(coins=Sum("amount"))
    return sums.values_list("spender_page", "coins", named=True)


def tippers(rows: Sequence[Any]) -> list[Tipper]:
    """The pages behind a slice of `tips_by_page`. One query."""
    pages = Page.objects.select_related("user").in_bulk([row.spender_page for row in rows])
    return [Tipper(pages[row.spender_page], row.coins) for row in rows]


def tippers_of(post: Post, reader: Any, *, most: int) -> list[Tipper]:
    """The most generous of those who have tipped a post. Two queries, one more for members."""
    return tippers(TIPPERS.slice(tips_by_page(post, reader), size=most).rows)


_WAITING = """
    SELECT coalesce(sum(waiting.coins), 0) FROM (
      SELECT t.to_creator - coalesce((SELECT sum(s.coins) FROM social_tipshare s WHERE s.tip_id = t.id), 0) AS coins
        FROM social_tip t WHERE t.recipient_id = %(member)s AND t.settled_at IS NULL AND t.unliked_at IS NULL
      UNION ALL
      SELECT s.coins FROM social_tipshare s JOIN social_tip t ON t.id = s.tip_id
        WHERE s.user_id = %(member)s AND t.settled_at IS NULL AND t.unliked_at IS NULL
    ) AS waiting
"""


def coins_waiting_for(member: User) -> Decimal:
    """A member's parts, as writer and as co-author, of tips that can still be taken back or wait for settlement."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"member": member.pk})
        return Decimal(cursor.fetchone()[0])


# The stipend reads settled tips through this: giver, receiver, what the receiver got: the writer of a shared post what
# the shares leave, and each co-author theirs.
SETTLED_TIPS = (
    "SELECT t.spender_id, t.recipient_id,"
    " t.to_creator - coalesce((SELECT sum(s.coins) FROM social_tipshare s WHERE s.tip_id = t.id), 0)"
    " FROM social_tip t WHERE t.settled_at >= %(start)s AND t.settled_at < %(end)s"
    " UNION ALL SELECT t.spender_id, s.user_id, s.coins FROM social_tipshare s JOIN social_tip t ON t.id = s.tip_id"
    " WHERE t.settled_at >= %(start)s AND t.settled_at < %(end)s"
)


# -- Counts -------------------------------------------------------------------------------------------------------


def counts() -> dict[str, int]:
    """How many posts and comments there are to be seen."""
    return {
        "posts": Post.objects.filter(deleted_at=None, status=Post.Status.PUBLISHED).count(),
        "comments": Comment.objects.visible().count(),
    }


# -- Follows ------------------------------------------------------------------------------------------------------


def followers_of(page: Page, reader: Any) -> QuerySet[Follow]:
    """Who follows a page, without those with whom the reader keeps apart; slice it with NEWEST.

    Each row's `follower.primary_pages` holds the one page to show.
    """
    primary = Prefetch("follower__pages", Page.objects.filter(is_primary=True), to_attr="primary_pages")
    followers = Follow.objects.filter(page=page, follower__status__in=User.SHOWN)
    wanted = leave_out(followers, reader, author="follower_id", page=None, text=None)
    return wanted.select_related("follower").prefetch_related(primary)


def followed_among(reader: Any, pages: Iterable[Page]) -> set[UUID]:
    """Which of the pages the reader follows. One query; none for visitors."""
    wanted = [page.pk for page in pages]
    if not (wanted and reader.is_authenticated):
        return set()
    return set(Follow.objects.filter(follower=reader, page__in=wanted).values_list("page_id", flat=True))


# -- Prices -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CommentPrice:
    """What the next comment would cost: nothing while `free_left` is above 0, else `fee`, split in three."""

    free_left: int
    fee: Decimal
    to_author: Decimal
    to_treasury: Decimal
    burned: Decimal


def price_of_next_comment(*, author: User, post: Post, at: datetime) -> CommentPrice:
    """The price of the author's next comment on a post."""
    settings = figures()
    split = split_of_comment(settings, is_own_post=post.user_id == author.pk)
    return CommentPrice(
        free_left=members.free_comments_left(member=author, at=at, allowance=settings.FREE_COMMENTS_PER_DAY),
        fee=settings.COMMENT_FEE,
        to_author=split.to_author,
        to_treasury=split.to_treasury,
        burned=split.burned,
    )


def split_of_comment(settings: Any, *, is_own_post: bool) -> rules.CommentFee:
    """COMMENT_FEE by the shares of the settings."""
    return rules.split_comment_fee(
        settings.COMMENT_FEE,
        author_share=settings.COMMENT_AUTHOR_SHARE,
        treasury_share=settings.COMMENT_TREASURY_SHARE,
        is_own_post=is_own_post,
    )


def price_of_next_post(*, author: User, at: datetime) -> Decimal:
    """What a post of the author would cost now; 0.00 when it is not a rapid one."""
    settings = figures()
    moments = Post.objects.filter(user=author).order_by("-id").values_list("created_at", flat=True)
    return rules.rapid_post_fee(
        list(moments[:_LONGEST_CHAIN]),
        at=at,
        fee=settings.RAPID_POST_FEE,
        within=timedelta(minutes=settings.RAPID_POST_MINUTES),
    )
