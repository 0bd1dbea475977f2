"""After the weekly runs: each member is owed a word of what was taken and what was paid.

Not part of a run, so that no member's coins wait for it. A run remembers how far its members have been told, and the
notices of a chunk go with that: each is told once, whoever is cut off in between.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from accounts.notifications.operations import nudge_after_commit
from economy.stipend.models import StipendRun
from economy.tax.models import RunStatus, TaxRun

CHUNK = 10_000
# What ended longer ago is no news: a run that is caught up with late, or a story that is told (`manage.py demo`).
STALE_AFTER = timedelta(days=2)

_Run = type[TaxRun] | type[StipendRun]
_RUNS: tuple[tuple[_Run, str, str, str], ...] = (
    (TaxRun, "tax", "economy_taxcollection", "tokens_taxed"),
    (StipendRun, "stipend", "economy_stipenddistribution", "total_stipend"),
)
_TELL = """
    WITH next AS (
      SELECT d.wallet_id, d.{coins} AS coins FROM {table} d
        WHERE d.run_id = %(run)s AND d.wallet_id > %(after)s ORDER BY d.wallet_id LIMIT %(most)s
    ), told AS (
      SELECT array_agg(w.user_id) AS members, array_agg(n.coins) AS coins
        FROM next n JOIN accounts_wallet w ON w.id = n.wallet_id WHERE n.coins > 0
    )
    SELECT (SELECT n.wallet_id FROM next n ORDER BY n.wallet_id DESC LIMIT 1), coalesce(cardinality(t.members), 0),
        accounts_owe_notices(%(at)s, coalesce(t.members, '{{}}'), %(kind)s, coalesce(t.coins, '{{}}'), %(data)s::jsonb)
      FROM told t
"""


def tell_members(*, at: datetime, chunk: int = CHUNK) -> int:
    """Owe notices of all runs that are done and not told of yet; how many. Safe to run twice, at once, and to kill."""
    told = 0
    for kind_of_run, kind, table, coins in _RUNS:
        statement = sql.SQL(_TELL).format(table=sql.Identifier(table), coins=sql.Identifier(coins))
        for run_id in kind_of_run.objects.filter(status=RunStatus.DONE, told_at=None).values_list("pk", flat=True):
            while True:
                some = _tell_some(kind_of_run, run_id, kind=kind, statement=statement, chunk=chunk, at=at)
                if some is None:
                    break
                told += some
    return told


@transaction.atomic
def _tell_some(
    kind_of_run: _Run, run_id: UUID, *, kind: str, statement: sql.Composed, chunk: int, at: datetime
) -> int | None:
    """Tell the next members of a run; how many, None when it is over or another process is at it."""
    run = kind_of_run.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=run_id, told_at=None).first()
    if run is None:
        return None
    last = members = None
    if run.finished_at is not None and run.finished_at > at - STALE_AFTER:
        with connection.cursor() as cursor:
            given: dict[str, Any] = {"run": run.pk, "after": run.told_upto, "most": chunk, "at": at, "kind": kind}
            cursor.execute(statement, given | {"data": f'{{"week": "{run.period}"}}'})
            last, members, _nothing = cursor.fetchone()
    if last is None:
        kind_of_run.objects.filter(pk=run.pk).update(told_at=at)
        return None
    kind_of_run.objects.filter(pk=run.pk).update(told_upto=last)
    nudge_after_commit()
    return members
