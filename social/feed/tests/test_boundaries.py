"""What a block stops, what a mute leaves out, and that both are the reader's own."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from accounts.members import boundaries
from accounts.members import operations as members
from accounts.members.boundaries import Blocked
from social.feed import operations, queries
from social.feed.models import Comment, Follow, Tip
from social.feed.tests.conftest import WEB, balance, together
from social.feed.threads import Conversation

pytestmark = pytest.mark.django_db


@pytest.fixture
def baker(alice, noon):
    """A second page of alice's."""
    return members.open_page(member=alice, username="baker", display_name="The baker", at=noon)


@pytest.fixture
def apart(alice, bob, noon):
    """bob has blocked alice."""
    boundaries.block(member=bob, page=alice.primary_page, at=noon)


# -- What does not pass -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_no_comment_tip_or_follow_passes_either_way(apart, alice, bob, write, say, tip, baker, who):
    one, other = (alice, bob) if who == "alice" else (bob, alice)
    post = write(other)
    before = balance(one)
    for refused in (partial(say, one, post), partial(tip, one, post, "2.00")):
        with pytest.raises(Blocked) as refusal:
            refused()
        assert (refusal.value.slug, refusal.value.status) == ("blocked", 422)
    with pytest.raises(Blocked):
        operations.follow(follower=one, page=other.primary_page, at=post.created_at)
    assert (balance(one), Comment.objects.count(), Tip.objects.count(), Follow.objects.count()) == (before, 0, 0, 0)


def test_another_page_of_the_same_member_is_no_way_round(apart, alice, bob, baker, write, say, tip):
    post = write(bob)
    for refused in (partial(say, alice, post, page=baker), partial(tip, alice, post, "1.00", page=baker)):
        with pytest.raises(Blocked):
            refused()
    with pytest.raises(Blocked):
        operations.follow(follower=bob, page=baker, at=post.created_at)


def test_nobody_answers_a_comment_across_a_block_on_anothers_post(apart, alice, bob, mallory, write, say, tip):
    post = write(mallory)
    comment = say(bob, post)
    with pytest.raises(Blocked):
        say(alice, post, parent_id=comment.pk)
    with pytest.raises(Blocked):
        tip(alice, comment, "1.00")
    assert say(alice, post)  # beside each other they may stand


def test_others_are_not_concerned(apart, alice, mallory, write, say, tip, noon):
    post = write(alice)
    assert say(mallory, post) and tip(mallory, post, "1.00")
    operations.follow(follower=mallory, page=alice.primary_page, at=noon)


def test_when_it_ends_everything_passes_again(apart, alice, bob, write, say, tip):
    boundaries.unblock(member=bob, page=alice.primary_page)
    post = write(alice)
    assert say(bob, post) and tip(bob, post, "1.00")


def test_a_tip_from_before_can_be_taken_back(alice, bob, write, tip, noon):
    given = tip(bob, write(alice), "3.00")
    boundaries.block(member=alice, page=bob.primary_page, at=noon)
    operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon)
    assert str(balance(bob)) == "100.00"


def test_a_tip_under_its_key_is_found_again_after_a_block(alice, bob, write, tip, noon):
    post = write(alice)
    given = tip(bob, post, "3.00", key="k")
    boundaries.block(member=alice, page=bob.primary_page, at=noon)
    assert tip(bob, post, "3.00", key="k").pk == given.pk


def test_a_block_ends_follows_both_ways_and_of_all_pages(alice, bob, mallory, baker, noon):
    for follower, page in (
        (bob, baker),
        (bob, alice.primary_page),
        (alice, bob.primary_page),
        (mallory, alice.primary_page),
        (bob, mallory.primary_page),
    ):
        operations.follow(follower=follower, page=page, at=noon)
    boundaries.block(member=bob, page=baker, at=noon)
    assert set(Follow.objects.values_list("follower__pages__username", "page__username")) == {
        ("mallory", "alice"),
        ("bob", "mallory"),
    }
    baker.refresh_from_db()
    assert baker.followers_count == 0


# -- What is left out ---------------------------------------------------------------------------------------------


def usernames(rows):
    return {row.page.username for row in rows}


def test_lists_leave_out_what_stands_behind_a_block_for_both(apart, alice, bob, mallory, write):
    for member in (alice, bob, mallory):
        write(member)
    assert usernames(queries.hot_feed(alice)) == {"alice", "mallory"}
    assert usernames(queries.hot_feed(bob)) == {"bob", "mallory"}
    assert (
        usernames(queries.hot_feed(mallory))
        == usernames(queries.hot_feed(AnonymousUser()))
        == {
            "alice",
            "bob",
            "mallory",
        }
    )
    assert not queries.posts_of(alice.primary_page, bob)


def test_a_muted_page_is_left_out_of_feeds_and_shown_where_it_is(alice, bob, baker, write, noon):
    write(alice, page=baker)
    write(alice)
    operations.follow(follower=bob, page=baker, at=noon)
    boundaries.mute(member=bob, page=baker, at=noon)
    assert usernames(queries.hot_feed(bob)) == {"alice"}
    assert queries.NEWEST.slice(queries.following_feed(bob)).rows == []
    assert usernames(queries.posts_of(baker, bob)) == {"baker"}
    assert usernames(queries.hot_feed(alice)) == {"alice", "baker"}


