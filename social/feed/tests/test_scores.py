"""The scores beside visibility: trending by velocity, hidden gems by coins per view."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from social.feed import operations, rules
from social.feed.models import Post
from social.feed.tests.conftest import WEB

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
IN_SQL = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", values)
        return cursor.fetchone()[0]


def naive(tips, moment):
    """The velocity by its definition: Σ a/τ · e^(−age/τ) over all tips, in coins per hour."""
    memory = rules.VELOCITY_MEMORY / HOUR
    return sum(float(amount) / memory * math.exp(-((moment - at) / HOUR) / memory) for amount, at in tips)


def velocity_of(tips):
    kept = rules.Velocity(D("0"), None)
    for amount, at in tips:
        kept = rules.velocity_with(kept, coins=amount, given_at=at)
    return kept


def tips():
    return some.lists(
        some.tuples(
            some.decimals(D("1.00"), D("10.00"), places=2),
            some.floats(0, 24, allow_nan=False).map(lambda passed: NOON + passed * HOUR),
        ),
        min_size=1,
        max_size=20,
    )


# -- Trending -----------------------------------------------------------------------------------------------------


@given(tips(), tips(), some.floats(24, 300, allow_nan=False))
def test_the_score_orders_posts_as_their_naive_velocities_do_at_any_later_moment(one, other, hours):
    moment = NOON + hours * HOUR
    first, second = (rules.trend_score(velocity_of(given_tips)) for given_tips in (one, other))
    gap = math.log(naive(one, moment)) - math.log(naive(other, moment))
    # Velocities are kept to four decimals, and the least one here is 1/6 · e^(−4): no more is lost by that than this.
    assert float(first - second) == pytest.approx(gap, abs=0.04)


@given(tips(), some.floats(24, 48, allow_nan=False))
def test_a_velocity_fades_as_the_sum_over_its_tips_does(given_tips, hours):
    moment = NOON + hours * HOUR
    now = rules.faded(velocity_of(given_tips), at=moment)
    assert float(now) == pytest.approx(naive(given_tips, moment), abs=0.0001 * (len(given_tips) + 1))


def test_worked_example_of_a_trend():
    # 6 coins at noon: 6/6 = 1 coin per hour, ln 1 = 0, so the score is seconds since 1970 over 21,600.
    noon = rules.trend_score(rules.Velocity(D("1.0000"), NOON))
    assert noon == D(repr(NOON.timestamp() / 21600)).quantize(D("0.0001"))
    # e times the coins outweigh six hours of age.
    assert rules.trend_score(rules.Velocity(D("2.7183"), NOON)) - noon == D("1.0000")
    assert rules.trend_score(rules.Velocity(D("1.0000"), NOON + 6 * HOUR)) - noon == D("1.0000")
    assert rules.trend_score(rules.Velocity(D("0"), NOON)) is rules.trend_score(rules.Velocity(D("0"), None)) is None


@pytest.mark.django_db
@IN_SQL
@given(some.decimals(D(0), D("100000"), places=4), some.integers(-(10**8), 10**9))
def test_trends_are_the_same_in_sql(db, velocity, seconds):
    at = NOON + timedelta(seconds=seconds)
    in_sql = ask("social_trend(%s::numeric, %s::timestamptz)", velocity, at)
    in_rules = rules.trend_score(rules.Velocity(velocity, at))
    assert in_sql == in_rules or abs(in_sql - in_rules) <= D("0.0001")


@pytest.mark.django_db
def test_each_tip_and_each_one_taken_back_makes_the_trend_anew(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    assert Post.objects.get(pk=post.pk).trend_score is None
    tip(bob, post, "6.00", at=noon)
    post.refresh_from_db()
    assert post.trend_score == rules.trend_score(rules.Velocity(D("1.0000"), noon))
    second = tip(mallory, post, "6.00", at=noon + 6 * HOUR)
    post.refresh_from_db()
    assert post.trend_score == rules.trend_score(rules.Velocity(D("1.3679"), noon + 6 * HOUR))
    operations.take_back(spender=mallory, tip_id=second.pk, channel=WEB, at=noon + 7 * HOUR)
    post.refresh_from_db()
    assert post.trend_score == rules.trend_score(rules.Velocity(D("0.3679"), noon + 6 * HOUR))


@pytest.mark.django_db
def test_a_post_without_any_tip_left_does_not_trend(alice, bob, write, tip, noon):
    post = write(alice)
    given_tip = tip(bob, post, "6.00", at=noon)
    operations.take_back(spender=bob, tip_id=given_tip.pk, channel=WEB, at=noon + HOUR)
    post.refresh_from_db()
    assert post.trend_score is None


# -- Hidden gems --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "spenders", "views", "expected"),
    [
        ("20.00", 2, 10, "1.0000"),
        ("20.00", 2, 30, "0.5000"),
        ("20.00", 2, 200, "0.0952"),
        ("20.00", 2, 201, None),  # seen too often to be hidden
        ("20.00", 1, 0, None),  # one friend is nobody
        ("0.00", 3, 0, None),
    ],
)
@pytest.mark.django_db
def test_gems_by_example_in_both_places(standing, spenders, views, expected):
    expected = None if expected is None else D(expected)
    in_rules = rules.gem_score(standing=D(standing), spenders=spenders, views=views, least_spenders=2, most_views=200)
    in_sql = ask("social_gem(%s::numeric, %s::integer, %s::bigint, 2, 200)", D(standing), spenders, views)
    assert in_rules == in_sql == expected


@pytest.mark.django_db
def test_only_cold_and_archived_posts_are_gems(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    tip(bob, post, "10.00", at=noon)
    tip(mallory, post, "10.00", at=noon)

    def gem():
        return Post.objects.values_list("gem_score", flat=True).get(pk=post.pk)

    assert gem() is None
    for level, expected in ((2, D("2.0000")), (3, D("2.0000")), (1, None)):
        Post.objects.filter(pk=post.pk).update(queue_level=level)
        assert gem() == expected


@pytest.mark.django_db
def test_a_gem_is_kept_when_it_falls_is_seen_and_tipped(alice, bob, mallory, join, write, tip, noon):
    post = write(alice)
    tip(bob, post, "3.00", at=noon)
    tip(mallory, post, "1.00", at=noon)
    operations.run_queue(at=noon + timedelta(days=4))
    post.refresh_from_db()
    assert (post.queue_level, post.gem_score) == (2, D("0.4000"))
    ask("social_add_views(ARRAY[%s]::uuid[], ARRAY[6]::bigint[])", post.pk)
    post.refresh_from_db()
    assert (post.views_count, post.gem_score) == (6, D("0.2500"))
    tip(join("carol"), post, "1.00", at=noon + timedelta(days=5))
    post.refresh_from_db()
    assert post.gem_score == D("0.3125")
    ask("social_add_views(ARRAY[%s]::uuid[], ARRAY[195]::bigint[])", post.pk)
    post.refresh_from_db()
    assert (post.views_count, post.gem_score) == (201, None)


# -- Posts of before ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_posts_that_were_tipped_before_there_were_scores_get_them(alice, bob, mallory, write, tip, noon, monkeypatch):
    trending, cold, quiet = write(alice), write(alice), write(alice)
    tip(bob, trending, "6.00")
    for who in (bob, mallory):
        tip(who, cold, "5.00")
    Post.objects.filter(pk=cold.pk).update(queue_level=2)
    before = dict(Post.objects.values_list("pk", "trend_score"))
    Post.objects.update(trend_score=None, gem_score=None)
    backfill = import_module("social.migrations.0042_scores_of_posts")
    with connection.schema_editor(atomic=False) as editor:
        monkeypatch.setattr(backfill, "AT_ONCE", 1)
        backfill.score(apps, editor)
    assert dict(Post.objects.values_list("pk", "trend_score")) == before
    assert Post.objects.get(pk=cold.pk).gem_score == D("1.0000")
    assert Post.objects.get(pk=quiet.pk).gem_score is None
