"""Decay: two percent of standing for each week without a tip; recorded once, resumable, and no coins."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from functools import partial

import pytest
from django.db import connection

from config.lib import cycle
from config.lib.periods import Period
from social.feed import operations, rules
from social.feed.models import DecayEvent, DecayRun, Post, Tip
from social.feed.tests.conftest import WEB, balance, together

pytestmark = pytest.mark.django_db

WEEK = Period.parse("2026-W47")  # Monday 16 November 00:00 to Monday 23 November 00:00
DAY = timedelta(days=1)
BEFORE = WEEK.start - DAY
MONDAY = WEEK.end + timedelta(minutes=5)


@pytest.fixture
def standing(alice, write, join, tip):
    """standing("10.00", at=…) is a post of alice's with tips of that moment."""
    fans = iter(range(1000))

    def make(coins="10.00", *, at=BEFORE):
        post = write(alice)
        rest = D(coins)
        while rest > 0:
            part = min(rest, D("10.00"))
            tip(join(f"fan_{next(fans)}"), post, str(part), at=at)
            rest -= part
        return post

    return make


def decay(*, period=WEEK, end=None, at=MONDAY, **given):
    return operations.apply_decay(period=period, end=end or period.end, at=at, **given)


def left(post):
    post.refresh_from_db()
    return post.total_tokens_received


# -- The rule -----------------------------------------------------------------------------------------------------


def test_a_post_without_a_tip_in_the_week_loses_two_percent(standing):
    post = standing("10.00")
    score = Post.objects.get(pk=post.pk).visibility_score
    assert decay() == {"posts": 1, "total_decayed": D("0.20")}
    assert left(post) == D("9.80")
    assert (post.tokens_lost_to_decay, post.decay_rate) == (D("0.20"), D("0.0200"))
    assert post.last_decay_applied_at == MONDAY
    assert post.visibility_score < score
    assert abs(
        post.visibility_score - rules.visibility_score(standing=D("9.80"), comments=0, born=post.created_at)
    ) <= D("0.0001")
    event = DecayEvent.objects.get()
    assert (event.balance_before, event.tokens_decayed, event.balance_after) == (D("10.00"), D("0.20"), D("9.80"))
    assert (event.post, event.run.period, event.decay_rate) == (post, "2026-W47", D("0.0200"))


@pytest.mark.parametrize(
    ("tipped_at", "loses"),
    [
        (WEEK.end - 7 * DAY - timedelta(microseconds=1), True),
        (WEEK.end - 7 * DAY, False),
        (WEEK.end - timedelta(microseconds=1), False),
    ],
)
def test_the_seven_days_end_with_the_week(standing, tipped_at, loses):
    post = standing("10.00", at=tipped_at)
    decay()
    assert left(post) == (D("9.80") if loses else D("10.00"))


@pytest.mark.parametrize(("coins", "after"), [("3.33", "3.26"), ("20.00", "19.60"), ("12.25", "12.00")])
def test_the_loss_is_rounded_to_the_cent(standing, coins, after):
    post = standing(coins)
    decay()
    assert left(post) == D(after)


def test_a_standing_too_small_to_lose_a_cent_has_no_event(standing):
    post = standing("1.00")
    Post.objects.filter(pk=post.pk).update(total_tokens_received=D("0.24"))
    assert decay() == {"posts": 0, "total_decayed": D("0.00")}
    assert not DecayEvent.objects.exists()


def test_posts_without_standing_and_removed_ones_are_left_alone(alice, write, standing):
    write(alice)
    gone = standing("10.00")
    operations.remove_post(remover=alice, post_id=gone.pk, at=WEEK.start + DAY)
    decay()
    assert left(gone) == D("10.00")
    assert not DecayEvent.objects.exists()


def test_a_tip_that_was_taken_back_does_not_keep_a_post_from_decay(standing, bob, tip):
    post = standing("10.00")
    given = tip(bob, post, "5.00", at=WEEK.start + DAY)
    operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=WEEK.start + DAY)
    decay()
    assert left(post) == D("9.80")


def test_decay_moves_no_coins(standing, alice):
    standing("10.00")
    before = balance(alice)
    decay()
    assert balance(alice) == before
    assert Tip.objects.get().amount == D("10.00")


def test_week_after_week_it_is_two_percent_of_what_is_left(standing):
    post = standing("10.00")
    for period in (WEEK, WEEK.next, WEEK.next.next):
        decay(period=period, at=period.end)
    assert left(post) == D("9.41")
    assert [event.tokens_decayed for event in DecayEvent.objects.order_by("created_at")] == [
        D("0.20"),
        D("0.20"),
        D("0.19"),
    ]


# -- Late, early, again -------------------------------------------------------------------------------------------


def test_a_late_run_looks_at_the_week_and_not_at_what_came_after(standing, bob, tip):
    quiet, busy = standing("10.00"), standing("10.00", at=WEEK.start + DAY)
    for post in (quiet, busy):
        tip(bob, post, "5.00", at=WEEK.end + DAY)
    assert decay(at=WEEK.end + 10 * DAY) == {"posts": 1, "total_decayed": D("0.20")}
    assert (left(quiet), left(busy)) == (D("14.80"), D("15.00"))
    event = DecayEvent.objects.get()
    assert (event.balance_before, event.balance_after) == (D("10.00"), D("9.80"))


