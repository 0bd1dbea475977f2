"""Commenting in the browser."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.wallets.models import Wallet
from social.feed import operations
from social.feed.models import Comment, Post
from social.feed.tests.test_views_posts import HTMX, commented, edition_in, text_of, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(alice: Any) -> Post:
    return written(alice)


@pytest.fixture
def url(post: Post) -> str:
    return reverse("social:write_comment", args=[post.pk])


@pytest.fixture
def as_bob(client: Client, bob: Any) -> Client:
    client.force_login(bob)
    return client


def test_the_form_says_what_the_next_comment_costs(as_bob: Client, bob: Any, post: Post) -> None:
    address = f"/p/{post.pk}/"
    assert "2 free comments left today." in text_of(as_bob.get(address))
    commented(bob, post, "One.")
    assert "1 free comment left today." in text_of(as_bob.get(address))
    commented(bob, post, "Two.")
    said = "This comment costs 0.50 coins: 0.15 coins to Alice, 0.10 coins to the treasury, 0.25 coins burned."
    assert said in text_of(as_bob.get(address))


def test_on_ones_own_post_nothing_goes_to_oneself(client: Client, alice: Any, post: Post) -> None:
    client.force_login(alice)
    commented(alice, post, "One.")
    commented(alice, post, "Two.")
    said = "This comment costs 0.50 coins: 0.25 coins to the treasury, 0.25 coins burned."
    assert said in text_of(client.get(f"/p/{post.pk}/"))


def test_comment_without_scripts_leads_to_the_comment(as_bob: Client, post: Post, url: str) -> None:
    response = as_bob.post(url, {"content": "Well said.", "key": uuid4()})
    comment = Comment.objects.get()
    assert response.url == f"/p/{post.pk}/?comment={comment.pk}#comment-{comment.pk}"
    assert "Well said." in text_of(as_bob.get(f"/p/{post.pk}/"))


def test_comment_in_place_draws_the_thread_with_the_next_price(as_bob: Client, url: str) -> None:
    response = as_bob.post(url, {"content": "Well said.", "key": uuid4()}, headers=HTMX)
    assert "<html" not in response.content.decode()
    assert 'id="comments"' in response.content.decode()
    assert "1 comment" in text_of(response)
    assert "1 free comment left today." in text_of(response)
    assert 'hx-swap-oob="true"' in response.content.decode()


def test_a_reload_writes_and_charges_once(as_bob: Client, bob: Any, post: Post, url: str) -> None:
    commented(bob, post, "One.")
    commented(bob, post, "Two.")
    sent = {"content": "Three.", "key": str(uuid4())}
    assert as_bob.post(url, sent).url == as_bob.post(url, sent).url
    assert Comment.objects.count() == 3
    assert Wallet.objects.get(user=bob).balance == Decimal("99.50")


def test_an_answer_has_a_form_of_its_own(as_bob: Client, alice: Any, post: Post, url: str) -> None:
    parent = commented(alice, post, "A question?")
    page = as_bob.get(url, {"parent": parent.pk})
    assert "A question?" in text_of(page)
    fragment = as_bob.get(url, {"parent": parent.pk}, headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert f'id="comment-form-{parent.pk}"' in fragment
    as_bob.post(url, {"content": "An answer.", "parent": parent.pk, "key": uuid4()})
    assert Comment.objects.get(content="An answer.").parent == parent


def test_answers_stand_below_and_no_deeper_than_six(as_bob: Client, bob: Any, post: Post) -> None:
    parent = None
    for number in range(9):
        parent = commented(bob, post, f"Level {number}", parent_id=parent and parent.pk)
    page = as_bob.get(f"/p/{post.pk}/").content.decode()
    assert page.count('class="comment depth-6"') == 3
    assert "depth-7" not in page


def test_a_removed_comment_keeps_its_answers(as_bob: Client, alice: Any, bob: Any, post: Post) -> None:
    parent = commented(alice, post, "Regretted words.")
    commented(bob, post, "An answer.", parent_id=parent.pk)
    operations.remove_comment(remover=alice, comment_id=parent.pk, at=timezone.now())
    page = text_of(as_bob.get(f"/p/{post.pk}/"))
    assert "Regretted words." not in page
    assert "This comment was removed." in page
    assert "An answer." in page


def test_a_removed_comment_that_nobody_answered_leaves_no_trace(as_bob: Client, bob: Any, post: Post) -> None:
    parent = commented(bob, post, "First.")
    answer = commented(bob, post, "Second.", parent_id=parent.pk)
    for comment in (parent, answer):
        operations.remove_comment(remover=bob, comment_id=comment.pk, at=timezone.now())
    assert "This comment was removed." not in text_of(as_bob.get(f"/p/{post.pk}/"))


def test_a_refused_comment_keeps_its_words_where_it_stood(as_bob: Client, url: str) -> None:
    response = as_bob.post(url, {"content": "x" * 1001, "key": uuid4()}, headers=HTMX)
    assert response.status_code == 422
    assert response.headers["HX-Retarget"] == "#comment-form"
    assert "x" * 1001 in response.content.decode()
    assert not Comment.objects.exists()


def test_a_comment_that_one_cannot_pay_keeps_its_words(
    as_bob: Client, bob: Any, alice: Any, post: Post, url: str
) -> None:
    commented(bob, post, "One.")
    commented(bob, post, "Two.")
    for number in range(10):
        other = written(alice, f"Number {number}", minutes_ago=11 * (number + 1))
        operations.tip_post(
            spender=bob,
            post_id=other.pk,
            coins=Decimal("10.00") if number else Decimal("9.80"),
            channel="WEB",
            at=timezone.now(),
        )
    response = as_bob.post(url, {"content": "Too dear.", "key": uuid4()})
    assert response.status_code == 422
    assert "Too dear.</textarea>" in response.content.decode()
    assert "you can spend 0.20" in text_of(response)


def test_a_comment_on_a_post_removed_meanwhile_gives_the_words_back(
    as_bob: Client, bob: Any, alice: Any, post: Post, url: str
) -> None:
    operations.remove_post(remover=alice, post_id=post.pk, at=timezone.now())
    for headers in ({}, HTMX):
        response = as_bob.post(url, {"content": "Long and dear words.", "key": uuid4()}, headers=headers)
        assert response.status_code == 404
        assert "Long and dear words." in response.content.decode()
        assert "This was removed while you were writing." in text_of(response)
    assert not Comment.objects.exists()


@pytest.mark.parametrize("parent", ["not-a-uuid", "019a0000-0000-7000-8000-000000000000"])
def test_an_answer_to_nothing_gives_the_words_back(as_bob: Client, url: str, parent: str) -> None:
    response = as_bob.post(url, {"content": "Dear words.", "parent": parent, "key": uuid4()})
    assert response.status_code == 404
    assert "Dear words." in response.content.decode()
    assert as_bob.get(url, {"parent": parent}).status_code == 404


def test_visitors_are_led_to_sign_in(client: Client, url: str) -> None:
    assert client.post(url, {"content": "Hi"}).url.startswith(reverse("accounts:signin"))


def test_edit_a_comment(as_bob: Client, bob: Any, post: Post) -> None:
    comment = commented(bob, post, "Wel said.")
    url = reverse("social:edit_comment", args=[comment.pk])
    edition = edition_in(as_bob.get(url))
    response = as_bob.post(url, {"content": "Well said.", "edition": edition})
    assert response.url == f"/p/{post.pk}/?comment={comment.pk}#comment-{comment.pk}"
    stale = as_bob.post(url, {"content": "Other words.", "edition": edition})
    assert stale.status_code == 422
    assert "Well said." in text_of(stale)


def test_remove_a_comment_asks_first(as_bob: Client, bob: Any, post: Post) -> None:
    comment = commented(bob, post, "Hm.")
    url = reverse("social:remove_comment", args=[comment.pk])
    assert "data-confirm" in as_bob.get(url).content.decode()
    assert as_bob.post(url).status_code == 302
    assert as_bob.get(url).status_code == 404


@pytest.mark.parametrize("name", ["edit_comment", "remove_comment"])
def test_anothers_comment_is_neither_edited_nor_removed(
    client: Client, mallory: Any, bob: Any, post: Post, name: str
) -> None:
    comment = commented(bob, post, "Mine.")
    client.force_login(mallory)
    url = reverse(f"social:{name}", args=[comment.pk])
    assert client.get(url).status_code == 403
    assert client.post(url, {"content": "Yours?"}).status_code == 403
    comment.refresh_from_db()
    assert (comment.content, comment.deleted_at) == ("Mine.", None)


def test_a_moderator_may_remove_a_comment(client: Client, moderator: Any, bob: Any, post: Post) -> None:
    comment = commented(bob, post, "Rude words.")
    client.force_login(moderator)
    assert client.post(reverse("social:remove_comment", args=[comment.pk]), {"reason": "Rude"}).status_code == 302
    assert "Rude words." not in text_of(client.get(f"/p/{post.pk}/"))
