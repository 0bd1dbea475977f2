"""The weekly runs as everybody may see them, and what one of them was for a member."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accounts.wallets.models import Wallet
from config.lib.money import ZERO
from config.lib.periods import Period
from config.lib.refusals import NotThere
from economy.stipend.models import StipendDistribution, StipendRun
from economy.tax import queries, rules
from economy.tax.models import TaxCollection, TaxRun


@dataclass(frozen=True)
class Week:
    """The runs of one week; one of them may not have begun."""

    period: Period
    tax: TaxRun | None
    stipend: StipendRun | None


@dataclass(frozen=True)
class Own:
    """What a week was for one member. `steps` are the parts of what was taxed, `assessed` their sum, rounded down.

    `set_aside` is the part of what was taxed that was not in the wallet.
    """

    collection: TaxCollection | None
    steps: list[rules.Step]
    assessed: Decimal
    set_aside: Decimal
    distribution: StipendDistribution | None

    @property
    def was_capped(self) -> bool:
        """Whether less was taken than was due, because no more was there to be spent."""
        return self.collection is not None and self.collection.tokens_taxed < self.assessed


def week_of(key: str) -> Week:
    """The runs of the week of a key. May refuse with NotThere."""
    try:
        period = Period.parse(key)
    except ValueError:
        raise NotThere() from None
    week = Week(
        period,
        TaxRun.objects.filter(period=period.key).first(),
        StipendRun.objects.filter(period=period.key).first(),
    )
    if week.tax is None and week.stipend is None:
        raise NotThere()
    return week


def years_with_runs() -> list[int]:
    """The ISO years in which there are runs, newest first."""
    keys = set(TaxRun.objects.values_list("period", flat=True)) | set(
        StipendRun.objects.values_list("period", flat=True)
    )
    return sorted({int(key[:4]) for key in keys}, reverse=True)


def weeks_in(year: int) -> list[Week]:
    """The runs of an ISO year, newest first. Two queries."""
    prefix = f"{year:04d}-W"
    taxes = {run.period: run for run in TaxRun.objects.filter(period__startswith=prefix)}
    stipends = {run.period: run for run in StipendRun.objects.filter(period__startswith=prefix)}
    return [
        Week(Period.parse(key), taxes.get(key), stipends.get(key)) for key in sorted({*taxes, *stipends}, reverse=True)
    ]


def own_figures(week: Week, wallet: Wallet) -> Own:
    """What a week was for the owner of a wallet. Three queries."""
    collection = distribution = None
    steps: list[rules.Step] = []
    aside = ZERO
    if week.tax is not None:
        collection = TaxCollection.objects.filter(run=week.tax, wallet=wallet).first()
        if collection is not None:
            steps = rules.steps(collection.base, rules.read(week.tax.brackets))
            aside = queries.set_aside_in(week.tax, wallet.pk)
    if week.stipend is not None:
        distribution = StipendDistribution.objects.filter(
            run=week.stipend, wallet=wallet, paid_at__isnull=False
        ).first()
    assessed = rules.sum_of(steps) if steps else ZERO
    return Own(collection, steps, assessed, aside, distribution)


def members_by_bracket(run: TaxRun) -> list[tuple[str, int]]:
    """How many members reached each bracket of a run at most, lowest first; known when the run is complete.

    Members without a coin all week, who have no row, stand with the lowest one.
    """
    found = [(one.name, run.by_bracket.get(one.name, 0)) for one in rules.read(run.brackets)]
    if not found or not run.by_bracket:
        return []
    name, members = found[0]
    empty = max(0, run.members - sum(members for _name, members in found))
    return [(name, members + empty), *found[1:]]


def next_run_at(at: datetime) -> datetime:
    """When the run of the week that a moment lies in is due."""
    return Period.of(at).end
