"""Posts, comments, lists and pages over HTTP, as interfaces.md says."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from social.feed import operations
from social.feed.models import Comment, Follow, Post
from social.feed.tests.over_http import API, JOB, NOWHERE, balance, is_problem, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_alice(api: Callable[..., Any], alice: Any) -> Any:
    return api(alice)


@pytest.fixture
def as_bob(api: Callable[..., Any], bob: Any) -> Any:
    return api(bob)


@pytest.fixture
def as_mallory(api: Callable[..., Any], mallory: Any) -> Any:
    return api(mallory)


@pytest.fixture
def visitor(api: Callable[..., Any]) -> Any:
    return api()


@pytest.fixture
def post(alice: Any) -> Post:
    return written(alice, "Hello, neighbours.")


# -- Posts --------------------------------------------------------------------------------------------------------


def test_write_and_read_a_post(as_alice: Any, visitor: Any, alice: Any) -> None:
    made = as_alice.post(f"{API}/posts", {"content": "Hello.", "title": "First"})
    assert made.status_code == 201
    body = made.json()
    assert (body["content"], body["title"], body["total_tokens_received"]) == ("Hello.", "First", "0.00")
    assert body["page"]["username"] == "alice"
    assert body["queue_level"] == "hot"
    assert visitor.get(f"{API}/posts/{body['id']}").json() == body


def test_a_second_post_at_once_costs(as_alice: Any, alice: Any) -> None:
    for number in range(3):
        assert as_alice.post(f"{API}/posts", {"content": f"Number {number}"}).status_code == 201
    assert balance(alice) == Decimal("98.50")  # 0.00 + 0.50 + 1.00


def test_the_same_words_again_are_a_conflict(as_alice: Any, post: Post) -> None:
    assert is_problem(as_alice.post(f"{API}/posts", {"content": "hello,  NEIGHBOURS."}), 409, "duplicate-post")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "content"),
        ({"content": ""}, "content"),
        ({"content": "   "}, "content"),
        ({"content": 5}, "content"),
        ({"content": True}, "content"),
        ({"content": None}, "content"),
        ({"content": ["a"]}, "content"),
        ({"content": "x" * 2001}, "content"),
        ({"content": "Hi", "title": 5}, "title"),
        ({"content": "Hi", "title": "x" * 201}, "title"),
        ({"content": "Hi", "page": "alice"}, "page"),
        ({"content": "Hi", "queue_level": 0}, "queue_level"),
        ({"content": "Hi", "id": NOWHERE}, "id"),
    ],
)
def test_a_malformed_post_is_refused(as_bob: Any, alice: Any, body: dict, field: str) -> None:
    assert is_problem(as_bob.post(f"{API}/posts", body), 400, "malformed", field)
    assert not Post.objects.exists()


def test_unseen_characters_alone_are_no_post(as_bob: Any) -> None:
    assert is_problem(as_bob.post(f"{API}/posts", {"content": "\u200b\u3164"}), 422, "unusable-text", "content")


def test_writing_as_a_page_of_ones_own(as_alice: Any) -> None:
    assert as_alice.post(f"{API}/posts", {"content": "Hi", "page": "Alice"}).json()["page"]["username"] == "alice"


def test_visitors_may_read_and_not_write(visitor: Any, post: Post) -> None:
    assert visitor.get(f"{API}/posts/{post.pk}").status_code == 200
    assert visitor.get(f"{API}/feed/hot").json()["results"][0]["id"] == str(post.pk)
    assert is_problem(visitor.post(f"{API}/posts", {"content": "Hi"}), 401, "not-authenticated")
    assert is_problem(visitor.patch(f"{API}/posts/{post.pk}", {"content": "Hi"}), 401, "not-authenticated")
    assert is_problem(visitor.delete(f"{API}/posts/{post.pk}"), 401, "not-authenticated")
    assert is_problem(visitor.get(f"{API}/feed/following"), 401, "not-authenticated")
    assert is_problem(visitor.post(f"{API}/posts/{post.pk}/tips", {"amount": "1"}), 401, "not-authenticated")


def test_edit_a_post(as_alice: Any, post: Post) -> None:
    edited = as_alice.patch(f"{API}/posts/{post.pk}", {"title": "New"})
    assert edited.status_code == 200
    assert edited.json()["title"] == "New"
    assert edited.json()["content"] == "Hello, neighbours."
    # Within the minutes in which a change leaves no mark; the ETag moves all the same.
    assert edited.json()["is_edited"] is False
    assert edited.json()["edited_at"] is not None
    assert is_problem(as_alice.patch(f"{API}/posts/{post.pk}", {"user": "x"}), 400, "malformed", "user")


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_anothers_post_is_403_and_nothing_is_404(as_mallory: Any, post: Post, method: str) -> None:
    act = getattr(as_mallory, method)
    assert is_problem(act(f"{API}/posts/{post.pk}", {"content": "Mine."}), 403, "not-allowed")
    assert is_problem(act(f"{API}/posts/{NOWHERE}", {"content": "Mine."}), 404, "not-found")
    post.refresh_from_db()
    assert (post.content, post.deleted_at) == ("Hello, neighbours.", None)


def test_removing_a_post_gives_its_tips_back(as_alice: Any, as_bob: Any, bob: Any, post: Post) -> None:
    as_bob.post(f"{API}/posts/{post.pk}/tips", {"amount": "3.33"})
    assert as_alice.delete(f"{API}/posts/{post.pk}").status_code == 204
    assert is_problem(as_alice.get(f"{API}/posts/{post.pk}"), 404, "not-found")
    assert is_problem(as_alice.delete(f"{API}/posts/{post.pk}"), 404, "not-found")
    assert balance(bob) == Decimal("100.00")


def test_a_moderator_may_remove_and_not_edit(api: Any, moderator: Any, post: Post) -> None:
    assert is_problem(api(moderator).patch(f"{API}/posts/{post.pk}", {"content": "x"}), 403, "not-allowed")
    assert api(moderator).delete(f"{API}/posts/{post.pk}").status_code == 204


def test_a_suspended_member_may_not_write(api: Any, join: Any, post: Post) -> None:
    suspended = api(join("sam", status="SUSPENDED"))
    assert suspended.get(f"{API}/posts/{post.pk}").status_code == 200
    assert is_problem(suspended.post(f"{API}/posts", {"content": "Hi"}), 403, "account-suspended")


# -- ETag, If-Match, 304 ------------------------------------------------------------------------------------------


def test_an_unchanged_post_is_304_and_a_tip_changes_it(as_bob: Any, visitor: Any, post: Post) -> None:
    address = f"{API}/posts/{post.pk}"
    etag = visitor.get(address)["ETag"]
    again = visitor.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    as_bob.post(f"{address}/tips", {"amount": "2"})
    assert visitor.get(address, headers={"If-None-Match": etag}).json()["total_tokens_received"] == "2.00"


def test_if_match_guards_the_words_and_not_the_tips(as_alice: Any, as_bob: Any, post: Post) -> None:
    address = f"{API}/posts/{post.pk}"
    etag = as_alice.get(address)["ETag"]
    as_bob.post(f"{address}/tips", {"amount": "2"})
    first = as_alice.patch(address, {"content": "Once."}, headers={"If-Match": etag})
    assert first.status_code == 200
    second = as_alice.patch(address, {"content": "Twice."}, headers={"If-Match": etag})
    assert is_problem(second, 412, "stale-version")
    assert is_problem(as_alice.delete(address, headers={"If-Match": etag}), 412, "stale-version")
    assert is_problem(as_alice.patch(address, {"content": "x"}, headers={"If-Match": "garbage"}), 412, "stale-version")
    assert as_alice.patch(address, {"content": "Twice."}, headers={"If-Match": first["ETag"]}).status_code == 200
    assert as_alice.patch(address, {"content": "Thrice."}, headers={"If-Match": "*"}).status_code == 200


def test_if_match_guards_a_comment(as_bob: Any, post: Post) -> None:
    made = as_bob.post(f"{API}/posts/{post.pk}/comments", {"content": "Wel said."})
    address = f"{API}/comments/{made.json()['id']}"
    assert as_bob.patch(address, {"content": "Well said."}, headers={"If-Match": made["ETag"]}).status_code == 200
    stale = as_bob.patch(address, {"content": "Ill said."}, headers={"If-Match": made["ETag"]})
    assert is_problem(stale, 412, "stale-version")
    assert is_problem(as_bob.delete(address, headers={"If-Match": made["ETag"]}), 412, "stale-version")


def test_an_edit_that_names_nothing_changes_nothing(as_bob: Any, post: Post) -> None:
    made = as_bob.post(f"{API}/posts/{post.pk}/comments", {"content": "Well said."}).json()
    answer = as_bob.patch(f"{API}/comments/{made['id']}", {})
    assert (answer.status_code, answer.json()["content"], answer.json()["edited_at"]) == (200, "Well said.", None)


# -- Comments -----------------------------------------------------------------------------------------------------


def test_the_third_comment_of_a_day_costs(as_bob: Any, bob: Any, alice: Any, post: Post) -> None:
    address = f"{API}/posts/{post.pk}/comments"
    made = [as_bob.post(address, {"content": f"Number {number}"}).json() for number in range(3)]
    assert [comment["was_free"] for comment in made] == [True, True, False]
    assert [comment["token_cost"] for comment in made] == ["0.00", "0.00", "0.50"]
    assert balance(bob) == Decimal("99.50")
    assert balance(alice) == Decimal("100.15")


def test_answers_and_their_thread(as_alice: Any, as_bob: Any, visitor: Any, post: Post) -> None:
    address = f"{API}/posts/{post.pk}/comments"
    first = as_bob.post(address, {"content": "A question?"}).json()
    second = as_alice.post(address, {"content": "An answer.", "parent": first["id"]}).json()
    assert (second["parent"], second["thread_depth"], second["post"]) == (first["id"], 1, str(post.pk))
    assert as_bob.delete(f"{API}/comments/{first['id']}").status_code == 204
    shown = visitor.get(address).json()["results"]
    assert [comment["id"] for comment in shown] == [first["id"], second["id"]]
    assert (shown[0]["content"], shown[0]["page"], shown[0]["is_removed"]) == (None, None, True)
    assert shown[1]["content"] == "An answer."


@pytest.mark.parametrize(
    ("body", "status", "slug", "field"),
    [
        ({}, 400, "malformed", "content"),
        ({"content": ""}, 400, "malformed", "content"),
        ({"content": "x" * 1001}, 400, "malformed", "content"),
        ({"content": 7}, 400, "malformed", "content"),
        ({"content": "Hi", "parent": "x"}, 400, "malformed", "parent"),
        ({"content": "Hi", "parent": []}, 400, "malformed", "parent"),
        ({"content": "Hi", "was_free": True}, 400, "malformed", "was_free"),
        ({"content": "Hi", "parent": NOWHERE}, 404, "not-found", None),
    ],
)
def test_a_malformed_comment_is_refused(
    as_bob: Any, post: Post, body: dict, status: int, slug: str, field: str | None
) -> None:
    assert is_problem(as_bob.post(f"{API}/posts/{post.pk}/comments", body), status, slug, field)
    assert not Comment.objects.exists()


def test_an_answer_stays_on_its_post(as_bob: Any, alice: Any, post: Post) -> None:
    elsewhere = written(alice, "Another.", minutes_ago=20)
    comment = as_bob.post(f"{API}/posts/{elsewhere.pk}/comments", {"content": "Hi"}).json()
    response = as_bob.post(f"{API}/posts/{post.pk}/comments", {"content": "Hi", "parent": comment["id"]})
    assert is_problem(response, 404, "not-found")


def test_anothers_comment_is_403_and_a_removed_one_404(as_bob: Any, as_mallory: Any, post: Post) -> None:
    comment = as_bob.post(f"{API}/posts/{post.pk}/comments", {"content": "Mine."}).json()
    address = f"{API}/comments/{comment['id']}"
    assert is_problem(as_mallory.patch(address, {"content": "Yours?"}), 403, "not-allowed")
    assert is_problem(as_mallory.delete(address), 403, "not-allowed")
    assert as_bob.patch(address, {"content": "Mine, edited."}).json()["edited_at"] is not None
    assert as_bob.delete(address).status_code == 204
    assert is_problem(as_bob.patch(address, {"content": "Again."}), 404, "not-found")
    assert is_problem(as_mallory.delete(address), 404, "not-found")


def test_comments_on_a_post_that_is_not_there_are_404(as_bob: Any, visitor: Any) -> None:
    assert is_problem(visitor.get(f"{API}/posts/{NOWHERE}/comments"), 404, "not-found")
    assert is_problem(as_bob.post(f"{API}/posts/{NOWHERE}/comments", {"content": "Hi"}), 404, "not-found")


# -- Lists and pages ----------------------------------------------------------------------------------------------


def test_lists_are_paged_by_cursor(visitor: Any, alice: Any) -> None:
    for number in range(5):
        written(alice, f"Number {number}", minutes_ago=11 * number)
    for address in ("feed/hot", "pages/alice/posts"):
        seen, url = [], f"{API}/{address}?page_size=2"
        while url:
            body = visitor.get(url).json()
            assert set(body) == {"next", "previous", "results"}
            seen += [post["content"] for post in body["results"]]
            url = body["next"]
        assert seen == [f"Number {number}" for number in range(5)]


@pytest.mark.parametrize("query", ["page_size=0", "page_size=101", "page_size=1000000000", "page_size=x", "cursor=x"])
@pytest.mark.parametrize("address", ["feed/hot", "pages/alice/posts", "pages/alice/followers"])
def test_bad_pages_are_malformed(visitor: Any, alice: Any, address: str, query: str) -> None:
    assert is_problem(visitor.get(f"{API}/{address}?{query}"), 400, "malformed", query.split("=")[0])


def test_follow_and_unfollow(as_bob: Any, visitor: Any, alice: Any, bob: Any, post: Post) -> None:
    for _ in range(2):
        assert as_bob.put(f"{API}/pages/alice/follow").status_code == 204
    assert Follow.objects.count() == 1
    followers = visitor.get(f"{API}/pages/alice/followers").json()["results"]
    assert [follower["page"]["username"] for follower in followers] == ["bob"]
    assert followers[0]["followed_at"]
    assert [shown["id"] for shown in as_bob.get(f"{API}/feed/following").json()["results"]] == [str(post.pk)]
    for _ in range(2):
        assert as_bob.delete(f"{API}/pages/alice/follow").status_code == 204
    assert as_bob.get(f"{API}/feed/following").json()["results"] == []


def test_following_oneself_or_nobody_is_refused(as_alice: Any, visitor: Any) -> None:
    assert is_problem(as_alice.put(f"{API}/pages/alice/follow"), 422, "own-page")
    assert is_problem(as_alice.put(f"{API}/pages/nobody_here/follow"), 404, "not-found")
    assert is_problem(visitor.put(f"{API}/pages/alice/follow"), 401, "not-authenticated")
    assert is_problem(visitor.get(f"{API}/pages/nobody_here/posts"), 404, "not-found")
    assert is_problem(visitor.get(f"{API}/pages/nobody_here/followers"), 404, "not-found")


def _asked(client: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(f"{API}/{address}?page_size=100").status_code == 200
    return len(caught)


def test_no_list_asks_more_questions_for_more_rows(as_bob: Any, alice: Any, bob: Any, join: Any) -> None:
    target = written(alice, "Target")
    addresses = ["feed/hot", "feed/following", "pages/alice/followers", f"posts/{target.pk}/comments"]
    counts = []
    for first, last in ((0, 3), (3, 33)):
        for number in range(first, last):
            author = join(f"member_{number}")
            written(author, f"Number {number}")
            operations.write_comment(author=author, post_id=target.pk, content="Hi", channel=JOB, at=timezone.now())
            operations.follow(follower=bob, page=author.primary_page, at=timezone.now())
            operations.follow(follower=author, page=alice.primary_page, at=timezone.now())
        counts.append([_asked(as_bob, address) for address in addresses])
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("method", "address"),
    [("get", "posts"), ("put", "posts"), ("get", "tips/{id}"), ("post", "feed/hot"), ("put", "posts/{id}/tips")],
)
def test_other_methods_are_405(as_bob: Any, post: Post, method: str, address: str) -> None:
    response = getattr(as_bob, method)(f"{API}/{address.format(id=uuid4())}")
    assert is_problem(response, 405, "method-not-allowed")
