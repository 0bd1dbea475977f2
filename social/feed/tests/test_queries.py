"""What readers see, in which order, and for how many questions to the database."""

from datetime import timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.members.models import Page, User
from config.lib.refusals import NotThere
from economy.observatory.queries import state
from economy.stipend.queries import wanted
from social.feed import operations, queries
from social.feed.models import Post
from social.feed.tests.conftest import WEB
from social.feed.threads import ANSWERS, Conversation

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


def hot(reader=NOBODY, **given):
    return queries.HOT.slice(queries.hot_feed(reader), **given).rows


def following(reader, **given):
    return queries.NEWEST.slice(queries.following_feed(reader), **given).rows


# -- Lists --------------------------------------------------------------------------------------------------------


def test_the_hot_feed_goes_by_level_then_score_then_age(alice, bob, write, tip):
    one, two, three, four = (write(alice) for _number in range(4))
    tip(bob, two, "10.00")
    Post.objects.filter(pk=three.pk).update(queue_level=1)
    Post.objects.filter(pk=four.pk).update(queue_level=2)
    assert hot() == [two, one, three]


def test_the_hot_feed_goes_on_where_it_stopped(alice, bob, write, tip):
    posts = [write(alice) for _number in range(7)]
    tip(bob, posts[3], "5.00")
    whole = hot()
    first = queries.HOT.slice(queries.hot_feed(NOBODY), size=3)
    second = queries.HOT.slice(queries.hot_feed(NOBODY), cursor=first.next, size=3)
    third = queries.HOT.slice(queries.hot_feed(NOBODY), cursor=second.next, size=3)
    assert first.rows + second.rows + third.rows == whole and len(whole) == 7
    assert third.next is None


@pytest.mark.parametrize("count", [2, 9])
def test_a_page_of_a_feed_is_one_query_however_long(alice, bob, write, noon, count, django_assert_num_queries):
    operations.follow(follower=bob, page=alice.primary_page, at=noon)
    for _number in range(count):
        write(alice)
    page = alice.primary_page
    for keyset, rows in (
        (queries.HOT, queries.hot_feed(bob)),
        (queries.NEWEST, queries.following_feed(bob)),
        (queries.NEWEST, queries.posts_of(page, bob)),
    ):
        with django_assert_num_queries(1):
            found = keyset.slice(rows).rows
            assert {post.page.username for post in found} == {"alice"}
        assert len(found) == count


def test_following_goes_on_and_back_among_pages_that_write_unequally_much(alice, bob, mallory, write, noon):
    authors = [alice] * 5 + [mallory] + [alice] * 4 + [mallory] * 2 + [alice] * 9
    posts = [write(author, at=noon + timedelta(minutes=11 * number)) for number, author in enumerate(authors)]
    for page in (alice.primary_page, mallory.primary_page):
        operations.follow(follower=bob, page=page, at=noon)
    Post.objects.filter(pk__in=[posts[3].pk, posts[-2].pk]).update(deleted_at=noon)
    expected = [post.pk for post in reversed(posts) if post not in (posts[3], posts[-2])]
    feed, cursor, seen, pages = queries.following_feed(bob), "", [], []
    while cursor is not None:
        found = queries.NEWEST.slice(feed, cursor=cursor, size=4)
        pages.append([post.pk for post in found.rows])
        seen, cursor, last = seen + pages[-1], found.next, found
    assert seen == expected
    back = queries.NEWEST.slice(feed, cursor=last.previous, size=4)
    assert [post.pk for post in back.rows] == pages[-2]


def test_of_a_page_that_one_follows_no_more_is_read_than_shown(alice, bob, write, noon):
    post = write(alice)
    operations.follow(follower=bob, page=alice.primary_page, at=noon)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO social_post SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid()))).*"
            " FROM social_post p, generate_series(1, 3000) WHERE p.id = %s",
            [post.pk],
        )
        cursor.execute("ANALYZE social_post, social_follow, accounts_page, accounts_user")
    with CaptureQueriesContext(connection) as asked:
        assert len(following(bob, size=20)) == 20
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) " + asked[0]["sql"])
        plan = cursor.fetchone()[0][0]["Plan"]
    assert rows_read(plan) < 300, plan


def rows_read(plan):
    """How many rows a plan has looked at in tables and indexes."""
    own = plan["Actual Rows"] * plan["Actual Loops"] if plan["Node Type"].endswith("Scan") else 0
    return own + sum(rows_read(part) for part in plan.get("Plans", []))


def test_following_shows_the_pages_one_follows_newest_first(alice, bob, mallory, write, noon):
    one, _other, two = write(alice), write(mallory), write(alice)
    assert following(bob) == []
    operations.follow(follower=bob, page=alice.primary_page, at=noon)
    assert queries.NEWEST.slice(queries.following_feed(bob)).rows == [two, one]
    assert following(NOBODY) == []


