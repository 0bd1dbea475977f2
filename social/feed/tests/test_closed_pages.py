"""A comment of a page that was closed: nobody reads it any more, and whoever wrote it can still change it."""

from datetime import timedelta

import pytest

from accounts.members.models import Page
from social.feed import operations
from social.feed.models import Comment

pytestmark = pytest.mark.django_db

WORDS = "Said by somebody who is not here"


@pytest.fixture
def second(bob):
    return Page.objects.create(user=bob, username="bobs_second", display_name="Second", is_primary=False)


@pytest.fixture
def comment(alice, bob, second, write, say, noon):
    """Written as a page of Bob's, changed later, and then the page was closed."""
    made = say(bob, write(alice), f"{WORDS}, once.", page=second)
    operations.edit_comment(editor=bob, comment_id=made.pk, content=f"{WORDS}.", at=noon + timedelta(days=1))
    Page.objects.filter(pk=second.pk).update(is_active=False)
    return made


@pytest.mark.parametrize("path", ["/c/{}/history/", "/c/{}/tippers/", "/c/{}/tip/", "/c/{}/edit/", "/c/{}/remove/"])
def test_no_page_shows_it(client, comment, mallory, path):
    for member in (None, mallory):
        if member is not None:
            client.force_login(member)
        shown = client.get(path.format(comment.pk), follow=True)
        assert WORDS not in shown.content.decode()
        assert "bobs_second" not in shown.content.decode()
    assert shown.status_code == 404


def test_the_api_does_not_show_it(api, comment, mallory):
    for asked in ("history", "tips"):
        assert api(mallory).get(f"/api/v1/comments/{comment.pk}/{asked}").status_code == 404
    assert api(mallory).delete(f"/api/v1/comments/{comment.pk}").status_code == 404


def test_it_is_shown_again_when_the_page_is(client, comment, second):
    Page.objects.filter(pk=second.pk).update(is_active=True)
    for asked in ("history", "tippers"):
        assert WORDS in client.get(f"/c/{comment.pk}/{asked}/").content.decode()


def test_its_writer_changes_it_on_its_page(client, comment, bob):
    client.force_login(bob)
    assert WORDS in client.get(f"/c/{comment.pk}/edit/").content.decode()
    answer = client.post(f"/c/{comment.pk}/edit/", {"content": "Taken back.", "edition": _edition(client, comment)})
    assert answer.status_code == 302
    assert Comment.objects.get(pk=comment.pk).content == "Taken back."


def _edition(client, comment):
    return client.get(f"/c/{comment.pk}/edit/").context["form"].initial["edition"]


@pytest.mark.parametrize("who", ["bob", "moderator"])
def test_its_writer_and_moderators_remove_it(client, comment, who, request):
    client.force_login(request.getfixturevalue(who))
    assert client.post(f"/c/{comment.pk}/remove/", {"reason": "Spam"}).status_code == 302
    assert Comment.objects.get(pk=comment.pk).deleted_at is not None


def test_its_writer_removes_it_by_the_api(api, comment, bob):
    tag = {"headers": {"If-Match": "*"}}
    assert api(bob).delete(f"/api/v1/comments/{comment.pk}", **tag).status_code == 204
