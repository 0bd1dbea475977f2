"""The queue of levels: who stays, who drops, who rises, and what the run costs."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import connection

from economy.observatory.queries import job_times
from social.boosts.operations import boost_post
from social.feed import operations
from social.feed.models import Post, QueueLevel
from social.feed.operations.queue import Run
from social.feed.tests.conftest import WEB, together
from social.tasks import run_queue as run_queue_job

pytestmark = pytest.mark.django_db

HOT, WARM, COLD, ARCHIVE = Post.Level
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def place(post):
    """The level of a post, and since when its time there counts."""
    post.refresh_from_db()
    return post.queue_level, post.queue_entered_at


def run(at):
    return operations.run_queue(at=at)


def put(post, level, since):
    Post.objects.filter(pk=post.pk).update(queue_level=level, queue_entered_at=since, last_queue_demotion_at=since)


# -- When the time is up ------------------------------------------------------------------------------------------


def test_nothing_happens_before_the_time_is_up(alice, write, noon):
    post = write(alice)
    assert run(noon + 24 * HOUR - timedelta(seconds=1)) == Run(0, 0)
    assert place(post) == (HOT, noon)


def test_a_post_that_nobody_tips_falls_to_the_archive_and_stays_there(alice, write, noon):
    post = write(alice)
    for passed, level in ((DAY, WARM), (4 * DAY, COLD), (18 * DAY, ARCHIVE), (400 * DAY, ARCHIVE)):
        run(noon + passed)
        assert place(post)[0] == level
    assert post.last_queue_demotion_at == post.queue_entered_at == noon + 18 * DAY
    assert post.last_queue_promotion_at is None


def test_five_coins_of_two_members_keep_a_hot_post_hot_with_fresh_time(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    tip(bob, post, "4.00", at=noon + HOUR)
    tip(mallory, post, "1.00", at=noon + 2 * HOUR)
    assert run(noon + DAY) == Run(kept=1, fallen=0)
    assert place(post) == (HOT, noon + DAY)
    assert run(noon + 2 * DAY) == Run(kept=0, fallen=1)  # what it earned the day before does not count again
    assert place(post) == (WARM, noon + 2 * DAY)


@pytest.mark.parametrize(
    ("level", "time", "keep", "short"),
    [(HOT, DAY, "4.00", "3.99"), (WARM, 3 * DAY, "2.00", "1.99")],
)
def test_a_cent_too_little_does_not_keep_it(alice, bob, mallory, write, tip, noon, level, time, keep, short):
    enough, not_enough = write(alice), write(alice)
    for post, coins in ((enough, keep), (not_enough, short)):
        put(post, level, noon)
        tip(bob, post, "1.00", at=noon + HOUR)
        tip(mallory, post, coins, at=noon + 2 * HOUR)
    run(noon + time)
    assert place(enough)[0] == level
    assert place(not_enough)[0] == level + 1


def test_one_rich_friend_keeps_nothing(alice, bob, write, tip, noon):
    post = write(alice)
    tip(bob, post, "10.00", at=noon + HOUR)
    run(noon + DAY)
    assert place(post)[0] == WARM


def test_what_was_taken_back_keeps_nothing(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    tip(bob, post, "5.00", at=noon + HOUR)
    back = tip(mallory, post, "5.00", at=noon + HOUR)
    operations.take_back(spender=mallory, tip_id=back.pk, channel=WEB, at=noon + 2 * HOUR)
    run(noon + DAY)
    assert place(post)[0] == WARM


def test_a_run_that_comes_late_ends_where_timely_ones_would_have(alice, bob, mallory, write, tip, noon):
    timely, late = write(alice, at=noon), write(alice, at=noon)
    for post in (timely, late):
        tip(bob, post, "3.00", at=noon + 2 * HOUR)
        tip(mallory, post, "2.00", at=noon + 3 * HOUR)
    Post.objects.filter(pk=late.pk).update(deleted_at=noon)  # nobody looks at it meanwhile
    for hours in range(24, 24 * 12):
        run(noon + hours * HOUR)
    Post.objects.filter(pk=late.pk).update(deleted_at=None)
    run(noon + 24 * 12 * HOUR)
    assert place(timely) == place(late) == (COLD, noon + 5 * DAY)
    assert timely.last_queue_demotion_at == late.last_queue_demotion_at


def test_removed_posts_are_left_alone(alice, write, noon):
    post = write(alice)
    operations.remove_post(remover=alice, post_id=post.pk, at=noon + HOUR)
    assert run(noon + 30 * DAY) == Run(0, 0)


def test_the_settings_say_how_long_and_how_much(alice, bob, write, tip, noon, figure):
    figure(HOT_HOURS=6, HOT_KEEP=D("2.00"), QUEUE_SPENDERS=1)
    kept, fallen = write(alice), write(alice, at=noon)
    tip(bob, kept, "2.00", at=noon + HOUR)
    assert run(noon + 6 * HOUR) == Run(kept=1, fallen=1)
    assert (place(kept)[0], place(fallen)[0]) == (HOT, WARM)


def test_no_setting_makes_the_run_go_on_for_ever(alice, write, noon, figure):
    figure(HOT_HOURS=0, WARM_HOURS=0, COLD_DAYS=0, HOT_KEEP=D("0.00"), QUEUE_SPENDERS=0)
    post = write(alice)
    assert run(noon + 3 * HOUR) == Run(kept=3, fallen=0)
    assert place(post) == (HOT, noon + 3 * HOUR)


def test_the_run_says_when_it_was(alice, noon):
    run(noon)
    assert job_times()["last_queue_update_at"] == noon
    assert run_queue_job() == 0


def test_settings_reach_the_levels_once(alice, noon, figure, django_assert_num_queries):
    run(noon)
    figure(WARM_KEEP=D("4.00"), GEM_VIEWS=50)
    run(noon)
    assert QueueLevel.objects.get(level=WARM).keep_coins == D("4.00")
    assert list(QueueLevel.objects.values_list("gem_views", flat=True).order_by("level")) == [None, None, 50, 50]


# -- Rising -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "coins"), [(WARM, "4.00"), (COLD, "2.00"), (ARCHIVE, "1.00")])
def test_a_post_rises_when_it_earns_what_the_level_above_asks(alice, bob, mallory, write, tip, noon, level, coins):
    post = write(alice)
    put(post, level, noon)
    tip(bob, post, "1.00", at=noon + HOUR)
    assert place(post) == (level, noon)  # one member is not enough, whatever they give
    tip(mallory, post, coins, at=noon + 2 * HOUR)
    assert place(post) == (level - 1, noon + 2 * HOUR)
    assert post.last_queue_promotion_at == noon + 2 * HOUR


def test_less_than_the_level_above_asks_lifts_nothing(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    put(post, WARM, noon)
    tip(bob, post, "1.00", at=noon + HOUR)
    tip(mallory, post, "3.99", at=noon + HOUR)
    assert place(post)[0] == WARM


def test_what_came_before_it_entered_its_level_lifts_nothing(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    tip(bob, post, "9.00", at=noon + HOUR)
    run(noon + DAY)
    tip(mallory, post, "4.00", at=noon + 25 * HOUR)
    assert place(post)[0] == WARM
    tip(bob, post, "1.00", at=noon + 26 * HOUR)
    assert place(post) == (HOT, noon + 26 * HOUR)


def test_fresh_time_does_not_forget_what_was_earned_on_the_level(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    put(post, WARM, noon)
    tip(bob, post, "2.00", at=noon + HOUR)
    tip(mallory, post, "1.00", at=noon + HOUR)
    assert run(noon + 3 * DAY) == Run(kept=1, fallen=0)
    tip(mallory, post, "2.00", at=noon + 4 * DAY)
    assert place(post) == (HOT, noon + 4 * DAY)


def test_a_tip_lifts_by_one_level_and_is_spent_with_that(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    put(post, ARCHIVE, noon)
    tip(bob, post, "5.00", at=noon + HOUR)
    tip(mallory, post, "5.00", at=noon + HOUR)
    assert place(post) == (COLD, noon + HOUR)
    tip(bob, post, "1.00", at=noon + 2 * HOUR)
    tip(mallory, post, "2.00", at=noon + 2 * HOUR)
    assert place(post) == (WARM, noon + 2 * HOUR)
    assert run(noon + 2 * HOUR + 3 * DAY) == Run(kept=0, fallen=1)  # those lifted it here; they do not keep it as well


def test_what_was_taken_back_lifts_nothing(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    put(post, COLD, noon)
    back = tip(bob, post, "2.00", at=noon + HOUR)
    operations.take_back(spender=bob, tip_id=back.pk, channel=WEB, at=noon + 2 * HOUR)
    tip(mallory, post, "2.00", at=noon + 3 * HOUR)
    tip(bob, post, "1.00", at=noon + 4 * HOUR)
    assert place(post) == (WARM, noon + 4 * HOUR)


def test_two_friends_lift_nothing_for_nothing(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    put(post, WARM, noon)
    tip(bob, post, "3.00", at=noon + HOUR)
    back = tip(mallory, post, "2.00", at=noon + 2 * HOUR)
    assert place(post)[0] == HOT
    operations.take_back(spender=mallory, tip_id=back.pk, channel=WEB, at=noon + 3 * HOUR)
    assert place(post) == (WARM, noon + 2 * HOUR)
    tip(mallory, post, "4.00", at=noon + 4 * HOUR)
    assert place(post)[0] == WARM  # bob's coins were of before
    tip(bob, post, "1.00", at=noon + 5 * HOUR)
    assert place(post)[0] == HOT


def test_a_rise_stands_while_enough_is_left_of_it(alice, bob, mallory, join, write, tip, noon):
    post = write(alice)
    put(post, COLD, noon)
    tip(bob, post, "1.00", at=noon + HOUR)
    back = tip(bob, post, "1.00", at=noon + HOUR)
    tip(mallory, post, "2.00", at=noon + 2 * HOUR)
    later = tip(join("carol"), post, "1.00", at=noon + 3 * HOUR)
    assert place(post)[0] == WARM
    operations.take_back(spender=later.spender, tip_id=later.pk, channel=WEB, at=noon + 4 * HOUR)
    assert place(post)[0] == WARM  # it took no part in it
    operations.take_back(spender=bob, tip_id=back.pk, channel=WEB, at=noon + 5 * HOUR)
    assert place(post)[0] == WARM  # 3.00 of two are left


@pytest.mark.parametrize("what", ["boost", "drop"])
def test_what_came_after_a_rise_is_not_undone_with_it(alice, bob, mallory, write, tip, noon, what):
    post = write(alice)
    put(post, WARM, noon)
    back = tip(bob, post, "4.00", at=noon + HOUR)
    tip(mallory, post, "1.00", at=noon + 2 * HOUR)
    if what == "boost":
        boost_post(author=alice, post_id=post.pk, channel=WEB, at=noon + 3 * HOUR)
    else:
        Post.objects.filter(pk=post.pk).update(queue_level=WARM, last_queue_demotion_at=noon + 3 * HOUR)
    before = place(post)
    operations.take_back(spender=bob, tip_id=back.pk, channel=WEB, at=noon + 4 * HOUR)
    assert place(post) == before


@pytest.mark.django_db(transaction=True)
def test_a_tip_that_is_counted_later_lifts_as_well(alice, bob, mallory, write, tip, noon, leave_uncounted):
    post = write(alice)
    put(post, WARM, noon)
    Post.objects.filter(pk=post.pk).update(last_token_received_at=noon + HOUR)
    with leave_uncounted():
        tip(bob, post, "4.00", at=noon + HOUR)
        tip(mallory, post, "1.00", at=noon + HOUR)
    assert place(post)[0] == WARM
    operations.settle_tips(at=noon + 2 * HOUR)
    assert place(post) == (HOT, noon + HOUR)


def test_tips_on_a_comment_lift_no_post(alice, bob, mallory, write, say, tip, noon):
    post = write(alice)
    comment = say(alice, post)
    put(post, COLD, noon)
    tip(bob, comment, "5.00")
    tip(mallory, comment, "5.00")
    assert place(post)[0] == COLD


# -- Two at once, and many ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_touch_each_post_once(alice, write, noon):
    posts = [write(alice) for _number in range(12)]
    due = noon + DAY + timedelta(hours=3)
    outcomes = together(*[lambda: operations.run_queue(at=due, chunk=3)] * 4)
    operations.run_queue(at=due)
    assert sum(outcome.fallen for outcome in outcomes) <= len(posts)
    for post in posts:
        assert place(post) == (WARM, post.created_at + DAY)


@pytest.mark.django_db(transaction=True)
def test_a_run_waits_for_nobody(alice, write, noon):
    held, free = write(alice), write(alice)

    def hold_while_it_runs():
        from django.db import transaction

        with transaction.atomic():
            Post.objects.select_for_update().get(pk=held.pk)
            return together(lambda: operations.run_queue(at=noon + 2 * DAY))

    assert hold_while_it_runs() == [Run(kept=0, fallen=1)]
    assert (place(held)[0], place(free)[0]) == (HOT, WARM)
    assert operations.run_queue(at=noon + 2 * DAY) == Run(kept=0, fallen=1)


@pytest.mark.django_db(transaction=True)
def test_of_the_tip_that_lifts_and_the_run_that_drops_both_act_once(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    put(post, WARM, noon)
    tip(bob, post, "4.00", at=noon + HOUR)
    at = noon + 3 * DAY
    lifted, _run = together(lambda: tip(mallory, post, "1.00", at=at), lambda: operations.run_queue(at=at))
    assert lifted.amount == D("1.00")
    # Lifted first: hot from now on. Dropped first: the tip is one of the cold level.
    assert place(post) in [(HOT, at), (COLD, at)]


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_chunks_change_nothing(alice, write, noon, chunk):
    posts = [write(alice) for _number in range(5)]
    assert operations.run_queue(at=noon + 5 * DAY, chunk=chunk).fallen == 10
    assert {place(post)[0] for post in posts} == {COLD}


def test_the_run_reads_only_what_is_due(alice, write, noon):
    """Beside two thousand others on its level, and by the table's real statistics."""
    post = write(alice)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO social_post SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(),"
            " 'queue_entered_at', p.queue_entered_at + n * interval '1 minute'))).*"
            " FROM social_post p, generate_series(1, 2000) n WHERE p.id = %s",
            [post.pk],
        )
        cursor.execute("ANALYZE social_post")
        cursor.execute(
            "EXPLAIN SELECT p.id FROM social_post p WHERE p.deleted_at IS NULL AND p.queue_level IN (0, 1, 2)"
            " AND p.queue_level = 0 AND p.queue_entered_at <= %s ORDER BY p.queue_entered_at LIMIT 10",
            [noon + HOUR],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan using social_post_queue" in plan and "Sort" not in plan, plan
