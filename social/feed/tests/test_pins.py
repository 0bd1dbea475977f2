"""The post that stands first on a page."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.members.models import Page
from config.lib.refusals import NotAllowed, NotThere
from social.feed import operations
from social.feed.models import Post
from social.feed.tests.conftest import together

pytestmark = pytest.mark.django_db


def pinned(page: Page) -> list[Post]:
    return list(Post.objects.filter(page=page, pinned_at__isnull=False))


def test_a_page_has_one_pinned_post(alice, write, noon):
    first, second = write(alice), write(alice)
    operations.pin_post(member=alice, post_id=first.pk, at=noon)
    operations.pin_post(member=alice, post_id=first.pk, at=noon + timedelta(hours=1))
    assert Post.objects.get(pk=first.pk).pinned_at == noon
    operations.pin_post(member=alice, post_id=second.pk, at=noon)
    assert pinned(alice.primary_page) == [second]
    operations.unpin_post(member=alice, post_id=second.pk)
    operations.unpin_post(member=alice, post_id=second.pk)
    assert pinned(alice.primary_page) == []


def test_each_page_of_a_member_has_its_own(alice, write, noon):
    other = Page.objects.create(user=alice, username="alice_two", display_name="Two", is_primary=False)
    one, two = write(alice), write(alice, page=other)
    for post in (one, two):
        operations.pin_post(member=alice, post_id=post.pk, at=noon)
    assert pinned(alice.primary_page) == [one] and pinned(other) == [two]


def test_others_pin_nothing_of_mine(alice, mallory, write, noon):
    post = write(alice)
    for act in (
        lambda: operations.pin_post(member=mallory, post_id=post.pk, at=noon),
        lambda: operations.unpin_post(member=mallory, post_id=post.pk),
        lambda: operations.pin_post(member=mallory, post_id=uuid4(), at=noon),
    ):
        with pytest.raises(NotThere):
            act()
    assert pinned(alice.primary_page) == []


def test_what_is_removed_cannot_be_pinned_and_makes_room(alice, write, noon):
    gone, there = write(alice), write(alice)
    operations.pin_post(member=alice, post_id=gone.pk, at=noon)
    operations.remove_post(remover=alice, post_id=gone.pk, at=noon)
    with pytest.raises(NotThere):
        operations.pin_post(member=alice, post_id=gone.pk, at=noon)
    operations.pin_post(member=alice, post_id=there.pk, at=noon)
    assert Post.objects.filter(pinned_at__isnull=False, deleted_at=None).get() == there


def test_the_suspended_pin_nothing(alice, write, noon):
    post = write(alice)
    alice.status = "SUSPENDED"
    alice.save()
    with pytest.raises(NotAllowed):
        operations.pin_post(member=alice, post_id=post.pk, at=noon)


@pytest.mark.django_db(transaction=True)
def test_of_two_pinned_at_once_one_stays(alice, write, noon):
    posts = [write(alice) for _number in range(4)]
    outcomes = together(
        *[lambda post=post: operations.pin_post(member=alice, post_id=post.pk, at=noon) for post in posts]
    )
    assert outcomes == [None] * 4
    assert len(pinned(alice.primary_page)) == 1


# -- On the page ----------------------------------------------------------------------------------------------------


def ids_of(page: Any) -> list[str]:
    return re.findall(r'id="post-([0-9a-f-]{36})"', page.content.decode())


def test_it_stands_first_once_and_says_so(client: Client, alice: Any, write: Any) -> None:
    start = timezone.now() - timedelta(days=2)
    posts = [write(alice, at=start + n * timedelta(minutes=11)) for n in range(23)]
    client.force_login(alice)
    answer = client.post(f"/p/{posts[0].pk}/pin/", follow=True)
    assert "The post stands first on your page." in answer.content.decode()
    first = client.get("/@alice/")
    shown = ids_of(first)
    assert shown[0] == str(posts[0].pk) and len(shown) == 21
    assert first.content.decode().count('#pin"></use></svg>pinned') == 1
    more = re.search(r'href="([^"]+cursor=[^"]+)"', first.content.decode())
    assert more
    rest = ids_of(client.get(more[1]))
    assert sorted(shown + rest) == sorted(str(post.pk) for post in posts)
    assert "Unpin from my page" in first.content.decode()
    client.post(f"/p/{posts[0].pk}/unpin/")
    assert ids_of(client.get("/@alice/"))[0] == str(posts[-1].pk)


def test_mallory_finds_no_pin_and_no_way_in(client: Client, alice: Any, mallory: Any, write: Any) -> None:
    post = write(alice, at=timezone.now())
    client.force_login(mallory)
    assert "Pin to my page" not in client.get("/@alice/").content.decode()
    assert client.post(f"/p/{post.pk}/pin/").status_code == 403
    assert client.post(f"/p/{post.pk}/unpin/").status_code == 403
    assert client.post(f"/p/{uuid4()}/pin/").status_code == 404
    assert client.get(f"/p/{post.pk}/pin/").status_code == 405
    assert pinned(alice.primary_page) == []


# -- In the API -----------------------------------------------------------------------------------------------------


def test_pins_in_the_api(api, alice, mallory, write):
    post = write(alice, at=timezone.now())
    address = f"/api/v1/posts/{post.pk}/pin"
    assert [api(alice).put(address).status_code for _twice in "ab"] == [204, 204]
    assert api().get(f"/api/v1/posts/{post.pk}").json()["is_pinned"] is True
    assert api(mallory).put(address).status_code == api(mallory).delete(address).status_code == 403
    assert api().put(address).status_code == 401
    assert [api(alice).delete(address).status_code for _twice in "ab"] == [204, 204]
    assert api(alice).put(f"/api/v1/posts/{uuid4()}/pin").status_code == 404
