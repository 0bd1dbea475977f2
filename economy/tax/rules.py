"""The tax as arithmetic (economy.md, tax): pure, exact, rounded down to 0.01.

The set-based run does the same in SQL (migrations/0003_weekly_cycle.sql, 0071_set_aside.sql); tests hold the two
against each other.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

from config.lib.money import ZERO, down


@dataclass(frozen=True)
class Bracket:
    """One part of the base, from `lower` up to `upper` (None: no end), and its weekly rate."""

    name: str
    lower: Decimal
    upper: Decimal | None
    rate: Decimal


DEFAULT_BRACKETS = (
    Bracket("free", Decimal("0.00"), Decimal("200.00"), Decimal("0.0000")),
    Bracket("low", Decimal("200.00"), Decimal("500.00"), Decimal("0.0200")),
    Bracket("middle", Decimal("500.00"), Decimal("1000.00"), Decimal("0.0500")),
    Bracket("high", Decimal("1000.00"), Decimal("5000.00"), Decimal("0.1000")),
    Bracket("top", Decimal("5000.00"), None, Decimal("0.1500")),
)


@dataclass(frozen=True)
class Assessment:
    """What a base costs: the tax, the highest bracket that part of the base lies in, and tax / base to 4 decimals."""

    tax: Decimal
    bracket: str
    rate: Decimal


def are_complete(brackets: Sequence[Bracket]) -> bool:
    """Whether the brackets, in order, cover every base once: from 0, without gap or overlap, the last one open."""
    if not brackets or brackets[0].lower != 0 or brackets[-1].upper is not None:
        return False
    return all(one.upper == following.lower for one, following in pairwise(brackets))


def assess(base: Decimal, brackets: Sequence[Bracket] = DEFAULT_BRACKETS) -> Assessment:
    """The tax on a base: each part of it pays its own bracket's rate, so nobody is poorer for earning more."""
    reached = [bracket for bracket in brackets if base > bracket.lower] or list(brackets[:1])
    tax = down(sum((_part(base, bracket) * bracket.rate for bracket in reached), ZERO))
    return Assessment(tax=tax, bracket=reached[-1].name, rate=effective_rate(tax, base))


@dataclass(frozen=True)
class Step:
    """A part of the base, the bracket that it lies in, and what it pays (not yet rounded)."""

    bracket: Bracket
    part: Decimal
    tax: Decimal


def steps(base: Decimal, brackets: Sequence[Bracket] = DEFAULT_BRACKETS) -> list[Step]:
    """How the tax on a base comes about, lowest bracket first; brackets that it does not reach are left out."""
    parts = [(bracket, _part(base, bracket)) for bracket in brackets]
    return [Step(bracket, part, part * bracket.rate) for bracket, part in parts if part > 0]


def sum_of(parts: Sequence[Step]) -> Decimal:
    """What steps come to, rounded down to 0.01: the tax."""
    return down(sum((step.tax for step in parts), ZERO))


def effective_rate(tax: Decimal, base: Decimal) -> Decimal:
    """The share of the base that the tax is, to 4 decimals, halves up; 0 of nothing."""
    return (tax / base if base else ZERO).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def _part(base: Decimal, bracket: Bracket) -> Decimal:
    top = base if bracket.upper is None else min(base, bracket.upper)
    return max(top - bracket.lower, ZERO)


def average(
    *, closing: Decimal, movements: Iterable[tuple[datetime, Decimal]], start: datetime, end: datetime
) -> Decimal:
    """The time-weighted average balance of a span, rounded down to 0.01.

    closing − Σ amount × (part of the span that had passed before it): what came late has counted for little. `closing`
    is the balance at the span's end, `movements` are the signed amounts within it.
    """
    whole = (end - start) // timedelta(microseconds=1)
    total = Fraction(closing)
    for at, amount in movements:
        total -= Fraction(amount) * Fraction((at - start) // timedelta(microseconds=1), whole)
    return rounded(total)


def weighed_average(closing: Decimal, *, weighed: Decimal, seconds: Decimal, aside: Fraction = Fraction(0)) -> Decimal:
    """The average of `average` where the movements are already weighed: Σ amount × seconds since the span's start.

    `aside` is what was set aside on average, which stays in the base.
    """
    return rounded(Fraction(closing) - Fraction(weighed) / Fraction(seconds) + aside)


def seconds(span: timedelta) -> Decimal:
    """A span in seconds, to the microsecond: as exact as the database counts it."""
    return Decimal(span // timedelta(microseconds=1)) / 1_000_000


def rounded(exact: Fraction) -> Decimal:
    """Coins of an exact figure, rounded down to 0.01."""
    return Decimal(floor(exact * 100)) / 100


@dataclass(frozen=True)
class SetAside:
    """Coins that left a wallet and stayed its owner's, since when and until when (None: they still are)."""

    coins: Decimal
    since: datetime
    until: datetime | None


def set_aside(parts: Iterable[SetAside], *, start: datetime, end: datetime, is_closing: bool) -> Fraction:
    """What set-aside coins add to the base of a span, not rounded: their average, or what is set aside at its end."""
    micro = timedelta(microseconds=1)

    def passed(moment: datetime | None) -> Fraction:
        if moment is None or moment >= end:
            return Fraction(1)
        if is_closing or moment <= start:
            return Fraction(0)
        return Fraction((moment - start) // micro, (end - start) // micro)

    return sum((Fraction(part.coins) * (passed(part.until) - passed(part.since)) for part in parts), Fraction(0))


def written(brackets: Sequence[Bracket]) -> list[dict[str, Any]]:
    """Brackets as a run keeps them: JSON with amounts as strings."""
    return [
        {
            "name": bracket.name,
            "lower": str(bracket.lower),
            "upper": None if bracket.upper is None else str(bracket.upper),
            "rate": str(bracket.rate),
        }
        for bracket in brackets
    ]


def read(rows: Iterable[Mapping[str, Any]]) -> list[Bracket]:
    """Brackets from what a run has kept of them (`written`)."""
    return [
        Bracket(
            row["name"],
            Decimal(row["lower"]),
            None if row["upper"] is None else Decimal(row["upper"]),
            Decimal(row["rate"]),
        )
        for row in rows
    ]


def dumped(brackets: list[dict[str, Any]]) -> str:
    """What `written` gave, as text for the database."""
    return json.dumps(brackets)
