"""Tips: given, taken back, settled. Each is one call of a SQL function (migrations/0004_feed.sql)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.members.models import Page, User
from accounts.notifications.operations import nudge_after_commit
from config.lib.calls import one_row
from config.lib.limits import Limit, Taken, counted
from config.lib.refusals import Refused, TooMany, spoken_by_database
from config.lib.runtime import figures
from economy.ledger.models import Transfer
from economy.ledger.slowly import coins_of_a_day, goes_slowly
from economy.observatory.operations import note_job
from social.feed import rules
from social.feed.models import Tip
from social.feed.operations.writing import must_act, page_of

DAY = 86400


class TipTooSmall(Refused):
    """Less than TIP_MIN."""

    slug = "tip-limit"
    title = _("Too small a tip")
    sentence = _("A tip is at least %(least)s coins.")
    field = "amount"


class TipLimitReached(Refused):
    """TIP_MAX per member and target, all tips together."""

    slug = "tip-limit"
    title = _("Tip limit reached")
    sentence = _("All your tips on this may add up to %(most)s coins; %(left)s are left.")
    field = "amount"
    sqlstate = "CV511"


class OwnContent(Refused):
    """The spender wrote it, as this page or as another one of theirs."""

    slug = "own-content"
    title = _("That is yours")
    sentence = _("You cannot tip what you have written yourself.")
    sqlstate = "CV510"


class SharedContent(OwnContent):
    """The spender has agreed to share in its tips."""

    sentence = _("You share in the tips of this, so you cannot tip it.")
    sqlstate = "CV519"


class NotTippable(Refused):
    """Its writer may not earn at present."""

    slug = "not-tippable"
    title = _("No tips here")
    sentence = _("Whoever wrote this is suspended or has left, and cannot be tipped.")
    sqlstate = "CV514"


class RefundWindowOver(Refused):
    """REFUND_WINDOW_HOURS have passed since the tip."""

    slug = "refund-window-over"
    title = _("Too late")
    sentence = _("The time in which this tip could be taken back is over.")
    sqlstate = "CV512"


class TipResolved(Refused):
    """It went back, or was settled, before."""

    slug = "tip-resolved"
    status = 409
    title = _("Done already")
    sentence = _("This tip has been taken back or settled already.")
    sqlstate = "CV513"


class TooManyTips(TooMany):
    """TIPS_PER_MINUTE or TIPS_PER_DAY."""

    slug = "too-many-tips"
    sentence = _("That were many tips in a short time. You can give the next one in %(wait)s.")
    sqlstate = "CV518"


class NewMemberTips(TooMany):
    """What a new member may tip in a day, or whoever's number changed lately."""

    slug = "new-member-limit"
    title = _("Slowly at first")
    sentence = _("In the first days here, tips are %(tips)s a day and %(coins)s coins. The next one is in %(wait)s.")


class TooManyTakeBacks(TooMany):
    """TAKE_BACKS_PER_DAY."""

    slug = "too-many-take-backs"
    sentence = _("You can take back %(most)s tips a day. The next one is in %(wait)s.")


def tip_post(
    *,
    spender: User,
    post_id: UUID,
    coins: Decimal,
    channel: Transfer.Channel,
    at: datetime,
    page: Page | None = None,
    key: str | None = None,
) -> Tip:
    """Tip a post; the coins wait in the content fund for REFUND_WINDOW_HOURS.

    A key tips at most once and finds its tip again. May refuse with NotAllowed, NotThere, TipTooSmall, TipLimitReached,
    OwnContent, SharedContent, NotTippable, NotEnoughCoins, KeyReused, TooManyTips, NewMemberTips.
    """
    return _tip(
        spender=spender, page=page, post_id=post_id, comment_id=None, coins=coins, channel=channel, key=key, at=at
    )


def tip_comment(
    *,
    spender: User,
    comment_id: UUID,
    coins: Decimal,
    channel: Transfer.Channel,
    at: datetime,
    page: Page | None = None,
    key: str | None = None,
) -> Tip:
    """Tip a comment, as `tip_post` does a post."""
    return _tip(
        spender=spender, page=page, post_id=None, comment_id=comment_id, coins=coins, channel=channel, key=key, at=at
    )


def take_back(*, spender: User, tip_id: UUID, channel: Transfer.Channel, at: datetime) -> Tip:
    """Take one's own tip back inside its window, all of it.

    May refuse with NotAllowed, NotThere, RefundWindowOver, TipResolved, TooManyTakeBacks.
    """
    must_act(spender)
    most = figures().TAKE_BACKS_PER_DAY
    with counted(Limit("take-backs", str(spender.pk), most, DAY), refuse=TooManyTakeBacks, most=most):
        return _one_tip(
            f"SELECT {_COLUMNS} FROM social_take_back(%s::timestamptz, %s::uuid, %s::uuid, %s::text) AS t",  # noqa: S608
            [at, spender.pk, tip_id, str(channel)],
        )


