"""Splits, fees, texts and figures, to the cent and to the fourth decimal."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from config.lib.money import MOST
from social.feed import rules

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
SHARES = {"creator_share": D("0.60"), "treasury_share": D("0.20")}


def coins(least: str = "0.00", most: str = "100000.00"):
    return some.decimals(D(least), D(most), places=2)


def share():
    return some.decimals(D("0"), D("1"), places=4)


# -- Shares -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tip", "creator", "treasury", "burned"),
    [
        ("10.00", "6.00", "2.00", "2.00"),
        ("3.33", "2.01", "0.66", "0.66"),
        ("1.00", "0.60", "0.20", "0.20"),
        ("0.01", "0.01", "0.00", "0.00"),
        ("1.04", "0.64", "0.20", "0.20"),
    ],
)
def test_a_tip_is_split_with_the_remainder_for_the_creator(tip, creator, treasury, burned):
    assert rules.split_tip(D(tip), **SHARES) == rules.TipSplit(D(creator), D(treasury), D(burned))


@given(coins(), share(), share())
def test_the_parts_of_a_tip_are_whole_cents_that_sum_to_it_whatever_the_shares(tip, creator, treasury):
    split = rules.split_tip(tip, creator_share=creator, treasury_share=treasury)
    parts = [split.to_creator, split.to_treasury, split.burned]
    assert sum(parts) == tip
    assert all(part >= 0 and part == part.quantize(D("0.01")) for part in parts)


@given(coins(), share(), share())
def test_no_part_is_further_than_two_cents_from_its_share(tip, creator, treasury):
    assume(creator + treasury <= 1)
    split = rules.split_tip(tip, creator_share=creator, treasury_share=treasury)
    assert abs(split.to_creator - tip * creator) < D("0.02")
    assert abs(split.to_treasury - tip * treasury) < D("0.02")


def test_the_largest_share_takes_the_remainder_even_when_it_is_not_the_creators():
    split = rules.split_tip(D("3.33"), creator_share=D("0.20"), treasury_share=D("0.20"))
    assert split == rules.TipSplit(D("0.66"), D("0.66"), D("2.01"))


def test_shares_of_more_than_all_leave_the_treasury_what_the_creator_leaves():
    assert rules.split_tip(D("10.00"), creator_share=D("0.90"), treasury_share=D("0.20")) == rules.TipSplit(
        D("9.00"), D("1.00"), D("0.00")
    )


def test_a_comment_of_a_half_coin_gives_15_10_and_burns_25():
    fee = rules.split_comment_fee(D("0.50"), author_share=D("0.30"), treasury_share=D("0.20"))
    assert fee == rules.CommentFee(D("0.15"), D("0.10"), D("0.25"))


def test_on_ones_own_post_the_authors_part_goes_to_the_treasury():
    fee = rules.split_comment_fee(D("0.50"), author_share=D("0.30"), treasury_share=D("0.20"), is_own_post=True)
    assert fee == rules.CommentFee(D("0.00"), D("0.25"), D("0.25"))


@given(coins(), share(), share(), some.booleans())
def test_the_parts_of_a_comments_price_sum_to_it(price, author, treasury, is_own):
    fee = rules.split_comment_fee(price, author_share=author, treasury_share=treasury, is_own_post=is_own)
    assert fee.to_author + fee.to_treasury + fee.burned == price
    assert not (is_own and fee.to_author)


# -- Rapid posts --------------------------------------------------------------------------------------------------


def fee_after(*minutes_ago: float) -> D:
    moments = [NOON - timedelta(minutes=ago) for ago in minutes_ago]
    return rules.rapid_post_fee(moments, at=NOON, fee=D("0.50"), within=timedelta(minutes=10))


@pytest.mark.parametrize(
    ("minutes_ago", "price"),
    [
        ([], "0.00"),
        ([10], "0.00"),
        ([9.99], "0.50"),
        ([9, 18], "1.00"),
        ([9, 18, 27], "2.00"),
        ([9, 18, 27, 36], "4.00"),
        ([9, 19, 20], "0.50"),
        ([60, 61, 62], "0.00"),
        ([0, 0, 0], "2.00"),
    ],
)
def test_a_rapid_post_costs_double_with_each_further_one_of_its_chain(minutes_ago, price):
    assert fee_after(*minutes_ago) == D(price)


def test_a_post_of_the_future_counts_as_one_of_now():
    assert fee_after(-5) == D("0.50")


def test_the_price_of_a_chain_ends_at_what_an_amount_can_hold():
    assert fee_after(*range(200)) == MOST


def test_without_minutes_no_post_is_rapid():
    assert rules.rapid_post_fee([NOON], at=NOON, fee=D("0.50"), within=timedelta()) == D("0.00")


# -- Texts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello, world", "  hello,\n\tWORLD  "),
        ("Straße", "STRASSE"),
        ("café", "cafe\u0301"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("in\u200bvis\u200dible\ufeff", "invisible"),
        ("soft\u00adhyphen", "softhyphen"),
        ("no\u00a0break", "no break"),
        ("①②", "12"),
        ("left\u200eto\u202eright", "lefttoright"),
        ("heart ❤\ufe0f", "heart ❤"),
        ("filler\u3164s", "fillers"),
        ("\u212bngström", "ångström"),
    ],
)
def test_texts_that_read_alike_have_one_hash(one, other):
    assert rules.hash_of(one) == rules.hash_of(other)


@pytest.mark.parametrize(("one", "other"), [("yes", "yes!"), ("a b", "ab"), ("no", "on"), ("1", "l")])
def test_texts_that_read_differently_have_two(one, other):
    assert rules.hash_of(one) != rules.hash_of(other)


@given(some.text())
def test_a_second_normalisation_changes_nothing(text):
    once = rules.normalised(text)
    assert rules.normalised(once) == once
    assert rules.hash_of(once) == rules.hash_of(text)


@given(some.text(), some.sampled_from(["\u200b", "\u200d", "\ufeff", "\u00ad", "\u2060", "\ufe0f"]), some.data())
def test_an_unseen_character_anywhere_changes_nothing(text, unseen, data):
    place = data.draw(some.integers(0, len(text)))
    assert rules.hash_of(text[:place] + unseen + text[place:]) == rules.hash_of(text)


@given(some.text(some.characters(codec="ascii")))
def test_case_and_spacing_change_nothing(text):
    assert rules.hash_of(f"  {text.upper()}\n ") == rules.hash_of(text.replace(" ", " \t "))


def test_a_text_is_tidied_of_what_stands_around_it_and_of_foreign_line_breaks():
    assert rules.tidy("\r\n one\r\ntwo\rthree  ") == "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x" * 2000, None),
        ("𝒳" * 2000, None),
        ("x" * 2001, "too-long"),
        ("", "empty"),
        ("\u200b\u200d", "empty"),
        ("a\0b", "unusable"),
        ("a\ud800b", "unusable"),
    ],
)
def test_what_cannot_be_kept_is_named(text, fault):
    assert rules.fault_of(text, most=2000) == fault


# -- Ranking ------------------------------------------------------------------------------------------------------


def score(standing="0.00", comments=0, born=NOON):
    return rules.visibility_score(standing=D(standing), comments=comments, born=born)


def test_ten_times_the_heat_is_worth_twelve_hours():
    assert score("99.00", born=NOON) == score("9.00", born=NOON + timedelta(hours=12))


def test_a_score_is_the_log_of_the_heat_plus_the_time_of_birth():
    born = datetime(1970, 1, 11, tzinfo=UTC)
    assert score("9.00", born=born) == D("21.0000")
    assert score("8.00", comments=10, born=born) == D("21.0000")
    assert score(born=datetime(1970, 1, 1, tzinfo=UTC)) == D("0.0000")


@given(coins(most="1000000.00"), coins(most="1000000.00"), some.integers(0, 10**6))
def test_more_standing_never_ranks_lower(one, other, comments):
    low, high = sorted([one, other])
    assert score(low, comments) <= score(high, comments)


@given(
    coins(most="1000.00"),
    coins(most="1000.00"),
    some.integers(0, 10**8).map(lambda seconds: NOON + timedelta(seconds=seconds)),
    some.integers(0, 10**7),
)
def test_the_distance_of_two_posts_stays_while_they_age(one, other, born, seconds):
    later = born + timedelta(seconds=seconds)
    before = score(one, born=born) - score(other, born=born)
    after = score(one, born=later) - score(other, born=later)
    assert abs(before - after) <= D("0.0002")


def naive(tips, moment):
    """The definition itself: every tip anew, weighted by e^(−age/τ)/τ, in coins per hour."""
    memory = rules.VELOCITY_MEMORY / timedelta(hours=1)
    return sum(float(amount) / memory * math.exp(-((moment - at) / timedelta(hours=1)) / memory) for amount, at in tips)


def tips():
    hours = some.floats(0, 48, allow_nan=False)
    return some.lists(
        some.tuples(coins("1.00", "10.00"), hours.map(lambda passed: NOON + timedelta(hours=passed))),
        min_size=1,
        max_size=30,
    )


@given(tips())
def test_velocity_kept_in_one_figure_is_the_sum_over_all_tips(given_tips):
    kept = rules.Velocity(D("0"), None)
    for amount, at in given_tips:
        kept = rules.velocity_with(kept, coins=amount, given_at=at)
    assert kept.at == max(at for _amount, at in given_tips)
    assert float(kept.coins_per_hour) == pytest.approx(naive(given_tips, kept.at), abs=0.0001 * len(given_tips))


@given(tips(), some.data())
def test_a_tip_that_was_taken_back_leaves_no_trace_in_the_velocity(given_tips, data):
    amount, at = data.draw(some.sampled_from(given_tips))
    kept = rules.Velocity(D("0"), None)
    for each, moment in given_tips:
        kept = rules.velocity_with(kept, coins=each, given_at=moment)
    kept = rules.velocity_with(kept, coins=-amount, given_at=at)
    rest = list(given_tips)
    rest.remove((amount, at))
    expected = naive(rest, kept.at)
    assert kept.coins_per_hour >= 0
    assert float(kept.coins_per_hour) == pytest.approx(expected, abs=0.0001 * (len(given_tips) + 1))


def test_a_steady_stream_has_its_own_rate():
    kept = rules.Velocity(D("0"), None)
    for minute in range(0, 60 * 72, 10):
        kept = rules.velocity_with(kept, coins=D("1.00"), given_at=NOON + timedelta(minutes=minute))
    assert float(kept.coins_per_hour) == pytest.approx(6, rel=0.02)


def test_a_velocity_may_be_forgotten_for_years():
    old = rules.Velocity(D("50"), NOON - timedelta(days=3650))
    assert rules.velocity_with(old, coins=D("6.00"), given_at=NOON) == rules.Velocity(D("1.0000"), NOON)


@pytest.mark.parametrize(
    ("standing", "loss"),
    [("10.00", "0.20"), ("0.20", "0.00"), ("0.25", "0.01"), ("0.24", "0.00"), ("123.45", "2.47"), ("10.25", "0.21")],
)
def test_a_standing_loses_two_percent_rounded_to_the_cent(standing, loss):
    assert rules.decay_of(D(standing), rate=D("0.02")) == D(loss)


@given(coins(), share())
def test_decay_never_takes_more_than_there_is(standing, rate):
    assert 0 <= rules.decay_of(standing, rate=rate) <= standing
