"""Bounties: promised with a post, paid for an answer, given back.

Coins move in SQL (migrations/0062_bounties.sql, 0077_bounties_of_a_day.sql).
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.members.models import User
from accounts.members.operations import must_act
from accounts.notifications.operations import nudge_after_commit
from config.lib.calls import one_row
from config.lib.limits import counted
from config.lib.money import CENT
from config.lib.refusals import Refused, spoken_by_database
from config.lib.runtime import figures
from economy.ledger.models import Transfer
from economy.ledger.operations import lock_wallets, must_not_be_held
from economy.ledger.slowly import NewMemberLimit, coins_of_a_day, goes_slowly
from social.bounties import rules
from social.bounties.models import Bounty
from social.feed.models import Post


class NoBounties(Refused):
    """By BOUNTY_MAX, GIFT_DAILY_MAX or BOUNTIES_OPEN the community does without bounties."""

    slug = "no-bounties"
    title = _("No bounties here")
    sentence = _("There are no bounties here at present.")
    field = "amount"


class BountyOutOfBounds(Refused):
    """Less than BOUNTY_MIN, or more than BOUNTY_MAX or than one may give away in a day."""

    slug = "bounty-limit"
    title = _("Too small or too large")
    sentence = _("A bounty is %(least)s to %(most)s coins.")
    field = "amount"


class TooManyBounties(Refused):
    """BOUNTIES_OPEN bounties of the member are open."""

    slug = "bounties-open"
    title = _("Enough bounties for now")
    sentence = _("You can have %(most)s bounties open at a time. Choose an answer to one of them, or wait for its end.")
    sqlstate = "CV535"
    field = "amount"


class BountyTime(Refused):
    """Shorter than a day, or longer than thirty."""

    slug = "bounty-time"
    title = _("Too short or too long")
    sentence = _("A bounty waits 1 to 30 days for an answer.")
    field = "days"


class OwnAnswer(Refused):
    """The answer is by whoever put the coins in, as this page or another one of theirs."""

    slug = "own-answer"
    title = _("That is yours")
    sentence = _("A bounty goes to somebody else's answer.")
    sqlstate = "CV531"


class BountyResolved(Refused):
    """It was paid for another answer, or went back."""

    slug = "bounty-resolved"
    status = 409
    title = _("Done already")
    sentence = _("This bounty has been paid or has gone back already.")
    sqlstate = "CV532"


class BountyOver(Refused):
    """Its deadline has passed."""

    slug = "bounty-over"
    status = 409
    title = _("Too late")
    sentence = _("The time for choosing an answer is over; the coins go back to whoever promised them.")
    sqlstate = "CV533"


class NotPayable(Refused):
    """The writer of the answer may not earn at present."""

    slug = "not-payable"
    title = _("Not this one")
    sentence = _("Whoever wrote this is suspended or has left, and cannot be paid.")
    sqlstate = "CV534"


def bounds(now: Any) -> tuple[Decimal, Decimal]:
    """The smallest and the largest bounty by the settings of now.

    What is more than one may give away in a day could never be awarded.
    """
    return now.BOUNTY_MIN, min(now.BOUNTY_MAX, now.GIFT_DAILY_MAX)


def must_fit(coins: Decimal, now: Any) -> None:
    """May refuse with NoBounties, BountyOutOfBounds."""
    least, most = bounds(now)
    if not (most and now.BOUNTIES_OPEN) or most < least:
        raise NoBounties()
    if not least <= coins <= most:
        raise BountyOutOfBounds(least=str(least), most=str(most))


def hold_wallet(author: User) -> None:
    """Hold the wallet of whoever writes a post with a bounty before the post is written; a part of that transaction."""
    lock_wallets([author.wallet.pk])


def offer_bounty(
    *, author: User, post: Post, coins: Decimal, lasts: timedelta, channel: Transfer.Channel, at: datetime
) -> UUID:
    """Promise coins to the best answer to a new post, in its transaction. The bounty's id.

    They leave the wallet now and wait in the content fund, so new members and held coins go as slowly as with tips; the
    tax counts them as their owner's as long as they wait. May refuse with NoBounties, BountyOutOfBounds, BountyTime,
    TooManyBounties, NotEnoughCoins, NewMemberLimit.
    """
    now = figures()
    must_fit(coins, now)
    if not rules.may_last(lasts):
        raise BountyTime()
    few = [coins_of_a_day(author, coins, now)] if goes_slowly(author, now, at=at) else []
    with counted(*few, refuse=NewMemberLimit, coins=now.NEW_MEMBER_TIP_COINS_PER_DAY), spoken_by_database():
        (bounty_id,) = one_row(
            "SELECT social_offer_bounty(%s::timestamptz, %s::uuid, %s::uuid, %s::numeric, %s::timestamptz, %s::integer,"
            " %s::text)",
            [at, author.pk, post.pk, coins.quantize(CENT), at + lasts, now.BOUNTIES_OPEN, str(channel)],
        )
    return bounty_id


_FIELDS = [field.attname for field in Bounty._meta.concrete_fields]
_AWARD = (
    f"SELECT {', '.join(f'b.{name}' for name in _FIELDS)} FROM social_award_bounty("  # noqa: S608
    "%s::timestamptz, %s::uuid, %s::uuid, %s::uuid, %s::numeric, %s::text) AS b"
)


def award_bounty(*, author: User, post_id: UUID, comment_id: UUID, channel: Transfer.Channel, at: datetime) -> Bounty:
    """Choose the best answer to one's own post: its writer gets the bounty, all of it.

    It counts among the gifts of the day; beyond GIFT_DAILY_MAX it stays open, for another day. Choosing the same one
    again changes nothing. May refuse with NotAllowed, NotThere (also for another's post, and for a comment elsewhere),
    OwnAnswer, NotPayable, Blocked, BountyResolved, BountyOver, CoinsHeld, GiftLimitReached.
    """
    must_act(author)
    # Whoever has stolen a number must not carry the coins away through an answer of their own.
    must_not_be_held(author, at)
    with spoken_by_database():
        values: list[Any] = [at, author.pk, post_id, comment_id, figures().GIFT_DAILY_MAX, str(channel)]
        bounty = Bounty.from_db(connection.alias, _FIELDS, one_row(_AWARD, values))
    nudge_after_commit()  # of whoever wrote the answer
    return bounty


def return_bounties(*, at: datetime, chunk: int = 500) -> int:
    """Give back every bounty whose time is over without a chosen answer. How many.

    Chunks commit one by one. Safe to run twice at once and after any crash: a bounty goes back once.
    """
    returned = 0
    while some := _return(at, chunk, None):
        returned += some
    return returned


def return_bounties_of(member: User, *, at: datetime, chunk: int = 500) -> int:
    """Give back the open bounties of a member who leaves. How many, at most a chunk."""
    return _return(at, chunk, member.pk)


def _return(at: datetime, most: int, leaving: UUID | None) -> int:
    with spoken_by_database():
        (some,) = one_row("SELECT social_return_bounties(%s::timestamptz, %s::integer, %s::uuid)", [at, most, leaving])
    if some:
        nudge_after_commit()
    return some
