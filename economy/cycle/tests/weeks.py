"""A week to test with: 2026-W46, its moments, and members who hold what a test needs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from typing import Any

from accounts.badges.models import UserActivity
from accounts.wallets.models import Wallet
from config.lib.periods import Period
from economy.ledger import operations as ledger
from economy.ledger.models import Fund, Transfer, TransferKind

WEEK = Period.parse("2026-W46")
MONDAY = WEEK.start
MIDDLE = MONDAY + timedelta(days=3, hours=12)
AFTER = WEEK.end + timedelta(minutes=5)
LONG_AGO = datetime(2026, 9, 1, tzinfo=UTC)


def move(member: Any, coins: str, at: datetime, fund: Fund = Fund.ISSUANCE) -> None:
    """Coins to a member (or from them, when negative), out of a fund, at a moment of the test's choice."""
    ledger.move(
        kind=TransferKind.STAFF_GRANT if D(coins) > 0 else TransferKind.WITHDRAWAL,
        at=at,
        wallets=[(member.wallet.pk, D(coins))],
        funds=[(fund, -D(coins))],
        actor=None,
        channel=Transfer.Channel.ADMIN,
    )


def hold(member: Any, coins: str, at: datetime = LONG_AGO) -> Any:
    """Let a member have exactly so many coins from a moment on."""
    missing = D(coins) - Wallet.objects.get(user=member).balance
    if missing:
        move(member, str(missing), at)
    return member


def fill_treasury(coins: str, at: datetime = LONG_AGO) -> None:
    ledger.move(
        kind=TransferKind.CORRECTION,
        at=at,
        wallets=[],
        funds=[(Fund.TREASURY, D(coins)), (Fund.ISSUANCE, -D(coins))],
        actor=None,
        channel=Transfer.Channel.ADMIN,
    )


def was_active(*members: Any, at: datetime = MIDDLE) -> None:
    UserActivity.objects.bulk_create([UserActivity(user=member, day=at.date(), created_at=at) for member in members])


def wallet_of(member: Any) -> Wallet:
    return Wallet.objects.get(user=member)
