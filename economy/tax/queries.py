"""Reads about the tax: brackets, what a balance costs, a member's history, totals per week."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from accounts.wallets.models import Wallet
from config.lib.pagination import Keyset
from config.lib.periods import Period
from config.lib.runtime import figures
from config.lib.walls import reading_for
from economy.tax import rules
from economy.tax.models import RunStatus, TaxBracket, TaxCollection, TaxRun

HISTORY = Keyset("-id")


def brackets() -> list[rules.Bracket]:
    """The brackets in force, lowest first. A table that nobody has filled stands for the default ones."""
    found = [rules.Bracket(row.name, row.lower, row.upper, row.rate) for row in TaxBracket.objects.order_by("lower")]
    return found or list(rules.DEFAULT_BRACKETS)


def forecast(balance: Decimal) -> rules.Assessment:
    """The weekly tax on a balance that is held all week, by the brackets in force."""
    return rules.assess(balance, brackets())


@dataclass(frozen=True)
class Outlook:
    """What the next run would take of a wallet.

    `so_far` is the week's average until now; `base` is what would be taxed if nothing moved until the week's end, and
    `tax` what that costs. `takes` is what can be taken of what is available now.
    """

    period: Period
    so_far: Decimal
    base: Decimal
    assessment: rules.Assessment
    takes: Decimal


def outlook(wallet_id: UUID, *, at: datetime) -> Outlook:
    """The next run's forecast for a wallet, by the brackets and the basis in force. Three queries."""
    period = Period.of(at)
    wallet = Wallet.objects.get(pk=wallet_id)
    balance, available = wallet.balance, wallet.available
    with reading_for(wallet.user_id), connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(amount * extract(epoch FROM created_at - %(start)s)), 0) FROM economy_posting
              WHERE wallet_id = %(wallet)s AND id >= civitas_first_id(%(start)s)
            """,
            {"wallet": wallet_id, "start": period.start},
        )
        (weighed,) = cursor.fetchone()
    passed = Decimal((at - period.start).total_seconds())
    whole = Decimal((period.end - period.start).total_seconds())
    is_closing = figures().TAX_BASE == "closing"
    base = balance if is_closing else rules.weighed_average(balance, weighed=weighed, seconds=whole)
    assessment = rules.assess(base, brackets())
    return Outlook(
        period=period,
        so_far=rules.weighed_average(balance, weighed=weighed, seconds=passed) if passed else balance,
        base=base,
        assessment=assessment,
        takes=min(assessment.tax, available),
    )


def collections_of(wallet: Wallet) -> QuerySet[TaxCollection]:
    """What a wallet paid week by week, with the runs, to be read in the order of HISTORY (newest first)."""
    return TaxCollection.objects.filter(wallet=wallet).select_related("run")


def is_collected(period: Period) -> bool:
    """Whether the run of a week is complete."""
    return TaxRun.objects.filter(period=period.key, status=RunStatus.DONE).exists()


def weekly_totals(*, weeks: int = 26) -> list[TaxRun]:
    """The latest complete runs, oldest first: base, tax, members and payers per week, for charts."""
    latest = TaxRun.objects.filter(status=RunStatus.DONE).order_by("-period_start")[:weeks]
    return list(reversed(latest))


@dataclass(frozen=True)
class Preview:
    """What a run would still collect: members with a base, those who pay, the sums of base and tax."""

    members: int
    payers: int
    base: Decimal
    tax: Decimal


def preview(*, period: Period, end: datetime, basis: str) -> Preview:
    """What the run of a week would collect if it went on now.

    A run that has begun keeps its own end, basis and brackets.
    """
    run = TaxRun.objects.filter(period=period.key).first()
    if run is not None and run.status == RunStatus.DONE:
        return Preview(0, 0, Decimal("0.00"), Decimal("0.00"))
    if run is None:
        run = TaxRun(period_start=period.start, period_end=end, basis=basis, brackets=rules.written(brackets()))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*), count(*) FILTER (WHERE tax > 0), coalesce(sum(base), 0.00), coalesce(sum(tax), 0.00) FROM (
              SELECT due.base, least(due.tax, w.balance - w.locked_balance) AS tax
                FROM economy_tax_due(%s, %s, %s, %s::jsonb) AS due
                JOIN accounts_wallet w ON w.id = due.wallet
                WHERE NOT EXISTS (
                  SELECT 1 FROM economy_taxcollection c WHERE c.run_id = %s AND c.wallet_id = due.wallet)
            ) AS still_due
            """,
            [run.period_start, run.period_end, run.basis, rules.dumped(run.brackets), run.pk],
        )
        return Preview(*cursor.fetchone())
