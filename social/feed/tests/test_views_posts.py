"""The feeds, posts and members' pages in the browser."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from constance.test import override_config
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.wallets.models import Wallet
from economy.ledger.models import Transfer
from social.feed import operations
from social.feed.models import Follow, Post

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WEB = Transfer.Channel.WEB


def written(author: Any, content: str = "Hello.", *, minutes_ago: int = 0, **more: Any) -> Post:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    return operations.write_post(author=author, content=content, channel=WEB, at=at, **more)


def commented(author: Any, post: Post, content: str = "Indeed.", **more: Any) -> Any:
    return operations.write_comment(
        author=author, post_id=post.pk, content=content, channel=WEB, at=timezone.now(), **more
    )


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


@pytest.fixture
def post(alice: Any) -> Post:
    return written(alice, "Hello, neighbours.", title="First words")


@pytest.fixture
def as_alice(client: Client, alice: Any) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def as_bob(client: Client, bob: Any) -> Client:
    client.force_login(bob)
    return client


# -- Feeds --------------------------------------------------------------------------------------------------------


def test_visitors_read_the_hot_feed_without_a_composer(client: Client, post: Post) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Hello, neighbours." in page.content.decode()
    assert 'id="composer"' not in page.content.decode()


def test_members_find_a_composer_that_says_the_price(as_alice: Client) -> None:
    assert "This post is free." in text_of(as_alice.get("/"))


def test_the_composer_says_why_a_rapid_post_costs(as_alice: Client, alice: Any) -> None:
    written(alice, minutes_ago=4)
    assert "0.50 coins because your last post was 4 min ago." in text_of(as_alice.get("/"))
    assert "0.50 coins because" in text_of(as_alice.get(reverse("social:price_of_post")))


def test_an_empty_hot_feed_says_what_to_do(client: Client) -> None:
    assert "Write the first one." in text_of(client.get("/"))


def test_following_needs_a_member(client: Client) -> None:
    assert client.get("/following/").url.startswith(reverse("accounts:signin"))


def test_following_nobody_yet_says_how_to_begin(as_bob: Client) -> None:
    assert "You follow nobody yet" in text_of(as_bob.get("/following/"))


def test_following_shows_followed_pages_only(as_bob: Client, bob: Any, alice: Any, mallory: Any) -> None:
    written(alice, "From Alice.")
    written(mallory, "From Mallory.")
    operations.follow(follower=bob, page=alice.primary_page, at=timezone.now())
    page = text_of(as_bob.get("/following/"))
    assert "From Alice." in page
    assert "From Mallory." not in page


def test_show_more_leads_through_the_whole_feed_once(client: Client, alice: Any) -> None:
    for number in range(25):
        written(alice, f"Number {number:02}", minutes_ago=11 * number)
    first = client.get("/").content.decode()
    second = client.get(re.search(r'href="(/\?cursor=[^"]+)"', first)[1]).content.decode()
    numbers = [re.findall(r"Number (\d\d)", page) for page in (first, second)]
    assert len(numbers[0]) == 20
    assert sorted(numbers[0] + numbers[1]) == [f"{number:02}" for number in range(25)]
    assert client.get("/", {"cursor": "garbage"}).status_code == 200


# -- A fixed number of queries ------------------------------------------------------------------------------------


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    # Whether the session comes from the cache or the table depends on who else has just emptied the cache.
    return len([query for query in caught if "django_session" not in query["sql"]])


def _fill(alice: Any, bob: Any, join: Any, count: int) -> Post:
    """`count` posts, comments, tips and followers more."""
    target = written(alice, f"Target {count}", minutes_ago=11 * (count + 1))
    for number in range(count):
        author = join(f"member_{count}_{number}")
        post = written(author, f"Post {count} {number}")
        operations.tip_post(spender=bob, post_id=post.pk, coins=Decimal(1), channel=WEB, at=timezone.now())
        comment = commented(author, target)
        operations.tip_comment(spender=bob, comment_id=comment.pk, coins=Decimal(1), channel=WEB, at=timezone.now())
        operations.follow(follower=bob, page=author.primary_page, at=timezone.now())
        operations.follow(follower=author, page=alice.primary_page, at=timezone.now())
    return target


@override_config(TIPS_PER_MINUTE=1000)
def test_no_page_asks_more_questions_for_more_rows(as_bob: Client, alice: Any, bob: Any, join: Any) -> None:
    few = _fill(alice, bob, join, 3)
    pages = ["/", "/following/", "/@alice/", "/@alice/followers/"]
    before = {address: queries_of(as_bob, address) for address in pages}
    before["post"] = queries_of(as_bob, f"/p/{few.pk}/")
    many = _fill(alice, bob, join, 30)
    after = {address: queries_of(as_bob, address) for address in pages}
    after["post"] = queries_of(as_bob, f"/p/{many.pk}/")
    assert after == before


# -- Posts --------------------------------------------------------------------------------------------------------


def test_a_post_is_read_with_its_thread_by_anyone(client: Client, post: Post, bob: Any) -> None:
    commented(bob, post, "Welcome!")
    page = client.get(f"/p/{post.pk}/")
    assert "First words" in page.content.decode()
    assert "Welcome!" in page.content.decode()
    assert "Sign in to comment" in page.content.decode()


def test_markup_and_links_in_posts_are_harmless(client: Client, alice: Any) -> None:
    post = written(alice, "<script>alert(1)</script> see https://example.org/?a=1&b=2\n\njavascript:alert(1)")
    page = client.get(f"/p/{post.pk}/").content.decode()
    assert "<script>alert" not in page
    assert 'href="https://example.org/?a=1&amp;b=2" rel="nofollow noopener ugc"' in page
    assert 'href="javascript' not in page


def test_text_of_any_script_finds_its_direction(client: Client, alice: Any) -> None:
    post = written(alice, "שלום עולם 🌻")
    assert '<p dir="auto">שלום עולם 🌻</p>' in client.get(f"/p/{post.pk}/").content.decode()


def test_a_long_post_is_cut_in_the_feed_and_whole_on_its_page(client: Client, alice: Any) -> None:
    post = written(alice, "word " * 200 + "the end")
    assert "the end" not in client.get("/").content.decode()
    assert "Read on" in client.get("/").content.decode()
    assert "the end" in client.get(f"/p/{post.pk}/").content.decode()


def test_a_post_that_is_not_there_is_a_404(client: Client) -> None:
    assert client.get(f"/p/{uuid4()}/").status_code == 404


def test_write_a_post(as_alice: Client) -> None:
    response = as_alice.post("/write/", {"content": "Good\r\nmorning.", "title": "", "key": uuid4()})
    post = Post.objects.get()
    assert response.url == f"/p/{post.pk}/"
    assert post.content == "Good\nmorning."


def test_write_a_post_in_place(as_alice: Client) -> None:
    response = as_alice.post("/write/", {"content": "Good morning.", "key": uuid4()}, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'hx-swap-oob="afterbegin:#posts"' in page
    assert "Good morning." in page
    assert "0.50 coins because your last post was just now" in text_of(response)


def test_a_reload_of_a_sent_post_writes_it_once(as_alice: Client) -> None:
    sent = {"content": "Once.", "key": str(uuid4())}
    assert as_alice.post("/write/", sent).url == as_alice.post("/write/", sent).url
    assert Post.objects.count() == 1


def test_the_same_words_again_stay_on_the_form(as_alice: Client, post: Post) -> None:
    response = as_alice.post("/write/", {"content": "HELLO, neighbours.", "key": uuid4()})
    assert response.status_code == 422
    assert "HELLO, neighbours.</textarea>" in response.content.decode()
    assert Post.objects.count() == 1


def test_a_browser_counts_a_line_end_as_one_character(as_alice: Client) -> None:
    whole = "\r\n".join(["a"] * 1000)  # 1,999 characters to the browser, 2,998 on the wire
    assert as_alice.post("/write/", {"content": whole, "key": uuid4()}).status_code == 302
    response = as_alice.post("/write/", {"content": "b" * 2001, "key": uuid4()})
    assert response.status_code == 422
    assert "b" * 2001 in response.content.decode()


@pytest.mark.parametrize("content", ["", "   ", "\u200b\u200b", "\x00"])
def test_nothing_cannot_be_posted(as_alice: Client, content: str) -> None:
    assert as_alice.post("/write/", {"content": content, "key": uuid4()}).status_code == 422
    assert not Post.objects.exists()


def test_a_rapid_post_that_one_cannot_pay_keeps_its_words(as_alice: Client, alice: Any) -> None:
    for number in range(9):  # 0.00 + 0.50 + 1.00 + … + 64.00 would be 127.50
        as_alice.post("/write/", {"content": f"Number {number}", "key": uuid4()})
    response = as_alice.post("/write/", {"content": "One too many", "key": uuid4()})
    assert response.status_code == 422
    assert "One too many" in response.content.decode()
    assert Wallet.objects.get(user=alice).balance >= 0


def test_writing_needs_a_member_and_the_csrf_token(client: Client, alice: Any) -> None:
    assert client.post("/write/", {"content": "Hi"}).url.startswith(reverse("accounts:signin"))
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post("/write/", {"content": "Hi"}).status_code == 403
    assert not Post.objects.exists()


def test_a_suspended_member_may_read_and_not_write(client: Client, join: Any, post: Post) -> None:
    client.force_login(join("sam", status="SUSPENDED"))
    assert client.get(f"/p/{post.pk}/").status_code == 200
    assert client.post("/write/", {"content": "Hi", "key": uuid4()}).status_code == 403


def edition_in(response: Any) -> str:
    return re.search(r'name="edition" value="([^"]*)"', response.content.decode())[1]


def test_edit_a_post(as_alice: Client, post: Post) -> None:
    url = reverse("social:edit_post", args=[post.pk])
    edition = edition_in(as_alice.get(url))
    response = as_alice.post(url, {"title": "", "content": "Better words.", "edition": edition}, follow=True)
    assert "Better words." in response.content.decode()
    assert f"/p/{post.pk}/history/" not in response.content.decode()


def test_a_late_edit_is_marked_and_leads_to_what_was_changed(as_alice: Client, client: Client, post: Post) -> None:
    Post.objects.filter(pk=post.pk).update(created_at=timezone.now() - timedelta(minutes=15))
    as_alice.post(reverse("social:edit_post", args=[post.pk]), {"title": "", "content": "Better words."})
    assert f"/p/{post.pk}/history/" in client.get(f"/p/{post.pk}/").content.decode()
    history = client.get(f"/p/{post.pk}/history/").content.decode()
    assert "<del>" in history
    assert "Hello, neighbours." in re.sub(r"<[^>]+>|Removed: ", "", history)


def test_edit_in_two_tabs_shows_both_words_before_the_second_wins(as_alice: Client, post: Post) -> None:
    url = reverse("social:edit_post", args=[post.pk])
    edition = edition_in(as_alice.get(url))
    as_alice.post(url, {"content": "From the first tab.", "edition": edition})
    response = as_alice.post(url, {"content": "From the second tab.", "edition": edition})
    assert response.status_code == 422
    assert "From the first tab." in response.content.decode()
    assert "From the second tab.</textarea>" in response.content.decode()
    again = as_alice.post(url, {"content": "From the second tab.", "edition": edition_in(response)})
    assert again.status_code == 302
    post.refresh_from_db()
    assert post.content == "From the second tab."


def test_a_tip_does_not_stand_in_the_way_of_an_edit(as_alice: Client, bob: Any, post: Post) -> None:
    url = reverse("social:edit_post", args=[post.pk])
    edition = edition_in(as_alice.get(url))
    operations.tip_post(spender=bob, post_id=post.pk, coins=Decimal(2), channel=WEB, at=timezone.now())
    assert as_alice.post(url, {"content": "Better words.", "edition": edition}).status_code == 302


def test_an_edit_of_a_removed_post_gives_the_words_back(as_alice: Client, alice: Any, post: Post) -> None:
    operations.remove_post(remover=alice, post_id=post.pk, at=timezone.now())
    response = as_alice.post(reverse("social:edit_post", args=[post.pk]), {"content": "Long and dear words."})
    assert response.status_code == 404
    assert "Long and dear words." in response.content.decode()


@pytest.mark.parametrize("name", ["edit_post", "remove_post"])
def test_anothers_post_is_neither_edited_nor_removed(client: Client, mallory: Any, post: Post, name: str) -> None:
    client.force_login(mallory)
    url = reverse(f"social:{name}", args=[post.pk])
    assert client.get(url).status_code == 403
    assert client.post(url, {"content": "Mine now."}).status_code == 403
    post.refresh_from_db()
    assert (post.content, post.deleted_at) == ("Hello, neighbours.", None)


def test_removing_asks_first_and_gives_tips_back(as_alice: Client, bob: Any, post: Post) -> None:
    operations.tip_post(spender=bob, post_id=post.pk, coins=Decimal(2), channel=WEB, at=timezone.now())
    url = reverse("social:remove_post", args=[post.pk])
    page = as_alice.get(url)
    assert "data-confirm" in page.content.decode()
    assert Post.objects.get().deleted_at is None
    assert as_alice.post(url).url == "/@alice/"
    assert as_alice.get(f"/p/{post.pk}/").status_code == 404
    assert Wallet.objects.get(user=bob).balance == Decimal("100.00")


def test_a_moderator_may_remove_and_not_edit(client: Client, moderator: Any, post: Post) -> None:
    client.force_login(moderator)
    assert client.get(reverse("social:edit_post", args=[post.pk])).status_code == 403
    assert client.post(reverse("social:remove_post", args=[post.pk]), {"reason": "Spam"}).status_code == 302
    assert client.get(f"/p/{post.pk}/").status_code == 404


# -- Pages of members ---------------------------------------------------------------------------------------------


def test_a_members_page_says_who_they_are(client: Client, alice: Any, post: Post) -> None:
    page = text_of(client.get("/@alice/"))
    assert "@alice" in page
    assert "Early adopter" in page
    assert "1 post " in page
    assert "0 followers" in page
    assert "Hello, neighbours." in page
    assert client.get("/@ALICE/").status_code == 200
    assert client.get("/@nobody_here/").status_code == 404


def test_follow_and_unfollow_without_scripts(as_bob: Client, bob: Any, alice: Any) -> None:
    assert as_bob.post("/@alice/follow/").url == "/@alice/"
    assert "1 follower " in text_of(as_bob.get("/@alice/"))
    assert "Bob" in text_of(as_bob.get("/@alice/followers/"))
    assert as_bob.post("/@alice/unfollow/").url == "/@alice/"
    assert not Follow.objects.exists()


def test_follow_in_place(as_bob: Client, alice: Any) -> None:
    response = as_bob.post("/@alice/follow/", headers=HTMX)
    assert "<html" not in response.content.decode()
    assert "1 follower " in text_of(response)
    assert "/@alice/unfollow/" in response.content.decode()


def test_one_does_not_follow_oneself(as_alice: Client) -> None:
    assert as_alice.post("/@alice/follow/").status_code == 422
    assert "/@alice/follow/" not in as_alice.get("/@alice/").content.decode()


@pytest.mark.parametrize("way", ["follow", "unfollow"])
def test_following_is_by_post_with_a_token_only(client: Client, bob: Any, alice: Any, way: str) -> None:
    client.force_login(bob)
    assert client.get(f"/@alice/{way}/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob)
    assert strict.post(f"/@alice/{way}/").status_code == 403


def test_a_form_that_was_sent_before_with_other_words_says_so_plainly(client: Client, alice: Any) -> None:
    client.force_login(alice)
    sent = {"key": str(uuid4()), "content": "First words"}
    assert client.post("/write/", sent).status_code == 302
    again = client.post("/write/", sent | {"content": "Second words"})
    assert again.status_code == 422
    assert "This form was sent before, with other words." in text_of(again)
    key = re.search(r'name="key" value="([^"]+)"', again.content.decode())
    assert key and key[1] != sent["key"]
    assert client.post("/write/", sent | {"key": key[1], "content": "Second words"}).status_code in (302, 422)
    assert Post.objects.filter(content="First words").count() == 1


def test_a_title_turns_no_letters_around(client: Client, alice: Any) -> None:
    client.force_login(alice)
    client.post("/write/", {"key": str(uuid4()), "title": "\u202egnp.exe \u2066x", "content": "Words"})
    assert Post.objects.get().title == "gnp.exe x"
