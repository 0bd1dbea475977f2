"""The stipend as arithmetic."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from economy.stipend import rules

END = datetime(2026, 11, 16, tzinfo=UTC)
PAIR_MAX = D("10.00")


def coins(most="100.00"):
    return st.decimals(min_value=D("0.01"), max_value=D(most), places=2)


def tips():
    members = st.sampled_from(["alice", "bob", "carol", "dave"])
    return st.lists(st.tuples(members, members, coins()).filter(lambda tip: tip[0] != tip[1]), max_size=20)


def counted(*tips):
    return rules.counted([(giver, receiver, D(amount)) for giver, receiver, amount in tips], pair_max=PAIR_MAX)


def test_tips_of_several_members_add_up():
    assert counted(("bob", "alice", "6.00"), ("carol", "alice", "3.00")) == {"alice": D("9.00")}


def test_a_pair_counts_up_to_10_coins():
    assert counted(("bob", "alice", "6.00"), ("bob", "alice", "6.00")) == {"alice": D("10.00")}


def test_mutual_tips_cancel_out():
    assert counted(("bob", "alice", "6.00"), ("alice", "bob", "6.00")) == {}
    assert counted(("bob", "alice", "6.00"), ("alice", "bob", "2.00")) == {"alice": D("4.00")}


def test_what_cancels_is_taken_off_before_the_pair_is_capped():
    assert counted(("bob", "alice", "15.00"), ("alice", "bob", "15.00")) == {}
    assert counted(("bob", "alice", "25.00"), ("alice", "bob", "15.00")) == {"alice": D("10.00")}


@given(tips())
def test_two_members_never_both_gain_from_each_other(tips):
    for one, other in [("alice", "bob"), ("carol", "dave")]:
        between = [tip for tip in tips if {tip[0], tip[1]} == {one, other}]
        found = rules.counted(between, pair_max=PAIR_MAX)
        assert len(found) <= 1
        assert sum(found.values()) <= PAIR_MAX


@given(tips())
def test_what_counts_is_never_more_than_what_was_received(tips):
    for member, counts in rules.counted(tips, pair_max=PAIR_MAX).items():
        assert counts <= sum(amount for _giver, receiver, amount in tips if receiver == member)


def test_the_engagement_bonus_is_a_tenth_and_at_most_5():
    def bonus(amount):
        return rules.engagement_bonus(D(amount), share=D("0.10"), most=D("5.00"))

    assert bonus("6.00") == D("0.60")
    assert bonus("6.09") == D("0.60")
    assert bonus("50.00") == D("5.00")
    assert bonus("80.00") == D("5.00")


@pytest.mark.parametrize(
    ("days", "bonus"),
    [
        (0.5, "5.00"),
        (7, "5.00"),
        (7.5, "4.00"),
        (14, "4.00"),
        (20, "3.00"),
        (28, "2.00"),
        (28.01, "0.00"),
        (400, "0.00"),
    ],
)
def test_the_new_member_bonus_falls_for_four_weeks(days, bonus):
    joined = END - timedelta(days=days)
    assert rules.new_member_bonus(joined=joined, end=END, first=D("5.00")) == D(bonus)


def test_a_small_new_member_bonus_does_not_fall_below_nothing():
    joined = END - timedelta(days=20)
    assert rules.new_member_bonus(joined=joined, end=END, first=D("1.50")) == D("0.00")


def test_who_joins_after_the_end_gets_no_bonus():
    assert rules.new_member_bonus(joined=END, end=END, first=D("5.00")) == D("0.00")


def test_the_budget_is_half_of_the_treasury():
    assert rules.budget(D("1000.00"), share=D("0.50")) == D("500.00")
    assert rules.budget(D("0.01"), share=D("0.50")) == D("0.00")
    assert rules.budget(D("-3.00"), share=D("0.50")) == D("0.00")


def test_the_worked_example_pays_5_each():
    assert rules.scaled(D("10.00"), budget=D("500.00"), wanted=D("1000.00")) == D("5.00")
    assert rules.scale(budget=D("500.00"), wanted=D("1000.00")) == D("0.5")


def test_a_third_of_9_is_3_and_not_a_cent_less():
    assert rules.scaled(D("9.00"), budget=D("1000.00"), wanted=D("3000.00")) == D("3.00")


def test_who_fits_into_the_budget_is_paid_whole():
    assert rules.scaled(D("10.00"), budget=D("500.00"), wanted=D("500.00")) == D("10.00")
    assert rules.scale(budget=D("500.00"), wanted=D("0.00")) == 1


@given(st.lists(coins("25.00"), min_size=1, max_size=50), st.decimals(D("0"), D("2000"), places=2))
def test_the_scaled_sum_is_never_above_the_budget(parts, budget):
    wanted = sum(parts)
    paid = [rules.scaled(part, budget=budget, wanted=wanted) for part in parts]
    assert sum(paid) <= max(budget, D(0))
    assert all(D(0) <= one <= part for one, part in zip(paid, parts, strict=True))
    # What rounding leaves is less than a cent per part.
    assert sum(paid) > min(budget, wanted) - D("0.01") * len(parts)
