"""The formulas that stand twice, in rules.py and in SQL, say the same; and the counters that triggers keep."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from accounts.members.models import Page, User
from social.feed import operations, rules
from social.feed.models import Comment, Follow, Post

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
DAY = 24 * 3600
IN_SQL = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", values)
        return cursor.fetchone()[0]


def coins(least="0.00", most="100000.00"):
    return some.decimals(D(least), D(most), places=2)


def moments():
    return some.integers(-6 * 365 * DAY, 14 * 365 * DAY).map(lambda seconds: NOON + timedelta(seconds=seconds))


# -- Twice the same -----------------------------------------------------------------------------------------------


@IN_SQL
@given(coins(), some.integers(0, 10**6), moments())
def test_visibility_is_the_same_in_sql(db, standing, comments, born):
    in_sql = ask("social_visibility(%s::numeric, %s::integer, %s::timestamptz)", standing, comments, born)
    in_rules = rules.visibility_score(standing=standing, comments=comments, born=born)
    assert abs(in_sql - in_rules) <= D("0.0001")


@IN_SQL
@given(coins(most="1000.00"), some.one_of(some.none(), moments()), coins("-10.00", "10.00"), moments())
def test_velocity_is_the_same_in_sql(db, before, before_at, amount, given_at):
    in_sql = ask(
        "social_velocity(%s::numeric, %s::timestamptz, %s::numeric, %s::timestamptz)",
        before,
        before_at,
        amount,
        given_at,
    )
    in_rules = rules.velocity_with(rules.Velocity(before, before_at), coins=amount, given_at=given_at)
    assert abs(in_sql - in_rules.coins_per_hour) <= D("0.0001")


def test_the_velocity_of_a_post_that_slept_for_years_does_not_overflow(alice, bob, write, tip, noon):
    post = write(alice)
    tip(bob, post, "6.00", at=noon)
    tip(bob, post, "3.00", at=noon + timedelta(days=4000))
    post.refresh_from_db()
    assert post.engagement_velocity == D("0.5000")


@IN_SQL
@given(coins(), some.decimals(D(0), D(1), places=4))
def test_a_loss_is_rounded_the_same_in_sql(db, standing, rate):
    assert ask("round(%s::numeric * %s::numeric, 2)", standing, rate) == rules.decay_of(standing, rate=rate)


def test_a_posts_figures_are_those_of_the_rules_after_every_event(alice, bob, mallory, write, say, tip, noon):
    post = write(alice)
    kept = rules.Velocity(D("0"), None)
    for who, amount, minutes in ((bob, "3.33", 5), (mallory, "10.00", 65), (bob, "1.00", 600)):
        at = noon + timedelta(minutes=minutes)
        tip(who, post, amount, at=at)
        kept = rules.velocity_with(kept, coins=D(amount), given_at=at)
        say(who, post, at=at)
    post.refresh_from_db()
    score = rules.visibility_score(standing=D("14.33"), comments=3, born=noon)
    assert abs(post.visibility_score - score) <= D("0.0001")
    assert abs(post.engagement_velocity - kept.coins_per_hour) <= D("0.0003")
    assert post.velocity_at == kept.at


def test_a_tip_that_comes_late_counts_from_its_own_moment(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    tip(bob, post, "6.00", at=noon + timedelta(hours=6))
    tip(mallory, post, "6.00", at=noon)
    post.refresh_from_db()
    assert post.engagement_velocity == pytest.approx(D("1.3679"), abs=D("0.0001"))
    assert post.last_token_received_at == post.velocity_at == noon + timedelta(hours=6)


def test_a_boost_counts_as_birth_at_the_next_event(alice, bob, write, tip, noon):
    post = write(alice)
    Post.objects.filter(pk=post.pk).update(last_boosted_at=noon + timedelta(hours=12))
    tip(bob, post, "9.00")
    post.refresh_from_db()
    assert post.visibility_score == rules.visibility_score(
        standing=D("9.00"), comments=0, born=noon + timedelta(hours=12)
    )


# -- Counters -----------------------------------------------------------------------------------------------------


def counts(member):
    """posts ever, comments ever, posts to be seen on the first page."""
    account = User.objects.get(pk=member.pk)
    page = Page.objects.get(pk=member.primary_page.pk)
    return account.posts_created_count, account.comments_created_count, page.posts_count


def test_posts_are_counted_when_written_removed_put_back_and_deleted(alice, write, noon):
    post, _other = write(alice), write(alice)
    assert counts(alice) == (2, 0, 2)
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    assert counts(alice) == (2, 0, 1)
    Post.objects.filter(pk=post.pk).update(deleted_at=None)
    assert counts(alice) == (2, 0, 2)
    Post.objects.filter(pk=post.pk).update(status="DRAFT")
    assert counts(alice) == (2, 0, 1)
    Post.objects.filter(pk=post.pk).update(deleted_at=noon)
    assert counts(alice) == (2, 0, 1)
    Post.objects.filter(pk=post.pk).update(deleted_at=None, status="PUBLISHED", content="Other words.")
    assert counts(alice) == (2, 0, 2)
    Post.objects.all().delete()
    assert counts(alice) == (2, 0, 0)


def test_comments_are_counted_when_written_removed_put_back_and_deleted(alice, bob, write, say, noon):
    post = write(alice)
    comment, _other = say(bob, post), say(bob, post)

    def of_post():
        return Post.objects.get(pk=post.pk).comments_count

    assert (of_post(), counts(bob)[1]) == (2, 2)
    operations.remove_comment(remover=bob, comment_id=comment.pk, at=noon)
    assert (of_post(), counts(bob)[1]) == (1, 2)
    Comment.objects.filter(pk=comment.pk).update(deleted_at=None)
    assert of_post() == 2
    Comment.objects.filter(pk=comment.pk).update(content="Other words.")
    assert of_post() == 2
    Comment.objects.filter(pk=comment.pk).delete()
    assert (of_post(), counts(bob)[1]) == (1, 2)


def test_a_comment_is_an_event_of_the_posts_score(alice, bob, write, say, noon):
    post = write(alice)
    comment = say(bob, post)
    post.refresh_from_db()
    with_one = post.visibility_score
    assert with_one == rules.visibility_score(standing=D("0.00"), comments=1, born=noon)
    operations.remove_comment(remover=bob, comment_id=comment.pk, at=noon)
    post.refresh_from_db()
    assert post.visibility_score == rules.visibility_score(standing=D("0.00"), comments=0, born=noon)


def test_followers_are_counted(alice, bob, mallory, noon):
    page = alice.primary_page
    for who in (bob, mallory, bob):
        operations.follow(follower=who, page=page, at=noon)
    page.refresh_from_db()
    assert page.followers_count == 2
    operations.unfollow(follower=bob, page=page)
    operations.unfollow(follower=bob, page=page)
    page.refresh_from_db()
    assert page.followers_count == 1


def test_rows_written_in_bulk_are_counted_too(alice, bob, mallory, write, noon):
    hashes = iter("abcdef")
    posts = Post.objects.bulk_create(
        Post(page=who.primary_page, user=who, content="Words.", content_hash=next(hashes), queue_entered_at=noon)
        for who in (alice, alice, bob)
    )
    Comment.objects.bulk_create(
        Comment(post=posts[place], page=mallory.primary_page, user=mallory, content="Yes.") for place in (0, 0, 2)
    )
    Follow.objects.bulk_create(
        Follow(follower=who, page=page.primary_page) for who, page in ((bob, alice), (mallory, alice), (alice, bob))
    )
    assert (counts(alice), counts(bob), counts(mallory)) == ((2, 0, 2), (1, 0, 1), (0, 3, 0))
    assert [Post.objects.get(pk=post.pk).comments_count for post in posts] == [2, 0, 1]
    assert Page.objects.get(pk=alice.primary_page.pk).followers_count == 2
    Follow.objects.all().delete()
    Comment.objects.all().delete()
    assert Page.objects.get(pk=alice.primary_page.pk).followers_count == 0
    assert Post.objects.get(pk=posts[0].pk).comments_count == 0


def test_the_hot_feed_is_a_view_for_people_with_sql(alice, bob, write, tip, noon):
    low, high, gone, cold = (write(alice) for _number in range(4))
    tip(bob, high, "10.00")
    operations.remove_post(remover=alice, post_id=gone.pk, at=noon)
    Post.objects.filter(pk=cold.pk).update(queue_level=2)
    hidden = write(bob)
    User.objects.filter(pk=bob.pk).update(status="BANNED")
    with connection.cursor() as cursor:
        cursor.execute("SELECT post_id, username, total_tokens_received FROM v_hot_feed")
        rows = cursor.fetchall()
    assert rows == [(high.pk, "alice", D("10.00")), (low.pk, "alice", D("0.00"))]
    assert hidden.pk not in [row[0] for row in rows]
