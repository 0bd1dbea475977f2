"""The geometry of charts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib import charts
from config.templatetags.charts import percent


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 87, (0, 25, 50, 75, 100)),
        (0, 100, (0, 25, 50, 75, 100)),
        (0, 0, (0, 0.25, 0.5, 0.75, 1)),
        (-3, 5, (-4, -2, 0, 2, 4, 6)),
        (0, 195_001, (0, 50_000, 100_000, 150_000, 200_000)),
    ],
)
def test_ticks_are_round_and_enclose_what_they_measure(low, high, expected):
    assert charts.ticks(low, high) == expected


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_ticks_are_few_and_evenly_spaced(low, span):
    steps = charts.ticks(low, low + span)

    assert steps[0] <= low + 1e-6
    assert steps[-1] >= low + span - 1e-6
    assert 2 <= len(steps) <= 7


def test_a_coordinate_is_short_and_never_minus_zero():
    assert [charts.coordinate(n) for n in (12.5, 100.0, 0.333333, -0.001)] == ["12.5", "100", "0.33", "0"]


def test_dates_stand_to_scale():
    days = [(date(2026, 1, 1), 0), (date(2026, 1, 2), 5), (date(2026, 1, 5), 10)]

    plot = charts.line_plot([("Supply", days)])

    assert [spot.x for spot in plot.lines[0].spots] == ["0", "150", "600"]
    assert plot.x_labels == (date(2026, 1, 1), date(2026, 1, 3), date(2026, 1, 5))


def test_higher_values_stand_higher_and_the_axis_starts_at_zero():
    plot = charts.line_plot([("Balance", [(1, Decimal("50")), (2, Decimal("100"))])])

    assert plot.lines[0].stroke == "M0 100 L600 0"
    assert plot.lines[0].area == "M0 100 L600 0 L600 200 L0 200 Z"


def test_an_axis_may_start_where_the_values_do():
    plot = charts.line_plot([("Index", [(1, 100), (2, 104)])], from_zero=False)

    assert plot.ticks[0] == 100


def test_words_stand_evenly_and_points_are_drawn_in_their_order():
    plot = charts.line_plot([("Tax", [("W1", 1), ("W2", 3), ("W3", 2)])])

    assert [spot.x for spot in plot.lines[0].spots] == ["0", "300", "600"]
    assert plot.x_labels == ("W1", "W2", "W3")


def test_lines_share_their_axes():
    plot = charts.line_plot([("a", [(0, 10), (10, 10)]), ("b", [(5, 40)])])

    assert plot.ticks == (0, 10, 20, 30, 40)
    assert plot.lines[1].stroke == "M300 0"


def test_nothing_to_draw_is_an_empty_plot():
    assert charts.line_plot([("Supply", [])]).lines == ()


def test_one_point_stands_in_the_middle():
    assert charts.line_plot([("a", [(7, 3)])]).lines[0].spots[0].x == "300"


def test_the_longest_bar_fills_its_row_and_nothing_has_no_length():
    assert [part.width for part in charts.bars([50, 200, 0, -4])] == ["25", "100", "0", "0"]
    assert [part.width for part in charts.bars([0, 0])] == ["0", "0"]


def test_parts_stand_end_to_end():
    parts = charts.stack([60, 20, 20])

    assert [(part.start, part.width) for part in parts] == [("0", "60"), ("60", "20"), ("80", "20")]


def test_a_vote_leaves_room_for_those_who_have_not_voted():
    parts = charts.stack([30, 10], total=100)

    assert [(part.start, part.width) for part in parts] == [("0", "30"), ("30", "10")]


def test_a_total_that_is_too_small_does_not_burst_the_bar():
    assert [part.share for part in charts.stack([3, 1], total=2)] == [0.75, 0.25]


def test_the_lorenz_curve_runs_from_corner_to_corner():
    assert charts.lorenz_path([(0.5, 0.1)]) == "M0 100 L50 90 L100 0"


@pytest.mark.parametrize(
    ("points", "expected"),
    [([(0.5, 0.5)], 0.0), ([(0.5, 0.0)], 0.5), ([(0.8, 0.2)], 0.6)],
)
def test_gini(points, expected):
    assert charts.gini(points) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("share", "places", "shown"), [("0.125", 1, "12.5%"), ("0.149", 0, "15%"), ("0.594", 0, "59%"), (0.125, 0, "13%")]
)
def test_percentages_are_rounded_not_cut_off(share, places, shown):
    assert percent(share, places) == shown
