"""Collecting the weekly tax: one run per week, chunk by chunk, each of which is a transaction of its own.

Everyone with a base above 0.00 gets a row, also when no tax is due or nothing is available; who had no coins at all
that week gets none. A chunk is one transfer: a line per member and one for the treasury.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.members.models import User
from accounts.wallets.models import Wallet
from config.lib.periods import Period
from config.lib.refusals import NotAllowed, Refused, spoken_by_database
from config.lib.runtime import figures
from economy.observatory.operations import note_job
from economy.tax import queries, rules
from economy.tax.models import RunStatus, TaxBracket, TaxRun

# Long enough to be quick; short, because a member whose wallet is in it waits for its end.
CHUNK = 1_500

Progress = Callable[[int, int], None]


class BracketsHaveGaps(Refused):
    """The table of brackets leaves some balance without a rate, or gives it two."""

    slug = "brackets-have-gaps"
    status = 409
    title = _("Tax brackets incomplete")
    sentence = _("The tax brackets must begin at 0, follow on each other without gaps, and end with an open one.")


def collect_taxes(
    *,
    period: Period,
    end: datetime,
    at: datetime,
    chunk: int | None = None,
    progress: Progress = lambda done, total: None,
) -> TaxRun:
    """Collect what is still missing of a week's tax; the run with its totals.

    `end` is the period's end, or now when it is run early. Safe to repeat, to race and to kill: a member's row and the
    coins go together, once. May refuse with BracketsHaveGaps.
    """
    run = _begin(period=period, end=end, at=at)
    if run.status == RunStatus.DONE:
        return run
    chunk = chunk or CHUNK
    total = _assess(run)
    for after in range(0, total, chunk):
        _collect(run, after=after, upto=after + chunk, at=at)
        progress(min(after + chunk, total), total)
    return _finish(run.pk, at=at)


@transaction.atomic
def set_brackets(*, staff: User, brackets: Sequence[rules.Bracket]) -> None:
    """Put a whole table of brackets in force, for the runs that begin from now on; for admins.

    May refuse with NotAllowed, and with BracketsHaveGaps a table that is not complete or names two brackets alike.
    """
    if not staff.is_superuser:
        raise NotAllowed()
    ordered = sorted(brackets, key=lambda bracket: bracket.lower)
    are_spans = all(bracket.upper is None or bracket.upper > bracket.lower for bracket in ordered)
    if not rules.are_complete(ordered) or not are_spans or len({bracket.name for bracket in ordered}) < len(ordered):
        raise BracketsHaveGaps()
    _take_turns()
    TaxBracket.objects.all().delete()
    TaxBracket.objects.bulk_create(
        TaxBracket(name=one.name, lower=one.lower, upper=one.upper, rate=one.rate) for one in ordered
    )


def _begin(*, period: Period, end: datetime, at: datetime) -> TaxRun:
    """The week's run, made if it is missing. Its end, basis and brackets stay, whatever is changed later."""
    with transaction.atomic():
        _take_turns()
        run = TaxRun.objects.filter(period=period.key).first()
        if run is not None:
            return run
        brackets = queries.brackets()
        if not rules.are_complete(brackets):
            raise BracketsHaveGaps()
        return TaxRun.objects.create(
            period=period.key,
            period_start=period.start,
            period_end=end,
            basis=figures().TAX_BASE,
            brackets=rules.written(brackets),
            created_at=at,
        )


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('economy.tax', 0))")


def _assess(run: TaxRun) -> int:
    """Work out, for this session, what is due from everyone not collected from yet; how many they are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT economy_tax_assess(%s)", [run.pk])
        return cursor.fetchone()[0]


def _collect(run: TaxRun, *, after: int, upto: int, at: datetime) -> None:
    with spoken_by_database(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT economy_tax_collect(%s, %s, %s, %s)", [run.pk, after, upto, at])


def _finish(run_id: UUID, *, at: datetime) -> TaxRun:
    """Add up the run and close it, once. A slower process that comes to the end later finds it closed."""
    with transaction.atomic():
        _take_turns()
        run = TaxRun.objects.get(pk=run_id)
        if run.status == RunStatus.DONE:
            return run
        sums = run.collections.aggregate(
            payers=Count("pk", filter=Q(tokens_taxed__gt=0)), base=Sum("base"), tax=Sum("tokens_taxed")
        )
        run.members = Wallet.objects.filter(created_at__lt=run.period_end).count()
        run.payers = sums["payers"]
        run.total_base = sums["base"] or Decimal("0.00")
        run.total_tax = sums["tax"] or Decimal("0.00")
        run.by_bracket = dict(
            run.collections.order_by().values_list("tax_bracket").annotate(members=Count("pk")).order_by("tax_bracket")
        )
        run.status = RunStatus.DONE
        run.finished_at = at
        run.save()
        note_job(name="tax_collection", at=at)
        return run