def test_a_page_shows_its_own_posts(alice, write):
    second = Page.objects.create(user=alice, username="alice_two", display_name="Two", is_primary=False)
    one, _other, two = write(alice), write(alice, page=second), write(alice)
    assert queries.NEWEST.slice(queries.posts_of(alice.primary_page, NOBODY)).rows == [two, one]


@pytest.mark.parametrize(
    ("status", "is_shown"), [("ACTIVE", True), ("SUSPENDED", True), ("BANNED", False), ("CLOSED", False)]
)
def test_posts_are_shown_while_their_writer_is_in_good_standing(alice, bob, write, noon, status, is_shown):
    post = write(alice)
    operations.follow(follower=bob, page=alice.primary_page, at=noon)
    User.objects.filter(pk=alice.pk).update(status=status)
    expected = [post] if is_shown else []
    assert hot(bob) == following(bob) == list(queries.posts_of(post.page, bob)) == expected


def test_drafts_and_hidden_pages_are_not_shown(alice, write):
    draft, hidden = write(alice), write(alice)
    second = Page.objects.create(
        user=alice, username="alice_two", display_name="Two", is_primary=False, is_active=False
    )
    Post.objects.filter(pk=draft.pk).update(status="DRAFT")
    Post.objects.filter(pk=hidden.pk).update(page=second)
    assert hot() == []
    for post in (draft, hidden):
        with pytest.raises(NotThere):
            queries.post_for(alice, post.pk)


def test_one_post_comes_with_its_page(alice, write, django_assert_num_queries):
    post = write(alice)
    with django_assert_num_queries(1):
        assert queries.post_for(NOBODY, post.pk).page.username == "alice"
    with pytest.raises(NotThere):
        queries.post_for(NOBODY, uuid4())


# -- Threads ------------------------------------------------------------------------------------------------------


def test_comments_come_in_the_order_of_their_threads(alice, bob, write, say, noon, django_assert_num_queries):
    post = write(alice)
    minute = timedelta(minutes=1)
    a = say(bob, post, "a", at=noon)
    b = say(bob, post, "b", at=noon + minute)
    a1 = say(alice, post, "a1", at=noon + 2 * minute, parent_id=a.pk)
    b1 = say(alice, post, "b1", at=noon + 3 * minute, parent_id=b.pk)
    a2 = say(bob, post, "a2", at=noon + 4 * minute, parent_id=a.pk)
    a11 = say(bob, post, "a11", at=noon + 5 * minute, parent_id=a1.pk)
    with django_assert_num_queries(2):
        thread = Conversation(post, NOBODY).page(sort="old").rows
        shown = [(each.content, each.thread_depth, each.page.username, each.post.title) for each in thread]
    assert thread == [a, a1, a11, a2, b, b1]
    assert shown[2] == ("a11", 2, "bob", "")


def test_removed_comments_keep_their_place_without_their_words(alice, bob, write, say, noon):
    post = write(alice)
    first = say(bob, post, "Something rude.")
    answer = say(alice, post, "Really?", parent_id=first.pk)
    operations.remove_comment(remover=bob, comment_id=first.pk, at=noon)
    thread = Conversation(post, alice).page(sort="old").rows
    assert [(each.pk, each.content, each.is_hidden) for each in thread] == [
        (first.pk, "", True),
        (answer.pk, "Really?", False),
    ]


def test_the_words_of_the_banned_are_hidden_and_those_of_the_suspended_are_not(alice, bob, mallory, write, say, noon):
    post = write(alice)
    say(bob, post, "Bob's.")
    hers = say(mallory, post, "Mallory's.", at=noon + timedelta(minutes=1))
    say(mallory, post, "Mallory's, unanswered.", at=noon + timedelta(minutes=1))
    say(bob, post, "Bob's answer.", at=noon + timedelta(minutes=2), parent_id=hers.pk)
    User.objects.filter(pk=bob.pk).update(status="SUSPENDED")
    User.objects.filter(pk=mallory.pk).update(status="BANNED")
    assert [(each.content, each.is_hidden) for each in Conversation(post, NOBODY).page(sort="old").rows] == [
        ("Bob's.", False),
        ("", True),
        ("Bob's answer.", False),
    ]


