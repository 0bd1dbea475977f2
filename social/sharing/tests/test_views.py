"""What programs read: feeds, sitemaps, robots.txt, cards."""

import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.members import boundaries
from accounts.members.models import Page, User
from social.feed.models import Post
from social.hashtags.models import Hashtag, PostTag
from social.sharing import queries
from social.sharing.queries import Image
from social.sharing.rules import sayable

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def _at_home(settings):
    settings.SITE_ADDRESS = "https://civitas.example"


def tag(post, name):
    hashtag, _made = Hashtag.objects.get_or_create(name=name, defaults={"posts_count": 1})
    PostTag.objects.get_or_create(post=post, hashtag=hashtag)


def entries(response):
    assert response.status_code == 200, response.content
    # Our own answer, made a moment ago.
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")  # noqa: S314


def ids_of(response):
    return [entry.find(f"{ATOM}id").text for entry in entries(response)]


def address(post):
    return f"https://civitas.example/p/{post.pk}/"


# -- Feeds --------------------------------------------------------------------------------------------------------


def test_the_feed_of_a_page_holds_its_posts_the_newest_first(client, alice, bob, write):
    one, two = write(alice, "First & <b>words</b>"), write(alice, "Second", title="A title")
    write(bob, "Other")
    response = client.get("/@alice/atom/")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    assert ids_of(response) == [address(two), address(one)]
    newest, first = entries(response)
    assert newest.find(f"{ATOM}title").text == "A title"
    assert first.find(f"{ATOM}title").text == "First & <b>words</b>"
    assert "&lt;b&gt;words" in first.find(f"{ATOM}summary").text
    assert newest.find(f"{ATOM}author/{ATOM}name").text == "Alice"
    assert newest.find(f"{ATOM}author/{ATOM}uri").text == "https://civitas.example/@alice/"
    assert response.headers["Cache-Control"] == "public, max-age=300"


def test_entries_show_the_picture_and_lead_to_whole_addresses(client, alice, write, monkeypatch):
    post = write(alice, "See [this](/tags/alps/) and [that](//elsewhere.example/x) of @alice")
    picture = Image("https://civitas.example/media/x.webp", 960, 720, 'A "quoted" hill')
    monkeypatch.setattr(queries, "_picturing", [lambda shown: picture if shown == post else None])
    (entry,) = entries(client.get("/@alice/atom/"))
    html = entry.find(f"{ATOM}summary").text
    assert 'href="https://civitas.example/tags/alps/"' in html
    assert 'href="/' not in html
    shown = '<img src="https://civitas.example/media/x.webp" width="960" height="720" alt="A &quot;quoted&quot; hill">'
    assert shown in html


def test_the_feeds_of_what_is_hot_and_of_a_hashtag(client, alice, bob, write):
    one, two = write(alice, "Rain #garden"), write(bob, "Sun")
    tag(one, "garden")
    assert set(ids_of(client.get("/atom/"))) == {address(one), address(two)}
    assert ids_of(client.get("/tags/garden/atom/")) == [address(one)]
    assert ids_of(client.get("/tags/GARDEN/atom/")) == [address(one)]


@pytest.mark.parametrize("path", ["/@nobody/atom/", "/tags/nothing/atom/", "/tags/%00/atom/", "/@%00/atom/"])
def test_a_feed_of_nothing_is_not_there(client, path):
    assert client.get(path).status_code == 404


def test_feeds_hold_what_visitors_may_see_whoever_asks(alice, bob, write, now):
    removed, _shown, banned = write(alice, "a"), write(alice, "b"), write(bob, "c")
    for post in (removed, banned):
        tag(post, "garden")
    Post.objects.filter(pk=removed.pk).update(deleted_at=now)
    User.objects.filter(pk=bob.pk).update(status="BANNED")
    boundaries.mute_word(member=alice, word="b", at=now)
    member = Client()
    member.force_login(alice)
    for client in (Client(), member):
        assert len(ids_of(client.get("/@alice/atom/"))) == 1
        assert len(ids_of(client.get("/atom/"))) == 1
        assert client.get("/tags/garden/atom/").status_code == 404
        assert client.get("/@bob/atom/").status_code == 404


def test_what_xml_cannot_hold_is_left_out(client, alice, write):
    write(alice, "A\x08bell\x0b and\x1f more \ufffe 🙂", title="T\x01itle")
    (entry,) = entries(client.get("/@alice/atom/"))
    assert entry.find(f"{ATOM}title").text == "Title"
    assert "Abell and more" in entry.find(f"{ATOM}summary").text
    assert sayable("\ud800a\0b") == "ab"


