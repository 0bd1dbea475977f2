"""The geometry of charts: numbers in, coordinates out. No markup, no words, no clock.

Coordinates are strings because templates localise floats ("12,5" would break a path in German). Floats are
good enough for a picture; the tables beside the charts show the exact values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, isclose, log10
from typing import Any

WIDTH = 600
HEIGHT = 200
Value = int | float | Decimal


@dataclass(frozen=True)
class Spot:
    """One measured point: where it stands, and what it is worth."""

    x: str
    y: str
    at: Any
    value: Value


@dataclass(frozen=True)
class Line:
    """One line of a chart: the path of its stroke, the path of the area under it, its spots."""

    label: str
    stroke: str
    area: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class LinePlot:
    """Lines in a box of WIDTH × HEIGHT. `heights` are the grid lines, lowest first, evenly spaced as `ticks`."""

    lines: tuple[Line, ...]
    ticks: tuple[float, ...]
    heights: tuple[str, ...]
    x_labels: tuple[Any, ...]


@dataclass(frozen=True)
class Part:
    """A stretch of a bar that is 100 wide; `share` is between 0 and 1."""

    start: str
    width: str
    share: float


def coordinate(number: float) -> str:
    """A coordinate with at most two decimals and a full stop, whatever the reader's language."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def ticks(low: float, high: float, *, about: int = 4) -> tuple[float, ...]:
    """Round values, evenly spaced, that enclose low and high: (0, 87) → 0, 25, 50, 75, 100."""
    if isclose(low, high, abs_tol=1e-9):
        high = low + max(abs(low), 1.0)
    rough = (high - low) / about
    power = 10.0 ** floor(log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough or size == 10)
    first, last = floor(low / step), ceil(high / step)
    return tuple(round(n * step, 10) for n in range(first, last + 1))


def _number(x: Any) -> float | None:
    if isinstance(x, datetime):
        return x.timestamp()
    if isinstance(x, date):
        return float(x.toordinal())
    if isinstance(x, (int, float, Decimal)):
        return float(x)
    return None


def _between(first: Any, last: Any) -> Any:
    """What stands half-way between two places of the x axis; None where half-way has no meaning."""
    if isinstance(first, (date, datetime)):
        return first + (last - first) / 2
    if isinstance(first, (int, float, Decimal)):
        return (first + last) / 2
    return None


