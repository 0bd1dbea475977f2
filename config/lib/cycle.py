"""The weekly cycle as a list of stages that apps fill in `ready()`: decay, tax, stipend, in this order, one week at a time.

Each stage is told the period and the clock, records its own run once per period, and may be started again after any
crash. This module only decides which weeks are due and in which order they go.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from config.lib.periods import Period
from config.lib.refusals import Refused


class WeekNotOver(Refused):
    """A week is collected when it has ended, not before."""

    slug = "week-not-over"
    title = _("Week not over")
    sentence = _("%(period)s ends on %(end)s; it cannot be run before.")


class NothingToRun(Refused):
    """The week lies before the community began."""

    slug = "before-the-beginning"
    sentence = _("%(period)s lies before the first member joined.")


Progress = Callable[[str, int, int], None]


class Stage(Protocol):
    """What a stage must offer."""

    name: str
    order: int

    def is_done(self, period: Period) -> bool:
        """Whether the run of this period is complete."""
        ...

    def run(self, *, period: Period, end: datetime, at: datetime, progress: Progress) -> dict[str, Any]:
        """Do what is missing for the period; the run's totals. `end` is the period's end, or now when run early."""
        ...

    def preview(self, *, period: Period, end: datetime, at: datetime) -> dict[str, Any]:
        """What `run` would do, as totals; writes nothing."""
        ...


@dataclass(frozen=True)
class Outcome:
    """One stage of one week: its totals, and whether this call completed it."""

    period: Period
    stage: str
    totals: dict[str, Any]
    was_done: bool = False


_stages: dict[str, Stage] = {}
_beginning: Callable[[], datetime | None] | None = None


def add_stage(stage: Stage) -> None:
    """Register a stage; called from an app's `ready()`."""
    _stages[stage.name] = stage


def begins_with(moment_of_first_member: Callable[[], datetime | None]) -> None:
    """Register who knows when the community began."""
    global _beginning
    _beginning = moment_of_first_member


def stages() -> list[Stage]:
    """All stages, in their order."""
    return sorted(_stages.values(), key=lambda stage: stage.order)


def stage_names() -> list[str]:
    return [stage.name for stage in stages()]


def due_periods(at: datetime) -> list[Period]:
    """The full weeks, oldest first, for which some stage is not done; from the week in which the community began."""
    began = _beginning() if _beginning else None
    if began is None:
        return []
    weeks = Period.of(began).through(Period.last_full(at))
    return [week for week in weeks if not all(stage.is_done(week) for stage in stages())]


def run(
    *,
    periods: Iterable[Period],
    at: datetime,
    only: Iterable[str] | None = None,
    early: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> list[Outcome]:
    """Run stages week by week. May refuse with WeekNotOver (unless `early`, which takes now as the week's end), NothingToRun.

    A week's stipend sees that week's tax, so stages of one week finish before the next week begins.
    """
    began = _beginning() if _beginning else None
    chosen = [stage for stage in stages() if only is None or stage.name in set(only)]
    outcomes = []
    for period in sorted(periods):
        if not period.is_over(at) and not (early and period.start <= at):
            raise WeekNotOver(period=period.key, end=f"{period.end:%Y-%m-%d %H:%M} UTC")
        if began is None or period.end <= began:
            raise NothingToRun(period=period.key)
        end = min(period.end, at)
        for stage in chosen:
            if dry_run:
                outcomes.append(Outcome(period, stage.name, stage.preview(period=period, end=end, at=at)))
                continue
            was_done = stage.is_done(period)
            totals = stage.run(period=period, end=end, at=at, progress=progress)
            outcomes.append(Outcome(period, stage.name, totals, was_done))
    return outcomes