def test_one_comment_is_there_while_its_post_and_its_writer_are(alice, bob, write, say, noon):
    post = write(alice)
    comment, rude = say(bob, post), say(alice, post, "Rude.")
    assert queries.comment_for(NOBODY, comment.pk) == comment
    operations.remove_comment(remover=alice, comment_id=rude.pk, at=noon)
    User.objects.filter(pk=bob.pk).update(status="BANNED")
    for gone in (rude.pk, comment.pk, uuid4()):
        with pytest.raises(NotThere):
            queries.comment_for(NOBODY, gone)
    User.objects.filter(pk=bob.pk).update(status="ACTIVE")
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    with pytest.raises(NotThere):
        queries.comment_for(NOBODY, comment.pk)


def test_a_very_deep_thread_is_read_without_recursion(alice, write, say, figure, noon):
    figure(FREE_COMMENTS_PER_DAY=2000)
    post = write(alice)
    last = None
    for number in range(60):
        last = say(alice, post, f"{number}", at=noon + timedelta(seconds=number), parent_id=last and last.pk)
    assert [each.thread_depth for each in Conversation(post, NOBODY).page(sort="old").rows] == list(range(1 + ANSWERS))


# -- Tips ---------------------------------------------------------------------------------------------------------


def test_a_reader_sees_their_own_open_tips(alice, bob, mallory, write, say, tip, noon, django_assert_num_queries):
    post, other = write(alice), write(alice)
    comment = say(alice, post)
    settled = tip(bob, post, "1.00", at=noon - timedelta(days=1))
    operations.settle_tips(at=noon)
    back = tip(bob, post, "2.00")
    operations.take_back(spender=bob, tip_id=back.pk, channel=WEB, at=noon)
    one, two = tip(bob, post, "3.00"), tip(bob, post, "4.00", at=noon + timedelta(minutes=1))
    tip(mallory, post, "5.00")
    on_comment = tip(bob, comment, "1.00")
    with django_assert_num_queries(1):
        assert queries.tips_on(bob, [post, other]) == {post.pk: [two, one]}
    with django_assert_num_queries(1):
        assert queries.tips_on_comments(bob, [comment]) == {comment.pk: [on_comment]}
    with django_assert_num_queries(1):
        assert queries.given_on(bob, [post, other]) == {post.pk: D("8.00")}
    assert settled.amount == D("1.00")


def test_visitors_and_empty_lists_cost_nothing(alice, write, django_assert_num_queries):
    post = write(alice)
    with django_assert_num_queries(0):
        for ask in (queries.tips_on, queries.tips_on_comments, queries.given_on):
            assert ask(NOBODY, [post]) == ask(alice, []) == {}
        assert queries.followed_among(NOBODY, [alice.primary_page]) == set()


def test_tippers_come_with_what_they_gave_the_most_generous_first(
    alice, bob, mallory, write, tip, noon, django_assert_num_queries
):
    post = write(alice)
    tip(bob, post, "2.00")
    tip(mallory, post, "3.00")
    tip(bob, post, "2.00")
    back = tip(mallory, post, "5.00")
    operations.take_back(spender=mallory, tip_id=back.pk, channel=WEB, at=noon)
    with django_assert_num_queries(2):
        tippers = queries.tippers_of(post, NOBODY, most=100)
    assert tippers == [
        queries.Tipper(bob.primary_page, D("4.00")),
        queries.Tipper(mallory.primary_page, D("3.00")),
    ]
    User.objects.filter(pk=bob.pk).update(status="BANNED")
    assert [each.page.username for each in queries.tippers_of(post, NOBODY, most=100)] == ["mallory"]
    assert len(queries.tippers_of(post, NOBODY, most=1)) <= 1


# -- What other rooms are told ------------------------------------------------------------------------------------


def test_the_observatory_counts_what_is_to_be_seen(alice, bob, write, say, noon):
    post, gone = write(alice), write(alice)
    comment = say(bob, post)
    say(bob, post)
    operations.remove_post(remover=alice, post_id=gone.pk, at=noon)
    operations.remove_comment(remover=bob, comment_id=comment.pk, at=noon)
    assert queries.counts() == {"posts": 1, "comments": 1}
    now = state(noon)
    assert (now.posts, now.comments) == (1, 1)


def test_the_stipend_is_told_of_settled_tips(alice, bob, write, tip, noon):
    from django.db import connection

    tip(bob, write(alice), "10.00")
    operations.settle_tips(at=noon + timedelta(hours=24))
    statement, parameters = wanted(start=noon, end=noon + timedelta(days=7))
    assert queries.SETTLED_TIPS in statement.as_string(None)
    with connection.cursor() as cursor:
        cursor.execute(queries.SETTLED_TIPS, parameters)
        assert cursor.fetchall() == [(bob.pk, alice.pk, D("6.00"))]
        cursor.execute(queries.SETTLED_TIPS, {**parameters, "end": noon + timedelta(hours=24)})
        assert cursor.fetchall() == []
