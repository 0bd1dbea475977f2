"""Movements of coins: the ledger's public face. Each is one call of a SQL function (migrations/0002_ledger.sql)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.departures import queries as departures
from accounts.members.models import User
from accounts.members.operations import must_act
from accounts.notifications.operations import nudge_after_commit
from accounts.wallets.models import Wallet
from config.lib.calls import one_row
from config.lib.limits import counted
from config.lib.money import ZERO
from config.lib.refusals import NotAllowed, NotThere, Refused, TooMany, spoken_by_database
from config.lib.runtime import figures
from config.lib.wording import duration
from economy.ledger.models import Fund, Lock, Transfer, TransferKind
from economy.ledger.slowly import NewMemberLimit, coins_of_a_day, goes_slowly


class AppendOnly(Refused):
    """Someone tried to rewrite the ledger."""

    slug = "append-only"
    status = 409
    sentence = _("The ledger is append-only: a mistake is mended by a new transfer.")
    sqlstate = "CV001"


class OutOfBalance(Refused):
    """The postings of a transfer do not sum to 0.00."""

    slug = "out-of-balance"
    status = 409
    sentence = _("The postings of a transfer must sum to 0.00.")
    sqlstate = "CV002"


class NotEnoughCoins(Refused):
    """The available part of a wallet does not cover the movement."""

    slug = "insufficient-funds"
    title = _("Not enough coins")
    sentence = _("This takes %(needed)s coins and you can spend %(available)s.")
    sqlstate = "CV402"


class NoSuchWallet(NotThere):
    """A wallet of the movement does not exist."""

    sqlstate = "CV404"


class GiftLimitReached(Refused):
    """GIFT_DAILY_MAX is used up for this UTC day, by gifts and by what else counts among them."""

    slug = "gift-limit"
    title = _("Daily limit reached")
    sentence = _("You can give away %(most)s coins a day; %(left)s are left today.")
    sqlstate = "CV429"


class GiftToOneself(Refused):
    """Giver and receiver are the same member."""

    slug = "own-wallet"
    title = _("That is you")
    sentence = _("A gift goes to someone else; all your pages share one wallet.")


class CoinsHeld(Refused):
    """The number or its proof changed lately: if that was a thief, the member has time to notice."""

    slug = "coins-held"
    title = _("Coins stay for now")
    sentence = _("Your way of signing in changed lately, so no coins can be given away for another %(wait)s.")


class TooManyGifts(TooMany):
    """GIFTS_PER_MINUTE, counted in the ledger itself."""

    slug = "too-many-gifts"
    sqlstate = "CV430"
    sentence = _("That were many gifts in a short time. You can give the next one in %(wait)s.")


@dataclass(frozen=True)
class Movement:
    """A transfer that was made, or was found under its key (`is_replay`); `balance_after` of the acting wallet."""

    transfer_id: UUID
    is_replay: bool
    balance_after: Decimal | None


_MOVE = """
    SELECT m.transfer_id, m.is_replay, m.balance_after FROM ledger_move(
      %s::text, %s::timestamptz, %s::uuid[], %s::numeric[], %s::text[], %s::numeric[], %s::uuid, %s::text, %s::text,
      %s::text, %s::text, %s::uuid, %s::jsonb, %s::uuid, %s::bigint, NULL
    ) AS m
"""
_GIVE = """
    SELECT m.transfer_id, m.is_replay, m.balance_after FROM economy_give(
      %s::timestamptz, %s::uuid, %s::uuid, %s::numeric, %s::uuid, %s::uuid, %s::text, %s::text, %s::text, %s::text,
      %s::uuid, %s::bigint, %s::numeric, %s::integer
    ) AS m
