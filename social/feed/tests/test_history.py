"""Changed words: free in the first minutes, marked and readable later."""

from datetime import timedelta

import pytest

from accounts.members import boundaries
from social.feed import history, operations
from social.feed.models import Comment, CommentEdition, Post, PostEdition

pytestmark = pytest.mark.django_db
API = "/api/v1"


def minutes(noon, number):
    return noon + timedelta(minutes=number)


def test_the_first_fifteen_minutes_leave_no_mark(alice, write, noon):
    post = write(alice, "One")
    operations.edit_post(editor=alice, post_id=post.pk, content="Two", at=minutes(noon, 14))
    post.refresh_from_db()
    assert (post.is_edited, post.edited_at) == (False, minutes(noon, 14))
    assert not PostEdition.objects.exists()
    operations.edit_post(editor=alice, post_id=post.pk, content="Three", title="T", at=minutes(noon, 15))
    post.refresh_from_db()
    assert (post.is_edited, post.edited_at) == (True, minutes(noon, 15))
    edition = PostEdition.objects.get()
    assert (edition.title, edition.content, edition.created_at) == ("", "Two", minutes(noon, 15))


def test_the_same_of_comments(alice, bob, write, say, noon):
    comment = say(bob, write(alice), "One")
    operations.edit_comment(editor=bob, comment_id=comment.pk, content="Two", at=minutes(noon, 14))
    comment.refresh_from_db()
    assert (comment.is_edited, comment.edited_at) == (False, minutes(noon, 14))
    operations.edit_comment(editor=bob, comment_id=comment.pk, content="Three", at=minutes(noon, 15))
    comment.refresh_from_db()
    assert (comment.is_edited, CommentEdition.objects.get().content) == (True, "Two")


def test_saving_the_same_words_is_no_change(alice, write, noon):
    post = write(alice, "One")
    operations.edit_post(editor=alice, post_id=post.pk, content="One", title="", at=minutes(noon, 60))
    post.refresh_from_db()
    assert (post.is_edited, post.edited_at) == (False, None)
    assert not PostEdition.objects.exists()


def test_how_long_a_change_is_free_is_a_setting(alice, write, noon, figure):
    figure(EDIT_FREE_MINUTES=0)
    post = write(alice, "One")
    operations.edit_post(editor=alice, post_id=post.pk, content="Two", at=noon)
    assert Post.objects.get(pk=post.pk).is_edited


def test_history_shows_each_change(client, alice, write, noon):
    post = write(alice, "two plums", title="Fruit")
    operations.edit_post(editor=alice, post_id=post.pk, content="three plums", at=minutes(noon, 20))
    operations.edit_post(
        editor=alice, post_id=post.pk, title="Plums", content="three <b>plums</b>", at=minutes(noon, 40)
    )
    page = client.get(f"/p/{post.pk}/history/").content.decode()
    assert "two </del>" in page
    assert "three </ins>plums" in page
    assert "Fruit</del>" in page
    assert "&lt;b&gt;plums&lt;/b&gt;</ins>" in page
    told = client.get(f"{API}/posts/{post.pk}/history").json()["results"]
    assert [(one["title"], one["content"]) for one in told] == [("Fruit", "three plums"), ("Fruit", "two plums")]
    assert told[0]["replaced_at"].startswith("2026-11-18T12:40")


def test_a_long_history_comes_in_pages_that_fit_each_other(client, alice, write, noon):
    post = write(alice, "number 0")
    for number in range(1, 13):
        operations.edit_post(editor=alice, post_id=post.pk, content=f"number {number}", at=minutes(noon, 20 * number))
    first = client.get(f"/p/{post.pk}/history/")
    assert len(first.context["changes"]) == 10
    second = client.get(first.context["next"])
    oldest, older = second.context["changes"][-1], second.context["changes"][0]
    assert [piece.text for piece in oldest.content] == ["number ", "0", "1"]
    assert [piece.text for piece in older.content] == ["number ", "1", "2"]


def test_history_of_a_comment(client, alice, bob, write, say, noon):
    comment = say(bob, write(alice), "One")
    assert "Nothing was changed" in client.get(f"/c/{comment.pk}/history/").content.decode()
    operations.edit_comment(editor=bob, comment_id=comment.pk, content="Two", at=minutes(noon, 20))
    assert "One</del>" in client.get(f"/c/{comment.pk}/history/").content.decode()
    assert [one["content"] for one in client.get(f"{API}/comments/{comment.pk}/history").json()["results"]] == ["One"]
    assert f"/c/{comment.pk}/history/" in client.get(f"/p/{comment.post_id}/").content.decode()


def test_the_history_of_what_is_gone_is_gone(client, alice, bob, write, say, noon):
    post = write(alice, "One")
    comment = say(bob, post, "One")
    operations.edit_post(editor=alice, post_id=post.pk, content="Two", at=minutes(noon, 20))
    operations.edit_comment(editor=bob, comment_id=comment.pk, content="Two", at=minutes(noon, 20))
    operations.remove_post(remover=alice, post_id=post.pk, at=minutes(noon, 21))
    for path in (f"/p/{post.pk}/history/", f"/c/{comment.pk}/history/"):
        assert client.get(path).status_code == 404
    for path in (f"{API}/posts/{post.pk}/history", f"{API}/comments/{comment.pk}/history"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("two plums", "three plums", [("gone", "two "), ("new", "three "), ("same", "plums")]),
        ("a", "a b", [("gone", "a"), ("new", "a b")]),
        ("", "a", [("new", "a")]),
        ("a b", "a b", [("same", "a b")]),
        ("a b c d", "a x c d", [("same", "a "), ("gone", "b "), ("new", "x "), ("same", "c d")]),
        ("a a b", "a b", [("same", "a "), ("gone", "a "), ("same", "b")]),
        ("", "", []),
    ],
)
def test_texts_are_compared_word_by_word(before, after, pieces):
    assert [(piece.kind, piece.text) for piece in history.compared(before, after)] == pieces


SAME = ("a " * 632)[:2000]
SPREAD = "".join(f"a v{number} " for number in range(300))[:2000]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *[((unit * 2000)[:2000], ("z " + unit * 2000)[:2000]) for unit in ("a b ", "a ", "ab cd ef ", "x\n")],
        (SAME, SPREAD),
        (SPREAD, SAME),
    ],
)
def test_a_comparison_looks_at_no_more_pairs_of_words_than_it_may(before, after, monkeypatch):
    looked_at = []
    real = history._pieces

    def spy(old, new):
        looked_at.append(sum(map(new.count, old)) * min(len(old), len(new)))
        return real(old, new)

    monkeypatch.setattr(history, "_pieces", spy)
    found = history.compared(before, after)
    assert all(steps <= 1_000_000 for steps in looked_at)
    assert "".join(piece.text for piece in found if piece.kind != "gone") == after
    assert "".join(piece.text for piece in found if piece.kind != "new") == before


def test_mallory_who_is_blocked_reads_what_everybody_reads(client, alice, mallory, write, noon):
    post = write(alice, "One")
    boundaries.block(member=alice, page=mallory.primary_page, at=noon)
    client.force_login(mallory)
    assert client.get(f"/p/{post.pk}/history/").status_code == client.get(f"/p/{post.pk}/").status_code


def test_nobody_changes_another_ones_history(alice, bob, write, say, noon, client):
    comment = say(bob, write(alice), "One")
    client.force_login(alice)
    assert (
        client.patch(f"{API}/comments/{comment.pk}", {"content": "Two"}, content_type="application/json").status_code
        == 403
    )
    assert Comment.objects.get(pk=comment.pk).content == "One"
