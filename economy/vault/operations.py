"""Putting away and opening: each one call of a SQL function (migrations/0020_vault_and_withdrawals.sql)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from accounts.notifications.operations import nudge_after_commit
from config.lib.refusals import spoken_by_database
from config.lib.runtime import figures
from economy.ledger.models import TransferKind

CHUNK = 5_000


@dataclass(frozen=True)
class Earned:
    """What a transfer has brought to a wallet."""

    wallet_id: UUID
    transfer_id: UUID
    kind: TransferKind
    coins: Decimal


@transaction.atomic
def put_away(*, earned: Sequence[Earned], at: datetime) -> int:
    """Lock VAULT_RATE of each earning for VAULT_DAYS; how many deposits were made. Part of what settles the earnings.

    What settles in SQL calls `economy_vault` itself.
    """
    now = figures()
    wallets = [one.wallet_id for one in earned]
    with spoken_by_database(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_lock_wallets(%s::uuid[])", [wallets])
        cursor.execute(
            "SELECT economy_vault(%s::timestamptz, %s::numeric, %s::timestamptz, %s::uuid[], %s::uuid[], %s::text[],"
            " %s::numeric[])",
            [
                at,
                now.VAULT_RATE,
                at + timedelta(days=now.VAULT_DAYS),
                wallets,
                [one.transfer_id for one in earned],
                [str(one.kind) for one in earned],
                [one.coins for one in earned],
            ],
        )
        return cursor.fetchone()[0]


def open_vault(*, at: datetime, chunk: int = CHUNK) -> int:
    """Open every deposit whose time has come and owe its member a notice; how many.

    Chunks commit one by one, so a crash loses at most the chunk at hand, which the next run opens. Safe to run twice at
    once: each takes deposits of its own, and a lock is opened once.
    """
    opened = 0
    while True:
        with spoken_by_database(), connection.cursor() as cursor:
            cursor.execute("SELECT economy_open_vault(%s::timestamptz, %s::integer)", [at, chunk])
            some = cursor.fetchone()[0]
        if not some:
            break
        opened += some
    if opened:
        nudge_after_commit()
    return opened