def test_a_feed_that_has_not_changed_is_not_sent_again(client, alice, write):
    write(alice, "Rain")
    first = client.get("/@alice/atom/")
    again = client.get("/@alice/atom/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    write(alice, "More rain")
    assert client.get("/@alice/atom/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("count", [1, 8])
def test_a_feed_costs_the_same_however_long(client, alice, write, count):
    for n in range(count):
        write(alice, f"Rain {n}")
    with CaptureQueriesContext(connection) as asked:
        assert len(entries(client.get("/@alice/atom/"))) == count
    assert len(asked) <= 3


def test_the_pseudonym_of_the_erased_leads_nowhere(client, alice, write):
    write(alice, "Rain")
    Page.objects.filter(pk=alice.primary_page.pk).update(username="deleted_0123456789ab", display_name="x")
    User.objects.filter(pk=alice.pk).update(status="ERASED")
    (entry,) = entries(client.get("/atom/"))
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "Former member"
    assert entry.find(f"{ATOM}author/{ATOM}uri") is None


# -- Sitemaps and robots.txt --------------------------------------------------------------------------------------


def places(response):
    assert response.status_code == 200
    return [loc.text for loc in ElementTree.fromstring(response.content).iter(f"{MAP}loc")]  # noqa: S314


def test_the_sitemap_lists_what_visitors_may_see(client, alice, bob, write, now):
    shown, removed, hidden = write(alice, "a"), write(alice, "b"), write(bob, "c")
    tag(shown, "garden")
    Post.objects.filter(pk=removed.pk).update(deleted_at=now)
    User.objects.filter(pk=bob.pk).update(status="BANNED")
    index = places(client.get("/sitemap.xml"))
    assert [place.rsplit("/", 1)[1] for place in index] == [
        f"sitemap-{name}.xml" for name in ("places", "posts", "pages", "hashtags")
    ]
    assert places(client.get("/sitemap-posts.xml")) == [address(shown)]
    assert places(client.get("/sitemap-pages.xml")) == ["https://civitas.example/@alice/"]
    assert len(places(client.get("/sitemap-hashtags.xml"))) == 1
    assert "https://civitas.example/" in places(client.get("/sitemap-places.xml"))
    assert address(hidden) not in places(client.get("/sitemap-posts.xml"))


def test_sitemaps_end(client, alice, write, monkeypatch):
    monkeypatch.setattr(queries, "MOST_IN_SITEMAPS", 2)
    for n in range(4):
        write(alice, f"Rain {n}")
    assert len(places(client.get("/sitemap-posts.xml"))) == 2


@pytest.mark.parametrize("path", ["/sitemap-coins.xml", "/sitemap-posts.xml?p=99", "/sitemap-posts.xml?p=x"])
def test_a_sitemap_that_is_not_there(client, path):
    assert client.get(path).status_code == 404


def test_robots_are_told_what_is_not_for_them(client):
    response = client.get("/robots.txt")
    lines = response.content.decode().splitlines()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert {"User-agent: *", "Disallow: /settings/", "Disallow: /search/"} <= set(lines)
    assert "Sitemap: https://civitas.example/sitemap.xml" in lines


# -- Cards --------------------------------------------------------------------------------------------------------


def head_of(client, path):
    shown = client.get(path).content.decode()
    found = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', shown))
    found["canonical"] = re.findall(r'<link rel="canonical" href="([^"]*)">', shown)
    found["atom"] = re.findall(
        r'<link rel="alternate" type="application/atom\+xml" title="[^"]*" href="([^"]*)">', shown
    )
    return found


def test_a_post_has_a_card_and_one_address(client, alice, write):
    post = write(alice, '**Rain** in the "barrel" ' + "more " * 100, title="Water <now>")
    head = head_of(client, f"/p/{post.pk}/?cursor=x")
    assert head["canonical"] == [address(post)] == [head["og:url"]]
    assert head["og:title"] == "Water &lt;now&gt;"
    assert head["og:description"].startswith("Rain in the &quot;barrel&quot; more")
    assert len(head["og:description"]) < 220
    assert (head["og:type"], head["twitter:card"]) == ("article", "summary_large_image")
    assert head["og:image"].startswith("https://civitas.example/static/images/share")
    assert head["atom"] == ["https://civitas.example/@alice/atom/"]


def test_the_card_of_a_page_shows_its_picture(client, alice):
    Page.objects.filter(pk=alice.primary_page.pk).update(avatar="avatars/0193f2ab1b1c4c3a9d553f1b1a6c0a02", bio="Hello")
    head = head_of(client, "/@Alice/")
    assert head["canonical"] == ["https://civitas.example/@alice/"]
    assert head["og:image"].startswith("https://civitas.example/media/avatars/")
    assert (head["og:type"], head["og:description"], head["twitter:card"]) == ("profile", "Hello", "summary")


def test_the_first_picture_of_a_post_is_its_cards(client, alice, write, monkeypatch):
    monkeypatch.setattr(
        queries, "_picturing", [lambda post: Image("https://civitas.example/media/x.webp", 960, 640, "A hill")]
    )
    head = head_of(client, f"/p/{write(alice, 'Look').pk}/")
    assert (head["og:image"], head["og:image:alt"]) == ("https://civitas.example/media/x.webp", "A hill")


@pytest.mark.parametrize("path", ["/", "/search/", "/economy/"])
def test_every_page_has_one_address(client, path):
    head = head_of(client, f"{path}?cursor=abc")
    assert head["canonical"] == [f"https://civitas.example{path}"]
    assert head["og:site_name"] == "Civitas"


def test_the_front_page_leads_to_the_feed_of_what_is_hot(client):
    assert head_of(client, "/")["atom"] == ["https://civitas.example/atom/"]


def test_the_card_of_a_hashtag_leads_to_its_feed():
    from django.template import engines

    hashtag = Hashtag(name="garden", posts_count=1)
    shown = engines["django"].from_string("{% load sharing %}{% share_hashtag hashtag %}").render({"hashtag": hashtag})
    assert 'content="#garden"' in shown
    assert 'href="https://civitas.example/tags/garden/atom/"' in shown