def test_muted_words_are_looked_for_in_titles_and_texts(alice, bob, write, noon):
    write(alice, "The butler did it.", title="Spoiler")
    write(alice, "A spoiler: the butler.")
    write(alice, "Spoilers are plural.")
    boundaries.mute_word(member=bob, word="SPOILER", at=noon)
    assert [post.content for post in queries.hot_feed(bob)] == ["Spoilers are plural."]
    assert [post.content for post in queries.posts_of(alice.primary_page, bob)] == ["Spoilers are plural."]
    assert queries.hot_feed(alice).count() == 3


def test_followers_leave_out_those_one_keeps_apart_from(alice, bob, mallory, noon):
    for follower in (bob, mallory):
        operations.follow(follower=follower, page=alice.primary_page, at=noon)
    boundaries.block(member=bob, page=mallory.primary_page, at=noon)
    assert [row.follower for row in queries.followers_of(alice.primary_page, bob)] == [bob]
    assert queries.followers_of(alice.primary_page, alice).count() == 2


def test_a_thread_keeps_its_places(apart, alice, bob, mallory, write, say, noon, django_assert_num_queries):
    post = write(mallory)
    words = say(alice, post, "Words of alice.")
    say(mallory, post, "An answer.", parent_id=words.pk)
    boundaries.mute_word(member=bob, word="answer", at=noon)
    with django_assert_num_queries(3):
        seen = Conversation(post, bob).page(sort="old").rows
    assert [(row.is_apart, row.is_unwanted, row.content) for row in seen] == [
        (True, False, ""),
        (False, True, "An answer."),
    ]
    assert [row.content for row in Conversation(post, mallory).page(sort="old").rows] == [
        "Words of alice.",
        "An answer.",
    ]


def test_the_page_folds_up_what_is_left_out(client, apart, alice, bob, mallory, write, say, noon):
    post = write(mallory)
    say(alice, post, "Words of alice.")
    say(mallory, post, "A spoiler.")
    boundaries.mute_word(member=bob, word="spoiler", at=noon)
    client.force_login(bob)
    page = client.get(f"/p/{post.pk}/").content.decode()
    assert "Words of alice." not in page and "keep apart" in page
    assert "Left out by you" in page and "A spoiler." in page


def test_the_api_says_what_is_left_out(api, apart, alice, bob, mallory, write, say, noon):
    post = write(mallory)
    say(alice, post, "Words of alice.")
    say(mallory, post, "A spoiler.", at=noon + timedelta(seconds=1))
    boundaries.mute(member=bob, page=mallory.primary_page, at=noon)
    rows = api(bob).get(f"/api/v1/posts/{post.pk}/comments").json()["results"]
    assert [(row["is_left_out"], row["content"]) for row in rows] == [(True, None), (True, "A spoiler.")]
    assert rows[0]["page"] is None
    rows = api().get(f"/api/v1/posts/{post.pk}/comments").json()["results"]
    assert [(row["is_left_out"], row["content"]) for row in rows] == [(False, "Words of alice."), (False, "A spoiler.")]


def test_a_refused_tip_says_so_on_the_form_and_in_the_api(client, api, apart, alice, bob, write):
    post = write(bob)
    client.force_login(alice)
    refused = client.post(f"/p/{post.pk}/tip/", {"amount": "1.00", "key": str(uuid4())})
    assert (refused.status_code, "keep apart" in refused.content.decode()) == (422, True)
    refused = api(alice).post(f"/api/v1/posts/{post.pk}/tips", {"amount": "1.00"}, headers={"Idempotency-Key": "k"})
    assert (refused.status_code, refused.json()["type"]) == (422, "blocked")


# -- Two at once --------------------------------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_no_follow_slips_past_a_block(alice, bob, noon):
    for _round in range(10):
        boundaries.unblock(member=bob, page=alice.primary_page)
        together(
            partial(boundaries.block, member=bob, page=alice.primary_page, at=noon),
            partial(operations.follow, follower=alice, page=bob.primary_page, at=noon),
            partial(operations.follow, follower=bob, page=alice.primary_page, at=noon),
        )
        assert boundaries.keep_apart(alice.pk, bob.pk)
        assert not Follow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_a_follow_slips_past(alice, bob, noon, monkeypatch):
    """The defence taken away: a follow that has looked before the block commits stays."""
    monkeypatch.setattr("social.feed.operations.follows.pass_one_at_a_time", lambda *who: None)

    def block_meanwhile(*who):
        together(partial(boundaries.block, member=bob, page=alice.primary_page, at=noon))

    monkeypatch.setattr("social.feed.operations.follows.must_not_keep_apart", block_meanwhile)
    with transaction.atomic():
        operations.follow(follower=alice, page=bob.primary_page, at=noon)
    assert boundaries.keep_apart(alice.pk, bob.pk) and Follow.objects.exists()
    connection.close()
