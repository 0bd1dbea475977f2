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

    `so_far` is the week's average until now; `base` is what would be taxed if nothing moved until the week's end,
    `set_aside` the part of it that is not in the wallet, and `tax` what that costs. `takes` is what can be taken of
    what is available now.
    """

    period: Period
    so_far: Decimal
    base: Decimal
    set_aside: Decimal
    assessment: rules.Assessment
    takes: Decimal


def outlook(wallet_id: UUID, *, at: datetime) -> Outlook:
    """The next run's forecast for a wallet, by the brackets and the basis in force. Four queries."""
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
    passed, whole = rules.seconds(at - period.start), rules.seconds(period.end - period.start)
    is_closing = figures().TAX_BASE == "closing"
    parts = _set_aside_of(wallet_id, since=period.start)
    aside = rules.set_aside(parts, start=period.start, end=period.end, is_closing=is_closing)
    lasting = rules.rounded(rules.set_aside(parts, start=period.start, end=period.end, is_closing=True))
    if is_closing:
        base = balance + lasting
    else:
        base = rules.weighed_average(balance, weighed=weighed, seconds=whole, aside=aside)
    so_far = balance + lasting
    if passed:
        before = rules.set_aside(parts, start=period.start, end=at, is_closing=False)
        so_far = rules.weighed_average(balance, weighed=weighed, seconds=passed, aside=before)
    assessment = rules.assess(base, brackets())
    return Outlook(
        period=period,
        so_far=so_far,
        base=base,
        set_aside=rules.rounded(aside),
        assessment=assessment,
        takes=min(assessment.tax, available),
    )


def set_aside_in(run: TaxRun, wallet_id: UUID) -> Decimal:
    """The part of what a run taxed a wallet on that was set aside, rounded down. One query."""
    parts = _set_aside_of(wallet_id, since=run.period_start)
    is_closing = run.basis == "closing"
    return rules.rounded(rules.set_aside(parts, start=run.period_start, end=run.period_end, is_closing=is_closing))


def _set_aside_of(wallet_id: UUID, *, since: datetime) -> list[rules.SetAside]:
    """What was set aside of a wallet, and still was after a moment. Read beside the wall: it is the app's above."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coins, since, until FROM economy_set_aside(%s, %s)", [since, wallet_id])
        return [rules.SetAside(*row) for row in cursor.fetchall()]


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
