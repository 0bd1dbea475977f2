"""Paying the weekly stipend: first everyone's wish is written down and the budget fixed, then it is paid in chunks.

The first part is one transaction, so the run either knows all its members, its budget and its scale, or does not exist.
Every payment after that takes rows that are still owed and marks them with the coins, once.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from config.lib.periods import Period
from config.lib.refusals import Refused, spoken_by_database
from config.lib.runtime import figures
from economy.ledger.models import Fund
from economy.ledger.queries import fund_balances
from economy.observatory.operations import note_job
from economy.stipend import queries, rules
from economy.stipend.models import StipendRun
from economy.tax.models import RunStatus

# As long as the chunks of the tax, for the same reason.
CHUNK = 1_500

Progress = Callable[[int, int], None]


class TreasuryShort(Refused):
    """The treasury no longer holds what a run was promised; the rest is paid when it does."""

    slug = "treasury-short"
    status = 409
    title = _("Treasury short")
    sentence = _("The next stipends take %(needed)s coins and the treasury holds %(available)s.")
    sqlstate = "CV520"


def pay_stipends(
    *,
    period: Period,
    end: datetime,
    at: datetime,
    chunk: int | None = None,
    progress: Progress = lambda done, total: None,
) -> StipendRun:
    """Pay what is still owed of a week's stipends; the run with its totals.

    `end` is the period's end, or now when it is run early. Safe to repeat, to race and to kill: a member is paid once,
    and all together never more than the budget. May refuse with TreasuryShort; what was paid before that stays paid.
    """
    run = _begin(period=period, end=end, at=at)
    if run.status == RunStatus.DONE:
        return run
    after, done = None, run.members - run.distributions.filter(paid_at=None).count()
    while True:
        after, paid_now = _pay(run, after=after, chunk=chunk or CHUNK, at=at)
        if not paid_now:
            return _finish(run.pk, at=at)
        done = min(done + paid_now, run.members)
        progress(done, run.members)


def _begin(*, period: Period, end: datetime, at: datetime) -> StipendRun:
    """The week's run, made if it is missing: who wants what, and how much of it the treasury can give."""
    with transaction.atomic():
        _take_turns()
        run = StipendRun.objects.filter(period=period.key).first()
        if run is not None:
            return run
        treasury = fund_balances()[Fund.TREASURY]
        run = StipendRun.objects.create(
            period=period.key,
            period_start=period.start,
            period_end=end,
            treasury_before=treasury,
            budget=rules.budget(treasury, share=figures().STIPEND_POOL_SHARE),
            created_at=at,
        )
        run.members, run.total_wanted = _write_wishes(run, at=at)
        run.scale = rules.scale(budget=run.budget, wanted=run.total_wanted)
        run.save()
        return run


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('economy.stipend', 0))")


def _write_wishes(run: StipendRun, *, at: datetime) -> tuple[int, Decimal]:
    """Write a row that is owed for every eligible member; how many, and what they want in all."""
    statement, parameters = queries.wanted(start=run.period_start, end=run.period_end)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.economy_stipend_wishes")
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE economy_stipend_wishes ON COMMIT DROP AS ")
            + statement
            + sql.SQL(" SELECT row_number() OVER () AS place, wanted.* FROM wanted"),
            parameters,
        )
        cursor.execute("CREATE INDEX ON economy_stipend_wishes (place)")
        cursor.execute("ANALYZE economy_stipend_wishes")
        cursor.execute("SELECT members, wanted FROM economy_stipend_owe(%s, %s)", [run.pk, at])
        return cursor.fetchone()


def _pay(run: StipendRun, *, after: UUID | None, chunk: int, at: datetime) -> tuple[UUID | None, int]:
    """Pay the next members after a wallet; the last one's wallet, and how many."""
    with spoken_by_database(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT last_wallet, members FROM economy_stipend_pay(%s, %s::uuid, %s, %s)", [run.pk, after, chunk, at]
        )
        return cursor.fetchone()


def _finish(run_id: UUID, *, at: datetime) -> StipendRun:
    """Add up the run and close it, once. A slower process that comes to the end later finds it closed."""
    with transaction.atomic():
        _take_turns()
        run = StipendRun.objects.get(pk=run_id)
        if run.status == RunStatus.DONE:
            return run
        paid = run.distributions.aggregate(
            total_paid=Sum("total_stipend"),
            total_base=Sum("base_stipend"),
            total_engagement=Sum("engagement_bonus"),
            total_new_member=Sum("new_user_bonus"),
        )
        for name, coins in paid.items():
            setattr(run, name, coins or Decimal("0.00"))
        run.status = RunStatus.DONE
        run.finished_at = at
        run.save()
        note_job(name="stipend_distribution", at=at)
        return run
