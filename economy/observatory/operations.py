"""Writes of the observatory: the refreshed state, the daily snapshot, the tables of members. They move no coins."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

from config.lib.periods import Period
from economy.observatory import queries
from economy.observatory.models import EconomySnapshot, Leader, SystemState

# Of so many at the top, those who may be shown are kept: more than a table shows, so nobody who leaves it is missed.
_LOOKED_AT = 1_000
_KEPT = 200

_LARGEST_WALLETS = """
    SELECT w.id, w.user_id, w.balance FROM accounts_wallet w
      WHERE w.balance > 0 ORDER BY w.balance DESC, w.id LIMIT %(most)s
"""
# What others gave for something: gifts are no earnings, or two could lift each other up.
_EARNED = """
    SELECT w.id, w.user_id, earned.amount FROM (
      SELECT p.wallet_id, sum(p.amount) AS amount FROM economy_posting p
        WHERE p.id >= civitas_first_id(%(since)s) AND p.wallet_id IS NOT NULL AND p.amount > 0
          AND p.kind IN ('TIP_SETTLEMENT', 'COMMENT_FEE', 'REWARD', 'SALE_SETTLEMENT')
        GROUP BY p.wallet_id ORDER BY 2 DESC, 1 LIMIT %(most)s
    ) AS earned JOIN accounts_wallet w ON w.id = earned.wallet_id
    ORDER BY earned.amount DESC, w.id
"""
_BOARDS = {Leader.Board.WALLETS: _LARGEST_WALLETS, Leader.Board.EARNERS: _EARNED}


def note_job(*, name: str, at: datetime) -> None:
    """Remember when a job completed: tax_collection, stipend_distribution, decay_run, settlement, queue_update …"""
    SystemState.objects.get_or_create(id=1, defaults={"updated_at": at})
    SystemState.objects.filter(id=1).update(**{f"last_{name}_at": at})


def refresh_state(*, at: datetime) -> SystemState:
    """Write the state of the economy as it is now into its one row."""
    figures = asdict(queries.state(at))
    row, _is_new = SystemState.objects.update_or_create(id=1, defaults={**figures, "updated_at": at})
    return row


def take_snapshot(*, at: datetime) -> EconomySnapshot:
    """Keep the figures for the charts under the UTC day of `at`; a later one of the same day replaces it."""
    day = at.astimezone(UTC).date()
    if not EconomySnapshot.objects.filter(day=day).exists():
        _finish(day - timedelta(days=1))
    spread = queries.spread()
    figures = {
        **asdict(queries.state(at)),
        **asdict(queries.flows_of(day)),
        "gini": spread.gini,
        "lorenz": [[round(members, 5), round(coins, 5)] for members, coins in spread.lorenz],
    }
    snapshot, _is_new = EconomySnapshot.objects.update_or_create(
        day=day, defaults=figures, create_defaults={**figures, "created_at": at}
    )
    note_job(name="analytics_update", at=at)
    return snapshot


def _finish(day: date) -> None:
    """Add to a day's snapshot what moved after it was taken, before the day's end."""
    EconomySnapshot.objects.filter(day=day).update(**asdict(queries.flows_of(day)))


@transaction.atomic
def refresh_leaders(*, at: datetime) -> int:
    """Write the tables of members anew; how many places there are. Two at once take turns."""
    rows: list[Leader] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('economy.leaders', 0))")
        for board, top in _BOARDS.items():
            cursor.execute(top, {"most": _LOOKED_AT, "since": Period.of(at).start})
            found = cursor.fetchall()
            listed = queries.listed_among([member for _wallet, member, _amount in found])
            kept = [(wallet, amount) for wallet, member, amount in found if member in listed][:_KEPT]
            rows += [
                Leader(board=board, place=place, wallet_id=wallet, amount=amount, created_at=at)
                for place, (wallet, amount) in enumerate(kept, start=1)
            ]
    Leader.objects.all().delete()
    Leader.objects.bulk_create(rows)
    return len(rows)