"""


def move(
    *,
    kind: TransferKind,
    at: datetime,
    wallets: Sequence[tuple[UUID, Decimal]],
    funds: Sequence[tuple[Fund, Decimal]] = (),
    actor: UUID | None,
    channel: Transfer.Channel,
    key: str | None = None,
    description: str = "",
    reference: tuple[str, UUID] | None = None,
    metadata: dict[str, Any] | None = None,
    reverses: UUID | None = None,
    expected_version: int | None = None,
) -> Movement:
    """Move coins as one transfer: signed amounts per wallet and fund, which must sum to 0.00.

    The first wallet is the acting member's; `expected_version` is its lock_version as the member read it. `key` (of
    `actor`) moves coins at most once. One round trip; outside of a transaction it commits by itself. May refuse with
    NotEnoughCoins, NoSuchWallet, KeyReused, StaleVersion, Busy.
    """
    reference_type, reference_id = reference or ("", None)
    with spoken_by_database():
        row = one_row(
            _MOVE,
            [
                str(kind),
                at,
                [wallet for wallet, _amount in wallets],
                [amount for _wallet, amount in wallets],
                [str(fund) for fund, _amount in funds],
                [amount for _fund, amount in funds],
                actor,
                key,
                str(channel),
                description,
                reference_type,
                reference_id,
                json.dumps(metadata or {}),
                reverses,
                expected_version,
            ],
        )
    return Movement(*row)


def give(
    *,
    giver: Wallet,
    receiver: Wallet,
    coins: Decimal,
    memo: str,
    key: str | None,
    channel: Transfer.Channel,
    at: datetime,
    expected_version: int | None = None,
    reference: tuple[str, UUID] | None = None,
    is_counted: bool = True,
) -> Movement:
    """Give coins to another member, at least 0.01. GIFTS_PER_MINUTE, unless the giver is not the one who does it now.

    May refuse with NotAllowed (a suspended giver), GiftToOneself, CoinsHeld, Blocked, TooManyGifts, NewMemberLimit,
    NotEnoughCoins, GiftLimitReached, StaleVersion.
    """
    must_act(giver.user)
    if giver.pk == receiver.pk:
        raise GiftToOneself()
    must_not_be_held(giver.user, at)
    now = figures()
    few = [coins_of_a_day(giver.user, coins, now)] if goes_slowly(giver.user, now, at=at) else []
    reference_type, reference_id = reference or ("", None)
    values = [
        *(at, giver.pk, receiver.pk, coins, giver.user_id, receiver.user_id, key, str(channel), memo),
        *(reference_type, reference_id, expected_version, now.GIFT_DAILY_MAX),
        now.GIFTS_PER_MINUTE if is_counted else None,
    ]
    with (
        counted(*few, refuse=NewMemberLimit, coins=now.NEW_MEMBER_TIP_COINS_PER_DAY) as taken,
        spoken_by_database(),
    ):
        movement = Movement(*one_row(_GIVE, values))
        if movement.is_replay:
            taken.give_back()
    nudge_after_commit()
    return movement


def must_not_be_held(member: User, at: datetime) -> None:
    """May refuse with CoinsHeld."""
    if member.coins_held_until is not None and at < member.coins_held_until:
        raise CoinsHeld(
            wait=duration(ceil((member.coins_held_until - at).total_seconds())),
            until=member.coins_held_until.isoformat(),
        )


def grant_welcome(member: User, wallet: Wallet, at: datetime) -> None:
    """Grant SIGNUP_GRANT to a member who has just joined; part of the joining transaction.

    Once per number: leaving and joining anew is not a way to more of it.
    """
    coins = figures().SIGNUP_GRANT
    if coins > ZERO and departures.released(str(member.phone_number)) is None:
        move(
            kind=TransferKind.SIGNUP_GRANT,
            at=at,
            wallets=[(wallet.pk, coins)],
            funds=[(Fund.ISSUANCE, -coins)],
            actor=member.pk,
            channel=Transfer.Channel.JOB,
            key="welcome",
        )


def grant_by_staff(
    *,
    staff: User,
    receiver: Wallet,
    coins: Decimal,
    reason: str,
    key: str | None,
    at: datetime,
    reference: tuple[str, UUID] | None = None,
) -> Movement:
    """Grant new coins, with a reason that is kept; how much one may alone is the matter of `economy.grants`.

    May refuse with NotAllowed for anyone who is not an admin.
    """
    if not staff.is_superuser or not reason.strip():
        raise NotAllowed()
    return move(
        kind=TransferKind.STAFF_GRANT,
        at=at,
        wallets=[(receiver.pk, coins)],
        funds=[(Fund.ISSUANCE, -coins)],
        actor=staff.pk,
        channel=Transfer.Channel.ADMIN,
        key=key,
        description=reason.strip(),
        reference=reference,
    )


def lock_wallets(wallets: Sequence[UUID]) -> None:
    """Lock wallets, in the one order that everybody keeps, until the transaction ends.

    For those who come to rows of their own before they move coins: whoever holds such a row must not wait for a wallet.
    """
    with spoken_by_database(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_lock_wallets(%s::uuid[])", [list(wallets)])


def hold(
    *,
    wallet: Wallet,
    kind: Lock.Kind,
    coins: Decimal,
    at: datetime,
    unlock_at: datetime | None = None,
    reference: tuple[str, UUID] | None = None,
) -> UUID:
    """Tie up part of a wallet; the lock's id. May refuse with NotEnoughCoins."""
    reference_type, reference_id = reference or ("", None)
    with spoken_by_database(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_hold(%s::uuid, %s::text, %s::numeric, %s::timestamptz, %s::timestamptz, %s::text, %s::uuid)",
            [wallet.pk, str(kind), coins, at, unlock_at, reference_type, reference_id],
        )
        return cursor.fetchone()[0]


def release(*, lock_id: UUID, at: datetime) -> bool:
    """Open a lock, once: whether this call was the one that did."""
    with spoken_by_database(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_release(%s::uuid, %s::timestamptz)", [lock_id, at])
        return cursor.fetchone()[0]


def roll_up_funds() -> int:
    """Collect waiting fund entries into the fund balances; how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_roll_up_funds()")
        return cursor.fetchone()[0]
