"""Hashtags: their names, their pages, what is busy."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.members import boundaries
from accounts.members.models import Page, User
from config.lib.markdown import read
from social.feed import operations
from social.feed.models import Post
from social.hashtags import queries
from social.hashtags.models import Hashtag, PostTag
from social.hashtags.rules import name_of, names_of

API = "/api/v1"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("Garden", "garden"),
        ("GÄRTNERN", "gärtnern"),
        ("Straße", "strasse"),
        ("ｗｉｄｅ", "wide"),
        ("می\u200cخواهم", "میخواهم"),
        ("हिन्दी", "हिन्दी"),
        ("2nd_hand", "2nd_hand"),
        ("2026", None),
        ("", None),
        ("two words", None),
        ("a" * 51, None),
        ("a" * 50, "a" * 50),
        ("a/b", None),
        ("x\0", None),
    ],
)
def test_names(word, name):
    assert name_of(word) == name


@given(st.text(max_size=60))
def test_a_name_is_its_own_name(word):
    name = name_of(word)
    if name is not None:
        assert name_of(name) == name
        assert len(name) <= 50


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_what_is_written_after_a_sign_is_found_under_its_name(text):
    for word, name in names_of(read(f"#{text}").tags).items():
        assert name_of(word) == name
        assert read(f"#{name}").tags == (name,)


def test_ten_different_ones_in_the_order_of_the_words():
    words = [f"Tag_{number}" for number in range(12)] + ["TAG_3"]
    assert list(names_of(words).values()) == [f"tag_{number}" for number in range(10)] + ["tag_3"]


# -- Pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_page_of_posts_newest_first(client, alice, bob, write):
    posts = [write(who, f"{what} #Möhre") for who, what in ((alice, "One"), (bob, "Two"), (alice, "Three"))]
    write(bob, "Something else")
    for address in ("/tags/möhre/", f"{API}/tags/möhre"):
        assert client.get(address).status_code == 200
    shown = client.get("/tags/möhre/").context["posts"]
    assert sorted(post.pk for post in shown) == sorted(post.pk for post in posts)
    told = client.get(f"{API}/tags/MÖHRE").json()["results"]
    assert [post["id"] for post in told] == sorted((str(post.pk) for post in posts), reverse=True)
    assert "3 posts" in client.get("/tags/möhre/").content.decode()


@pytest.mark.django_db
def test_however_it_is_written_its_page_is_one(client):
    for written in ("Garden", "GARDEN", "ｇａｒｄｅｎ", "#garden"):
        answer = client.get(f"/tags/{quote(written)}/")
        assert (answer.status_code, answer["Location"]) == (301, "/tags/garden/")


@pytest.mark.django_db
def test_a_hashtag_nobody_has_used_says_how_to_begin(client):
    page = client.get("/tags/plums/")
    assert page.status_code == 200
    assert "A post with #plums in its words appears here." in page.content.decode()
    assert "noindex" in page.content.decode()
    assert client.get(f"{API}/tags/plums").json()["results"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["2026", "two words", "a" * 51, "%00", "<b>", "..", "a%2Fb", "-", "\u202e"])
def test_what_cannot_be_a_hashtag_is_not_found(client, name):
    assert client.get(f"/tags/{quote(name, safe='%')}/").status_code == 404
    assert client.get(f"{API}/tags/{quote(name, safe='%')}").status_code == 404


@pytest.mark.django_db
def test_nobody_sees_there_what_they_may_not(client, alice, bob, mallory, write, noon):
    write(alice, "#garden, for all but one")
    gone = write(bob, "#garden, gone")
    operations.remove_post(remover=bob, post_id=gone.pk, at=noon)
    boundaries.block(member=alice, page=mallory.primary_page, at=noon)
    assert len(client.get(f"{API}/tags/garden").json()["results"]) == 1
    client.force_login(mallory)
    assert client.get(f"{API}/tags/garden").json()["results"] == []
    assert client.get("/tags/garden/").context["posts"] == []


@pytest.mark.django_db
def test_a_page_costs_the_same_however_many_posts_there_are(client, alice, write):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            client.get("/tags/garden/")
        return len(captured)

    write(alice, "#garden")
    cost()
    few = cost()
    for _number in range(10):
        write(alice, f"#garden {_number}")
    assert cost() == few <= 5


@pytest.mark.django_db
def test_the_posts_of_a_hashtag_are_read_through_its_index(alice, write):
    post = write(alice, "#garden")
    hashtag = Hashtag.objects.get()
    fields = {"page": post.page, "user": alice, "content": "x", "content_hash": "", "queue_entered_at": post.created_at}
    others = Post.objects.bulk_create([Post(**fields) for _number in range(3000)])
    PostTag.objects.bulk_create([PostTag(post=other, hashtag=hashtag) for other in others[::30]])
    other = Hashtag.objects.create(name="other")
    PostTag.objects.bulk_create([PostTag(post=each, hashtag=other) for each in others])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE social_post, social_posttag, accounts_page, accounts_user")
        cursor.execute("SET LOCAL enable_seqscan = off")  # as with a million posts
    plan = queries.posts_under(hashtag, _Visitor()).order_by("-id")[:21].explain()
    assert "social_posttag_newest" in plan


class _Visitor:
    is_authenticated = False


@pytest.mark.django_db
def test_what_many_use_is_busy_not_what_one_repeats(alice, bob, mallory, write, noon):
    for number in range(3):
        write(mallory, f"#spam {number}")
    write(alice, "#garden #old", at=noon)
    write(bob, "#garden")
    busy = queries.busy_hashtags(at=noon + timedelta(days=1))
    assert [(one.name, one.people) for one in busy] == [("garden", 2), ("old", 1), ("spam", 1)]
    assert queries.busy_hashtags(at=noon + timedelta(days=9)) == []
    assert [one.name for one in queries.busy_hashtags(at=noon, most=1)] == ["garden"]


@pytest.mark.django_db
@pytest.mark.parametrize("is_closed", [False, True])
def test_a_name_that_only_hidden_members_have_used_is_nowhere(client, alice, bob, write, is_closed):
    write(bob, "#slurword #shared")
    write(alice, "#shared")

    def shown():
        asked = {
            "sitemap": client.get("/sitemap-hashtags.xml").content.decode(),
            "search": client.get("/search/?q=slur&type=hashtags").content.decode().replace("q=slur", ""),
            "all": client.get("/search/?q=slur").content.decode().replace("q=slur", ""),
            "found": client.get(f"{API}/search?q=slur&type=hashtags").content.decode(),
            "offered": client.get(f"{API}/search/suggestions?q=slur").content.decode(),
            "guessed": client.get("/search/?q=%23slurwort").content.decode(),
            "busy": client.get("/tags/shared/").content.decode(),
        }
        return {name for name, text in asked.items() if "slurword" in text}

    assert shown() == {"sitemap", "search", "all", "found", "offered", "guessed", "busy"}
    assert client.get("/tags/slurword/atom/").status_code == 200
    assert "1 post, the newest first" in client.get("/tags/slurword/").content.decode()
    if is_closed:
        Page.objects.filter(user=bob).update(is_active=False)
    else:
        User.objects.filter(pk=bob.pk).update(status="BANNED")
    assert shown() == set()
    assert client.get("/tags/slurword/atom/").status_code == 404
    page = client.get("/tags/slurword/").content.decode()
    assert "1 post" not in page
    assert "noindex" in page
    for path in ("/tags/shared/atom/", "/tags/shared/"):
        assert client.get(path).status_code == 200
    assert "/tags/shared/" in client.get("/sitemap-hashtags.xml").content.decode()
