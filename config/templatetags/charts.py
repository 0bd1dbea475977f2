"""Charts drawn on the server as SVG, each with a text alternative and its numbers. Geometry: config.lib.charts."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zlib import crc32

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from config.lib import charts

register = template.Library()


def figure(value: Any) -> str:
    """A number in the reader's language: Decimals with two places, counts with none, floats with two at most."""
    if isinstance(value, Decimal):
        return formats.number_format(value, 2, force_grouping=True)
    if isinstance(value, float) and not value.is_integer():
        return formats.number_format(round(value, 2), force_grouping=True)
    return formats.number_format(int(value), 0, force_grouping=True)


def _round(bound: Decimal) -> str:
    """The bound of a span: without decimals where it has none."""
    return figure(int(bound) if bound == int(bound) else bound)


def percent(share: Any, places: int = 1) -> str:
    """A share of 1 as a percentage: 0.125 → 12.5%, and with no places 13%."""
    # Rounded here: number_format cuts off what it has no place for.
    number = (Decimal(str(share)) * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return _("%(number)s%%") % {"number": formats.number_format(number, places)}


def place(x: Any) -> str:
    """A place on the x axis in words."""
    if isinstance(x, datetime):
        return formats.date_format(timezone.localtime(x) if timezone.is_aware(x) else x, "SHORT_DATETIME_FORMAT")
    if isinstance(x, date):
        # In words: 10/11/2026 is October to some and November to others.
        return formats.date_format(x, "DATE_FORMAT")
    return figure(x) if isinstance(x, (int, float, Decimal)) else str(x)


def _name(*parts: Any) -> str:
    """An id that is the same for the same chart, so that a swapped fragment keeps its references."""
    return f"chart-{crc32(repr(parts).encode()):08x}"


def _series(series: Any) -> list[tuple[str, Sequence[tuple[Any, Any]]]]:
    """Lines from what pages have: dicts {label, points}, pairs (label, points), or one bare list of points."""
    lines = list(series or [])
    if lines and isinstance(lines[0], dict):
        return [(str(line["label"]), line["points"]) for line in lines]
    if lines and isinstance(lines[0][1], (list, tuple)):
        return [(str(label), points) for label, points in lines]
    return [("", lines)] if lines else []


@register.inclusion_tag("components/charts/_line.html")
def line_chart(
    series: Any, title: str, *, text: str = "", x_title: str = "", unit: str = "", from_zero: bool = True
) -> dict[str, Any]:
    """Values over time. `text` says in a sentence what the picture shows; without it the ends are read out."""
    lines = _series(series)
    plot = charts.line_plot(lines, from_zero=from_zero)
    if not text:
        text = " ".join(
            (_("%(label)s from %(first)s to %(last)s.") if line.label else _("From %(first)s to %(last)s."))
            % {
                "label": line.label,
                "first": figure(line.spots[0].value),
                "last": figure(line.spots[-1].value),
            }
            for line in plot.lines
            if line.spots
        )
    known = [{spot.at: spot.value for spot in line.spots} for line in plot.lines]
    places = list(dict.fromkeys(at for values in known for at in values))
    return {
        "name": _name(title, lines),
        "title": title,
        "text": text,
        "unit": unit,
        "width": charts.WIDTH,
        "height": charts.HEIGHT,
        "lines": [
            {
                "tone": index % 8,
                "label": line.label,
                "stroke": line.stroke,
                "area": line.area if len(plot.lines) == 1 else "",
                "last": line.spots[-1] if line.spots else None,
                "spots": [
                    {"x": spot.x, "y": spot.y, "words": f"{place(spot.at)}: {figure(spot.value)}"}
                    for spot in (line.spots if len(line.spots) <= 120 else ())
                ],
            }
            for index, line in enumerate(plot.lines)
        ],
        "heights": plot.heights,
        "y_labels": [figure(tick) for tick in plot.ticks],
        "x_labels": [place(x) for x in plot.x_labels],
        "heads": [x_title or _("When"), *(line.label or title for line in plot.lines)],
        "rows": [
            (place(at), [figure(values[at]) if at in values else "–" for values in known]) for at in reversed(places)
        ],
    }


@register.inclusion_tag("components/charts/_bars.html")
def bar_chart(rows: Any, title: str, *, text: str = "", coins: bool = False, tone: int = 0) -> dict[str, Any]:
    """How much of each: rows of (label, value) or (label, value, words). The values stand beside the bars."""
    rows = [(row[0], row[1], row[2] if len(row) > 2 else "") for row in rows or []]
    parts = charts.bars([value for _label, value, _words in rows])
    return {
        "title": title,
        "text": text,
        "coins": coins,
        "tone": tone,
        "rows": [
            {"label": label, "value": value, "words": words or figure(value), "part": part}
            for (label, value, words), part in zip(rows, parts, strict=True)
        ],
    }


@register.inclusion_tag("components/charts/_stacked.html")
def stacked_bar(
    parts: Any, title: str, *, text: str = "", total: Any = None, mark: Any = None, mark_label: str = ""
) -> dict[str, Any]:
    """Parts of a whole: (label, value) or (label, value, tone).

    `total` is what a full bar would be; `mark` (a share, 0 to 1) draws a line, such as a quorum.
    """
    rows = [(row[0], row[1], row[2] if len(row) > 2 else index % 8) for index, row in enumerate(parts or [])]
    placed = charts.stack([value for _label, value, _tone in rows], total=total)
    found = [
        {"label": label, "words": figure(value), "share": percent(part.share), "tone": tone, "part": part}
        for (label, value, tone), part in zip(rows, placed, strict=True)
    ]
    return {
        "name": _name(title, rows, mark),
        "title": title,
        "text": text or ", ".join(f"{row['label']} {row['share']}" for row in found),
        "rows": found,
        "mark": None if mark is None else charts.coordinate(float(mark) * 100),
        "mark_label": mark_label,
        "mark_words": "" if mark is None else percent(mark),
    }


@register.inclusion_tag("components/charts/_brackets.html")
def bracket_chart(brackets: Any, here: Any, title: str, *, text: str = "") -> dict[str, Any]:
    """Brackets as steps, each as high as its rate, with a mark where `here` (coins) stands.

    `brackets` have name, lower, upper (None: no end) and rate, lowest first.
    """
    found = list(brackets or [])
    stairs, mark = charts.staircase([one.lower for one in found], [one.rate for one in found], here)
    rows = [
        {
            "label": one.name.capitalize(),
            "from": _round(one.lower),
            "upto": "" if one.upper is None else _round(one.upper),
            "rate": percent(one.rate),
            "stair": stair,
            "tone": index % 8,
            "is_here": here >= one.lower and (one.upper is None or here < one.upper),
        }
        for index, (one, stair) in enumerate(zip(found, stairs, strict=True))
    ]
    reached = next((row for row in rows if row["is_here"]), None)
    if not text and reached:
        text = _("You stand at %(here)s, in the bracket %(name)s, where %(rate)s a week are due.") % {
            "here": figure(here),
            "name": reached["label"],
            "rate": reached["rate"],
        }
    return {
        "name": _name(title, found, here),
        "title": title,
        "text": text,
        "rows": rows,
        "mark": mark,
        "here": figure(here),
    }


@register.inclusion_tag("components/charts/_lorenz.html")
def lorenz(points: Any, gini: Any = None, title: str = "", *, text: str = "") -> dict[str, Any]:
    """How evenly coins are spread: points (share of members, share of coins) from 0 to 1, poorest first."""
    points = list(points or [])
    gini = charts.gini(points) if gini is None else gini
    shown = formats.number_format(round(Decimal(str(gini)), 2), 2)
    return {
        "name": _name(title, points),
        "title": title or _("How evenly coins are spread"),
        "text": text
        or _("Gini coefficient %(gini)s: 0 when everyone has the same, 1 when one member has everything.")
        % {"gini": shown},
        "path": charts.lorenz_path(points),
        "rows": [(percent(members, 0), percent(coins)) for members, coins in points],
        "y_labels": [percent(share, 0) for share in (0, 0.5, 1)],
    }