def test_posts_written_after_the_week_are_not_in_it(alice, bob, write, tip):
    post = write(alice, at=WEEK.end)
    tip(bob, post, "10.00", at=WEEK.end)
    Post.objects.filter(pk=post.pk).update(last_token_received_at=BEFORE)
    decay(at=WEEK.end + 10 * DAY)
    assert left(post) == D("10.00")


def test_an_early_run_takes_its_own_end(standing):
    post = standing("10.00", at=WEEK.start + timedelta(hours=1))
    friday = WEEK.start + 4 * DAY
    decay(end=friday, at=friday)
    assert left(post) == D("10.00")
    decay(period=WEEK.next, end=WEEK.end + 4 * DAY, at=WEEK.end + 4 * DAY)
    assert left(post) == D("9.80")


def test_a_finished_run_stays_as_it_is(standing):
    post = standing("10.00")
    decay()
    late = standing("20.00")
    assert decay(at=MONDAY + DAY) == {"posts": 1, "total_decayed": D("0.20")}
    assert (left(post), left(late)) == (D("9.80"), D("20.00"))
    run = DecayRun.objects.get()
    assert (run.finished_at, run.posts, run.total_decayed) == (MONDAY, 1, D("0.20"))


def test_a_run_without_posts_is_done_too(db):
    assert decay() == {"posts": 0, "total_decayed": D("0.00")}
    assert operations.Decay().is_done(WEEK)
    assert not operations.Decay().is_done(WEEK.next)


def test_it_goes_in_chunks_and_tells_how_far_it_is(standing):
    posts = [standing("10.00") for _number in range(7)]
    told = []
    decay(chunk=3, progress=lambda stage, done, total: told.append((stage, done, total)))
    assert {left(post) for post in posts} == {D("9.80")}
    assert told[:3] == [("decay", 3, 7), ("decay", 6, 7), ("decay", 7, 7)]


class Killed(Exception):
    pass


def test_a_run_that_was_killed_is_finished_by_the_next_one_at_the_rate_it_began_with(standing, figure):
    posts = [standing("10.00") for _number in range(5)]

    def die_after_four(stage, done, total):
        if done >= 4:
            raise Killed

    with pytest.raises(Killed):
        decay(chunk=2, progress=die_after_four)
    assert (DecayEvent.objects.count(), operations.Decay().is_done(WEEK)) == (4, False)
    figure(DECAY_RATE=D("0.50"))
    assert decay(chunk=2, at=MONDAY + DAY) == {"posts": 5, "total_decayed": D("1.00")}
    assert {left(post) for post in posts} == {D("9.80")}


def test_a_preview_tells_what_would_be_lost_and_writes_nothing(standing):
    standing("10.00")
    standing("3.33")
    stage = operations.Decay()
    assert stage.preview(period=WEEK, end=WEEK.end, at=MONDAY) == {"posts": 2, "total_decayed": D("0.27")}
    assert not DecayRun.objects.exists()
    assert stage.run(period=WEEK, end=WEEK.end, at=MONDAY, progress=lambda *_: None) == {
        "posts": 2,
        "total_decayed": D("0.27"),
    }
    assert stage.preview(period=WEEK, end=WEEK.end, at=MONDAY) == {"posts": 0, "total_decayed": D("0.00")}


def test_a_preview_of_a_run_that_was_cut_off_tells_what_is_missing(standing):
    for _number in range(5):
        standing("10.00")

    def die(stage, done, total):
        raise Killed

    with pytest.raises(Killed):
        decay(chunk=2, progress=die)
    preview = operations.Decay().preview(period=WEEK, end=WEEK.end, at=MONDAY)
    assert preview == {"posts": 3, "total_decayed": D("0.60")}


def test_it_is_the_cycles_first_stage():
    first = cycle.stages()[0]
    assert (first.name, first.order) == ("decay", 10)


# -- At once ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_runs_at_once_take_from_each_post_once(self, standing):
        posts = [standing("10.00") for _number in range(12)]
        run = partial(decay, chunk=3)
        outcomes = together(run, run, run)
        assert outcomes == [{"posts": 12, "total_decayed": D("2.40")}] * 3
        assert {left(post) for post in posts} == {D("9.80")}
        assert (DecayRun.objects.count(), DecayEvent.objects.count()) == (1, 12)

    def test_control_without_the_events_posts_would_lose_twice(self, standing, rewritten):
        post = standing("10.00")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE social_decayevent DROP CONSTRAINT social_decayevent_once")
        try:
            with rewritten(
                "social_decay_chunk",
                (
                    "PERFORM 1 FROM social_post p WHERE p.id = ANY (v_posts) ORDER BY p.id FOR NO KEY UPDATE;",
                    "PERFORM pg_sleep(0.5);",
                ),
                ("ON CONFLICT (run_id, post_id) DO NOTHING", ""),
            ):
                together(decay, decay)
            assert left(post) < D("9.80")
        finally:
            DecayEvent.objects.all().delete()
            with connection.cursor() as cursor:
                cursor.execute(
                    "ALTER TABLE social_decayevent ADD CONSTRAINT social_decayevent_once UNIQUE (run_id, post_id)"
                )

    def test_decay_beside_tips_loses_none_of_them(self, standing, join, tip):
        posts = [standing("10.00") for _number in range(4)]
        fans = [join(f"late_{number}") for number in range(3)]

        def give(fan):
            for post in posts * 2:
                tip(fan, post, "1.00", at=datetime(2026, 11, 23, 0, 5, tzinfo=UTC))

        together(partial(decay, chunk=1), *[partial(give, fan) for fan in fans])
        assert {left(post) for post in posts} == {D("15.80")}