def line_plot(series: Sequence[tuple[str, Sequence[tuple[Any, Value]]]], *, from_zero: bool = True) -> LinePlot:
    """Lines over one pair of axes.

    `series` holds (label, points); a point is (x, value), where x is a date, a moment or a number (placed to
    scale), or a word (placed evenly, by its first appearance).
    """
    places = list(dict.fromkeys(x for _label, points in series for x, _value in points))
    values = [float(value) for _label, points in series for _x, value in points]
    if not places:
        return LinePlot(lines=(), ticks=(), heights=(), x_labels=())
    numbers = [_number(x) for x in places]
    if any(number is None for number in numbers):
        where = {x: float(index) for index, x in enumerate(places)}
        middle = places[len(places) // 2] if len(places) % 2 and len(places) > 2 else None
    else:
        where = {x: number for x, number in zip(places, numbers, strict=True) if number is not None}
        places.sort(key=where.__getitem__)
        middle = _between(places[0], places[-1]) if len(places) > 2 else None
    left, right = min(where.values()), max(where.values())
    reach = [0.0, *values] if from_zero else values
    steps = ticks(min(reach), max(reach))
    bottom, top = steps[0], steps[-1]

    def across(x: Any) -> float:
        return WIDTH / 2 if left == right else (where[x] - left) / (right - left) * WIDTH

    def up(value: float) -> float:
        return HEIGHT - (value - bottom) / (top - bottom) * HEIGHT

    lines = []
    for label, points in series:
        ordered = sorted(points, key=lambda point: where[point[0]])
        spots = tuple(Spot(coordinate(across(x)), coordinate(up(float(y))), x, y) for x, y in ordered)
        stroke = "M" + " L".join(f"{spot.x} {spot.y}" for spot in spots) if spots else ""
        ground = coordinate(up(max(bottom, min(0.0, top))))
        area = f"{stroke} L{spots[-1].x} {ground} L{spots[0].x} {ground} Z" if len(spots) > 1 else ""
        lines.append(Line(label, stroke, area, spots))
    labels = (places[0],) if len(places) == 1 else (places[0], middle, places[-1])
    return LinePlot(
        lines=tuple(lines),
        ticks=steps,
        heights=tuple(coordinate(up(step)) for step in steps),
        x_labels=tuple(label for label in labels if label is not None),
    )


def bars(values: Sequence[Value]) -> tuple[Part, ...]:
    """Bars on one scale: the longest is 100 wide. Negative values have no length."""
    longest = max((float(value) for value in values), default=0.0)
    shares = [max(0.0, float(value)) / longest if longest > 0 else 0.0 for value in values]
    return tuple(Part("0", coordinate(share * 100), share) for share in shares)


def stack(values: Sequence[Value], *, total: Value | None = None) -> tuple[Part, ...]:
    """Parts of one bar, end to end. `total` is what a full bar would be; by default the parts fill it."""
    lengths = [max(0.0, float(value)) for value in values]
    whole = max(sum(lengths), float(total) if total is not None else 0.0)
    parts, start = [], 0.0
    for length in lengths:
        share = length / whole if whole > 0 else 0.0
        parts.append(Part(coordinate(start * 100), coordinate(share * 100), share))
        start += share
    return tuple(parts)


@dataclass(frozen=True)
class Stair:
    """One step of a staircase in a box of 100 × 100: where it begins, how wide and how high it is, and its top edge."""

    start: str
    width: str
    top: str
    height: str


def staircase(lowers: Sequence[Value], heights: Sequence[Value], here: Value) -> tuple[tuple[Stair, ...], str]:
    """Spans of very different length, drawn equally wide, as high as their values; and where `here` stands on them.

    The last span has no end: it is taken to be four times as far as its beginning.
    """
    count = len(lowers)
    if not count:
        return (), "0"
    highest = max((float(height) for height in heights), default=0.0) or 1.0
    width = 100 / count
    stairs = tuple(
        Stair(
            coordinate(index * width),
            coordinate(width),
            coordinate(100 - float(height) / highest * 100),
            coordinate(float(height) / highest * 100),
        )
        for index, height in enumerate(heights)
    )
    bounds = [float(lower) for lower in lowers]
    bounds.append(max(bounds[-1] * 4, bounds[-1] + 1.0))
    where = max(float(here), bounds[0])
    index = max(place for place in range(count) if where >= bounds[place])
    part = min(1.0, (where - bounds[index]) / (bounds[index + 1] - bounds[index]))
    return stairs, coordinate((index + part) * width)


def lorenz_path(points: Sequence[tuple[Value, Value]]) -> str:
    """The Lorenz curve in a box of 100 × 100.

    Points are (share of members, share of coins), both from 0 to 1, poorest first. The corners (0, 0) and (1, 1)
    are added where they are missing. Source: Lorenz, 1905.
    """
    known = sorted((float(members), float(coins)) for members, coins in points)
    if not known or known[0] != (0.0, 0.0):
        known.insert(0, (0.0, 0.0))
    if known[-1] != (1.0, 1.0):
        known.append((1.0, 1.0))
    return "M" + " L".join(f"{coordinate(x * 100)} {coordinate(100 - y * 100)}" for x, y in known)


def gini(points: Sequence[tuple[Value, Value]]) -> float:
    """The Gini coefficient by the trapezium rule: 0 when all have the same, towards 1 when one has all."""
    known = sorted({(0.0, 0.0), (1.0, 1.0), *((float(x), float(y)) for x, y in points)})
    under = sum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in pairwise(known))
    return 1 - 2 * under
