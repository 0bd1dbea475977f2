import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.members.models import Page
from config.lib.refusals import NotAllowed, NotThere
from social.feed import operations, queries
from social.feed.models import Follow

pytestmark = pytest.mark.django_db


def test_following_and_following_no_longer(alice, bob, noon):
    operations.follow(follower=bob, page=alice.primary_page, at=noon)
    operations.follow(follower=bob, page=alice.primary_page, at=noon)
    assert Follow.objects.get().created_at == noon
    operations.unfollow(follower=bob, page=alice.primary_page)
    operations.unfollow(follower=bob, page=alice.primary_page)
    assert not Follow.objects.exists()


def test_one_does_not_follow_oneself(alice, noon):
    with pytest.raises(operations.OwnPage):
        operations.follow(follower=alice, page=alice.primary_page, at=noon)


def test_a_page_that_is_not_shown_cannot_be_followed(alice, bob, noon):
    page = alice.primary_page
    type(alice).objects.filter(pk=alice.pk).update(status="BANNED")
    with pytest.raises(NotThere):
        operations.follow(follower=bob, page=page, at=noon)
    type(alice).objects.filter(pk=alice.pk).update(status="ACTIVE")
    Page.objects.filter(pk=page.pk).update(is_active=False)
    with pytest.raises(NotThere):
        operations.follow(follower=bob, page=page, at=noon)


def test_who_may_not_act_follows_nobody(alice, bob, noon):
    bob.status = "SUSPENDED"
    with pytest.raises(NotAllowed):
        operations.follow(follower=bob, page=alice.primary_page, at=noon)
    with pytest.raises(NotAllowed):
        operations.unfollow(follower=bob, page=alice.primary_page)


def test_followers_are_listed_with_the_page_to_show(alice, bob, mallory, noon, django_assert_num_queries):
    for who in (bob, mallory):
        operations.follow(follower=who, page=alice.primary_page, at=noon)
    Page.objects.create(user=bob, username="bob_two", display_name="Two", is_primary=False)
    with django_assert_num_queries(3):  # one for the reader's boundaries
        rows = list(queries.followers_of(alice.primary_page, bob).order_by("-id"))
        names = [row.follower.primary_pages[0].username for row in rows]
    assert sorted(names) == ["bob", "mallory"]
    type(bob).objects.filter(pk=bob.pk).update(status="CLOSED")
    assert queries.followers_of(alice.primary_page, AnonymousUser()).count() == 1


def test_a_reader_learns_whom_they_follow(alice, bob, mallory, noon, django_assert_num_queries):
    operations.follow(follower=bob, page=alice.primary_page, at=noon)
    pages = [alice.primary_page, mallory.primary_page]
    with django_assert_num_queries(1):
        assert queries.followed_among(bob, pages) == {alice.primary_page.pk}
    assert queries.followed_among(bob, []) == set()
