"""Rounds, medians and the table that is printed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Final, Literal

RATE: Final = "per s"
TIME: Final = "s"
MEMORY: Final = "MB"


@dataclass
class Result:
    """One line of the table: what was measured beside what, round by round."""

    name: str
    reference: str
    unit: Literal["per s", "s", "MB"]
    goal: float | None = None  # of the ratio: at least for rates, at most for times and memory
    of_ours: bool = False  # the goal is for our figure as it is, in each round
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Median of the ratios of the rounds: both of a pair ran side by side, so they met the same noise."""
        return median(ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True))

    @property
    def is_met(self) -> bool | None:
        if self.goal is None:
            return None
        if self.of_ours:
            return max(self.ours) <= self.goal if self._is_upper else min(self.ours) >= self.goal
        return self.ratio <= self.goal if self._is_upper else self.ratio >= self.goal

    @property
    def _is_upper(self) -> bool:
        return self.unit != RATE

    def cells(self) -> tuple[str, ...]:
        sign = "≤" if self._is_upper else "≥"
        return (
            self.name,
            self.reference,
            str(len(self.ours)),
            _figure(median(self.ours), self.unit),
            _figure(median(self.theirs), self.unit),
            f"{self.ratio:.2f}",
            ""
            if self.goal is None
            else f"{sign} {_figure(self.goal, self.unit) if self.of_ours else f'{self.goal:g}'}",
            {True: "met", False: "NOT MET", None: ""}[self.is_met],
        )


def _figure(value: float, unit: str) -> str:
    if unit == RATE:
        return f"{value:,.0f}/s"
    if unit == MEMORY:
        return f"{value:,.0f} MB"
    return f"{value:.2f} s" if value >= 0.1 else f"{value * 1000:.1f} ms" if value >= 0.001 else f"{value * 1e6:.1f} µs"


def alternate(
    variants: Mapping[str, Callable[[], float]],
    *,
    rounds: int,
    is_warm: bool = False,
    when_warm: Callable[[], None] = lambda: None,
) -> dict[str, list[float]]:
    """Measure all variants in turn, round by round, every other round backwards.

    Unless all `is_warm`, after one turn that does not count; `when_warm` comes after that one, such as the statistics that
    a database gathers of what is in it by then.
    """
    if not is_warm:
        for turn in reversed(list(variants.values())):
            turn()
    when_warm()
    found: dict[str, list[float]] = {name: [] for name in variants}
    for number in range(rounds):
        for name in list(variants)[:: 1 if number % 2 == 0 else -1]:
            found[name].append(variants[name]())
    return found


HEADINGS = ("benchmark", "beside", "rounds", "ours", "reference", "ratio", "goal", "")


def table(results: list[Result]) -> str:
    """The results as a table that is Markdown and can be read in a terminal."""
    lines = [HEADINGS, *(result.cells() for result in results)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    drawn = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return "\n".join([drawn[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *drawn[1:]])
