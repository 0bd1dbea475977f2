"""The tax as arithmetic."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from economy.tax import rules
from economy.tax.rules import DEFAULT_BRACKETS, Bracket

MONDAY = datetime(2026, 11, 9, tzinfo=UTC)
NEXT_MONDAY = MONDAY + timedelta(days=7)


def balances(most="1000000.00"):
    return st.decimals(min_value=D("0.00"), max_value=D(most), places=2)


@st.composite
def bracket_tables(draw):
    bounds = sorted(draw(st.sets(st.integers(1, 20_000), min_size=1, max_size=6)))
    rates = [draw(st.decimals(0, 1, places=4)) for _bound in range(len(bounds) + 1)]
    lowers = [D(0), *map(D, bounds)]
    uppers = [*map(D, bounds), None]
    return [Bracket(f"b{number}", *row) for number, row in enumerate(zip(lowers, uppers, rates, strict=True))]


@pytest.mark.parametrize(
    ("balance", "tax", "bracket"),
    [
        ("0.00", "0.00", "free"),
        ("200.00", "0.00", "free"),
        ("500.00", "6.00", "low"),
        ("700.00", "16.00", "middle"),
        ("1000.00", "31.00", "middle"),
        ("1200.00", "51.00", "high"),
        ("10000.00", "1181.00", "top"),
    ],
)
def test_worked_examples(balance, tax, bracket):
    found = rules.assess(D(balance))
    assert (found.tax, found.bracket) == (D(tax), bracket)


def test_the_effective_rate_has_four_decimals():
    assert rules.assess(D("1200.00")).rate == D("0.0425")
    assert rules.assess(D("10000.00")).rate == D("0.1181")
    assert rules.assess(D("700.00")).rate == D("0.0229")
    assert rules.assess(D("0.00")).rate == D("0.0000")


def test_a_bracket_begins_above_its_lower_bound():
    assert rules.assess(D("200.00")).bracket == "free"
    assert rules.assess(D("200.01")).bracket == "low"


def test_the_tax_is_rounded_down():
    assert rules.assess(D("200.49")).tax == D("0.00")
    assert rules.assess(D("200.50")).tax == D("0.01")


@given(balances(), balances("1000.00"), bracket_tables())
def test_nobody_is_poorer_for_earning_more(balance, more, brackets):
    before = balance - rules.assess(balance, brackets).tax
    after = balance + more - rules.assess(balance + more, brackets).tax
    # A hundredth may fall the other way, because the tax is cut at whole cents.
    assert after >= before - D("0.01")


@given(balances(), balances("1000.00"))
def test_nobody_is_poorer_for_earning_more_by_the_default_brackets(balance, more):
    assert balance + more - rules.assess(balance + more).tax >= balance - rules.assess(balance).tax


@given(balances(), bracket_tables())
def test_the_tax_lies_between_nothing_and_everything(balance, brackets):
    found = rules.assess(balance, brackets)
    assert D(0) <= found.tax <= balance
    assert D(0) <= found.rate <= 1


@given(bracket_tables())
def test_a_table_without_gaps_is_complete(brackets):
    assert rules.are_complete(brackets)


@pytest.mark.parametrize(
    "brackets",
    [
        [],
        DEFAULT_BRACKETS[1:],
        DEFAULT_BRACKETS[:-1],
        [*DEFAULT_BRACKETS[:2], *DEFAULT_BRACKETS[3:]],
        [DEFAULT_BRACKETS[0], *DEFAULT_BRACKETS],
    ],
)
def test_gaps_and_overlaps_are_seen(brackets):
    assert not rules.are_complete(brackets)


def average(closing, *movements):
    return rules.average(closing=D(closing), movements=movements, start=MONDAY, end=NEXT_MONDAY)


def test_what_is_held_all_week_is_the_average():
    assert average("1200.00") == D("1200.00")


def test_coins_that_leave_in_the_middle_count_for_half():
    assert average("200.00", (MONDAY + timedelta(days=3.5), D("-1000.00"))) == D("700.00")


def test_coins_moved_away_on_saturday_night_are_taxed_all_the_same():
    saturday_night = MONDAY + timedelta(days=5, hours=23)
    assert average("0.00", (saturday_night, D("-1000.00"))) == D("851.19")


@given(
    st.lists(st.tuples(st.integers(0, 7 * 24 * 3600 - 1), st.decimals(D("-50"), D("50"), places=2)), max_size=20),
)
def test_the_average_is_the_area_under_the_balance(steps):
    steps = sorted(steps)
    opening = D("1000.00")
    area, balance, last = D(0), opening, 0
    for second, amount in steps:
        area += balance * (second - last)
        balance, last = balance + amount, second
    week = 7 * 24 * 3600
    area += balance * (week - last)
    found = average(balance, *[(MONDAY + timedelta(seconds=second), amount) for second, amount in steps])
    assert abs(found - area / week) < D("0.01")
    assert found <= area / week + D("1e-18")
