"""What happens to the coins of members who leave for good: they go to the treasury, locked ones when they come free."""

import logging
from datetime import datetime
from decimal import Decimal

from django.db.models import F

from accounts.departures.forgetting import Leaving
from accounts.members.models import User
from accounts.wallets.models import Wallet
from config.lib.money import ZERO
from config.lib.refusals import Refused
from economy.ledger.models import Fund, Transfer, TransferKind
from economy.ledger.operations import NotEnoughCoins, move

log = logging.getLogger(__name__)


def leave_to_treasury(leaving: Leaving) -> bool:
    """A step of erasing a member: what their wallet can spend goes to the treasury; whether more is left (never)."""
    _collect(Wallet.objects.get(user=leaving.member), at=leaving.at)
    return False


def collect_left_behind(*, at: datetime) -> Decimal:
    """Take what erased accounts have left: tips that were settled since, locks that have opened. How many coins."""
    collected = ZERO
    left = Wallet.objects.filter(
        user__role=User.Role.USER, user__status=User.Status.ERASED, balance__gt=F("locked_balance")
    )
    for wallet in left.iterator():
        try:
            collected += _collect(wallet, at=at)
        except Refused as refusal:
            log.info("wallet %s waits for another run: %s", wallet.pk, refusal.slug)
    return collected


def _collect(wallet: Wallet, *, at: datetime) -> Decimal:
    coins = wallet.available
    if coins <= ZERO:
        return ZERO
    try:
        move(
            kind=TransferKind.LEFT_BEHIND,
            at=at,
            wallets=[(wallet.pk, -coins)],
            funds=[(Fund.TREASURY, coins)],
            actor=None,
            channel=Transfer.Channel.JOB,
        )
    except NotEnoughCoins:
        return ZERO  # less than a moment ago: someone else collects it
    return coins
