"""The weekly cycle: stages that apps add in `ready()` (decay, tax, stipend, in this order), one week at a time.

Each stage is told the period and the clock, records its own run once per period, and may be started again after any
crash. This module only decides which weeks are due and in which order they go.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from config.lib.periods import Period
from config.lib.refusals import Refused


class WeekNotOver(Refused):
    """A week is collected when it has ended, not before."""

    slug = "week-not-over"
    title = _("Week not over")
    sentence = _("%(period)s ends on %(end)s; it cannot be run before.")


class UnknownStage(Refused):
    """No app has registered a stage of this name."""

    slug = "unknown-stage"
    title = _("No such stage")
    sentence = _("There is no stage %(name)s; the stages are %(known)s.")


class NothingToRun(Refused):
    """The week lies before the community began."""

    slug = "before-the-beginning"
    title = _("Before the beginning")
    sentence = _("%(period)s lies before the first member joined.")


WeeklyProgress = Callable[[Period, str, int, int], None]
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
    """One stage of one week: its totals, and whether it had been complete before."""

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


def chosen(only: Iterable[str] | None = None) -> list[Stage]:
    """The stages of these names (None: all), in their order, not in the order given. May refuse with UnknownStage."""
    if only is None:
        return stages()
    names = set(only)
    unknown = names - set(_stages)
    if unknown:
        raise UnknownStage(name=", ".join(sorted(unknown)), known=", ".join(stage_names()))
    return [stage for stage in stages() if stage.name in names]


def due_periods(at: datetime, only: Iterable[str] | None = None) -> list[Period]:
    """The full weeks, oldest first, for which some (chosen) stage is not done, since the community began."""
    began = _beginning() if _beginning else None
    if began is None:
        return []
    weeks = Period.of(began).through(Period.last_full(at))
    those = chosen(only)
    return [week for week in weeks if not all(stage.is_done(week) for stage in those)]


def has_begun(period: Period) -> bool:
    """Whether anyone had joined before the week ended."""
    began = _beginning() if _beginning else None
    return began is not None and began < period.end


def run(
    *,
    periods: Iterable[Period],
    at: datetime,
    only: Iterable[str] | None = None,
    early: bool = False,
    dry_run: bool = False,
    progress: WeeklyProgress = lambda period, stage, done, total: None,
) -> list[Outcome]:
    """Run stages week by week; `early` takes now as the end of a week that is not over.

    May refuse, before anything is done, with WeekNotOver, NothingToRun, UnknownStage.

    A week's stipend sees that week's tax, so the stages of one week finish before the next week begins. What a stage
    raises ends the whole run: a later week must not be paid before an earlier one.
    """
    those, weeks = chosen(only), sorted(set(periods))
    for period in weeks:
        if not period.is_over(at) and not (early and period.start < at):
            raise WeekNotOver(period=period.key, end=f"{period.end:%Y-%m-%d %H:%M} UTC")
        if not has_begun(period):
            raise NothingToRun(period=period.key)
    outcomes = []
    for period in weeks:
        end = min(period.end, at)
        for stage in those:
            was_done = stage.is_done(period)
            if dry_run:
                totals = stage.preview(period=period, end=end, at=at)
            else:
                totals = stage.run(period=period, end=end, at=at, progress=partial(progress, period))
            outcomes.append(Outcome(period, stage.name, totals, was_done))
    return outcomes