def settle_tips(*, at: datetime, chunk: int = 5000) -> int:
    """Settle every tip whose window is over: shares to creators and treasury, the rest burned. How many were settled.

    A creator's share is divided with the co-authors of the post as it was when the tip was given. Of what each gets
    VAULT_RATE waits in the vault for VAULT_DAYS.

    Chunks commit one by one, so a crash loses at most the chunk at hand, which the next run settles. Safe to run twice
    at once: the chunks of both pass one after the other, and each tip is settled by one of them.
    """
    _count_left()
    now = figures()
    settled = 0
    while True:
        with spoken_by_database(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT social_settle_tips(%s::timestamptz, %s::integer, %s::numeric,"
                " make_interval(days => %s::integer))",
                [at, chunk, now.VAULT_RATE, now.VAULT_DAYS],
            )
            some = cursor.fetchone()[0]
        if not some:
            note_job(name="settlement", at=at)
            return settled
        settled += some


def _count_left(most: int = 1000) -> None:
    """Count the tips that a crash between a tip and its figures has left uncounted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT social_count_left(%s::integer)", [most])


_FIELDS = [field.attname for field in Tip._meta.concrete_fields]
_COLUMNS = ", ".join(f"t.{name}" for name in _FIELDS)
_ALONE = (
    "CALL social_tip_alone(%s::timestamptz, %s::uuid, %s::uuid, %s::uuid, %s::uuid, %s::numeric, %s::numeric,"
    " %s::numeric, %s::numeric, %s::numeric, %s::interval, %s::text, %s::text, %s::integer, %s::integer,"
    f" {', '.join(['NULL'] * len(_FIELDS))})"
)
_WITHIN = (
    f"SELECT {_COLUMNS} FROM social_give_tip(%s::timestamptz, %s::uuid, %s::uuid, %s::uuid, %s::uuid, %s::numeric,"  # noqa: S608
    " %s::numeric, %s::numeric, %s::numeric, %s::numeric, %s::interval, %s::text, %s::text, false,"
    " %s::integer, %s::integer) AS g CROSS JOIN LATERAL (SELECT (g.tip).*) AS t"
)


def _tip(
    *,
    spender: User,
    page: Page | None,
    post_id: UUID | None,
    comment_id: UUID | None,
    coins: Decimal,
    channel: Transfer.Channel,
    key: str | None,
    at: datetime,
) -> Tip:
    must_act(spender)
    # Without a page the function takes the primary one, which saves the look-up here.
    page_id = None if page is None else page_of(spender, page).pk
    settings = figures()
    if coins < settings.TIP_MIN:
        raise TipTooSmall(least=str(settings.TIP_MIN))
    split = rules.split_tip(coins, creator_share=settings.TIP_CREATOR_SHARE, treasury_share=settings.TIP_TREASURY_SHARE)
    # Only a tip that is a transaction of its own may commit on the way.
    is_alone = connection.get_autocommit() and not connection.in_atomic_block
    values = [
        at,
        spender.pk,
        page_id,
        post_id,
        comment_id,
        coins,
        split.to_creator,
        split.to_treasury,
        split.burned,
        settings.TIP_MAX,
        timedelta(hours=settings.REFUND_WINDOW_HOURS),
        str(channel),
        key,
        settings.TIPS_PER_MINUTE,
        settings.TIPS_PER_DAY,
    ]
    with _slowly(spender, coins, settings, at) as taken:
        tip = _one_tip(_ALONE if is_alone else _WITHIN, values)
        if tip.created_at != at:
            taken.give_back()  # found again under its key
    # Whoever was tipped is owed a notice by the tip's own statement (migrations/0009_tips_are_told.sql).
    nudge_after_commit()
    return tip


@contextmanager
def _slowly(spender: User, coins: Decimal, settings: Any, at: datetime) -> Iterator[Taken]:
    """Count what a new member tips in a day, which is less than others may.

    Whoever's number changed lately counts as new as well: tips are a way out for coins that are held.
    """
    tips, most = settings.NEW_MEMBER_TIPS_PER_DAY, settings.NEW_MEMBER_TIP_COINS_PER_DAY
    few = []
    if goes_slowly(spender, settings, at=at):
        few = [Limit("new-member-tips", str(spender.pk), tips, DAY), coins_of_a_day(spender, coins, settings)]
    with counted(*few, refuse=NewMemberTips, tips=tips, coins=most) as taken:
        yield taken


def _one_tip(call: str, values: list[Any]) -> Tip:
    """Run a function that answers with a tip, its columns in the order of the model's."""
    with spoken_by_database():
        return Tip.from_db(connection.alias, _FIELDS, one_row(call, values))
