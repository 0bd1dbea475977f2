"""The five feeds, on pages and in the API: what is in them, in which order, for whom, at what cost."""

import base64
import json
import re
from datetime import timedelta
from decimal import Decimal as D
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.members import boundaries
from accounts.members.operations import set_preferences
from config.lib.pagination import BadCursor
from social.feed import operations, queries
from social.feed.models import Post

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
HOUR = timedelta(hours=1)


@pytest.fixture
def late() -> Any:
    """Two hours ago: posts of then are free, and tips on them trend."""
    return timezone.now() - 2 * HOUR


def rows(keyset: Any, posts: Any) -> list[Post]:
    return list(keyset.slice(posts, size=100).rows)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def feeds(reader: Any) -> dict[str, list[Post]]:
    return {
        "hot": rows(queries.HOT, queries.hot_feed(reader)),
        "trending": rows(queries.TRENDING, queries.trending_feed(reader, at=timezone.now())),
        "new": rows(queries.NEWEST, queries.new_feed(reader)),
        "gems": rows(queries.GEMS, queries.gems_feed(reader)),
        "following": rows(queries.NEWEST, queries.following_feed(reader)),
    }


@pytest.fixture
def everywhere(alice: Any, bob: Any, mallory: Any, write: Any, tip: Any, late: Any) -> tuple[Post, Post]:
    """A post that is hot, trending and new, and one that is trending, new and a gem; bob follows their writer."""
    hot, gem = write(alice, at=late), write(alice, at=late + timedelta(minutes=11))
    for post in (hot, gem):
        tip(bob, post, "5.00", at=late + HOUR)
        tip(mallory, post, "1.00", at=late + HOUR)
    Post.objects.filter(pk=gem.pk).update(queue_level=Post.Level.ARCHIVE)
    operations.follow(follower=bob, page=alice.primary_page, at=late)
    return hot, gem


# -- What is in them ----------------------------------------------------------------------------------------------


def test_each_feed_has_its_own(everywhere, bob):
    hot, gem = everywhere
    assert feeds(bob) == {
        "hot": [hot],
        "trending": [gem, hot],  # as fast as each other: the later one first
        "new": [gem, hot],
        "gems": [gem],
        "following": [gem, hot],
    }
    assert feeds(NOBODY) == feeds(bob) | {"following": []}


def test_trending_goes_by_velocity_now(alice, bob, mallory, write, tip, now):
    old_and_big, small_and_fresh, quiet, forgotten = (
        write(alice, at=now - timedelta(days=3) - n * HOUR) for n in range(4)
    )
    tip(bob, old_and_big, "10.00", at=now - 24 * HOUR)
    tip(bob, small_and_fresh, "1.00", at=now - HOUR)
    tip(bob, forgotten, "10.00", at=now - 60 * HOUR)  # 10/6 · e^(−10) is less than a coin in six weeks
    assert rows(queries.TRENDING, queries.trending_feed(bob, at=now)) == [small_and_fresh, old_and_big]
    tip(mallory, old_and_big, "10.00", at=now - timedelta(minutes=1))
    assert rows(queries.TRENDING, queries.trending_feed(bob, at=now)) == [old_and_big, small_and_fresh]
    assert quiet not in rows(queries.TRENDING, queries.trending_feed(bob, at=now))


def test_gems_go_by_coins_per_view(alice, bob, mallory, write, tip, late):
    seen, unseen, rich = (write(alice, at=late + n * timedelta(minutes=11)) for n in range(3))
    for post, views, coins in ((seen, 90, "4.00"), (unseen, 0, "1.00"), (rich, 90, "9.00")):
        tip(bob, post, coins, at=late + HOUR)
        tip(mallory, post, "1.00", at=late + HOUR)
        Post.objects.filter(pk=post.pk).update(queue_level=2, views_count=views)
    # 2/10 = 0.2000, 10/100 = 0.1000, 5/100 = 0.0500
    assert rows(queries.GEMS, queries.gems_feed(NOBODY)) == [unseen, rich, seen]


# -- What is left out, by the one verb ------------------------------------------------------------------------------


def test_what_is_removed_is_in_no_feed(everywhere, alice, bob):
    for post in everywhere:
        operations.remove_post(remover=alice, post_id=post.pk, at=timezone.now())
    assert not any(feeds(bob).values())


@pytest.mark.parametrize("by", ["alice", "bob"])
def test_blocked_members_meet_in_no_feed(everywhere, alice, bob, mallory, now, by):
    blocker, blocked = (alice, bob) if by == "alice" else (bob, alice)
    boundaries.block(member=blocker, page=blocked.primary_page, at=now)
    assert not any(feeds(bob).values())
    assert feeds(mallory)["hot"] == [everywhere[0]]  # it is between those two


def test_muted_pages_and_words_are_in_no_feed(everywhere, alice, bob, mallory, now):
    boundaries.mute(member=bob, page=alice.primary_page, at=now)
    assert not any(feeds(bob).values())
    boundaries.mute_word(member=mallory, word="words", at=now)
    assert not any(feeds(mallory).values())


def test_banned_writers_are_in_no_feed(everywhere, alice, bob):
    type(alice).objects.filter(pk=alice.pk).update(status="BANNED")
    assert not any(feeds(bob).values())


def test_a_least_standing_leaves_out_what_has_less(everywhere, alice, bob, mallory, write, tip, late, now):
    low = write(alice, at=late - HOUR)
    tip(mallory, low, "5.99", at=late)
    set_preferences(member=bob, least_standing=6, at=now)
    found = feeds(bob)
    assert low not in found["hot"] + found["trending"] + found["new"]
    assert found["new"] == list(everywhere[::-1])
    assert low in found["following"]  # whom one follows one has chosen
    assert low in rows(queries.NEWEST, queries.posts_of(alice.primary_page, bob))
    assert low in feeds(mallory)["new"]


def test_ones_own_posts_are_never_too_low(alice, write, late):
    post = write(alice, at=late)
    set_preferences(member=alice, least_standing=1000, at=late)
    assert feeds(alice)["new"] == [post]


# -- Their pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/trending/", "/new/", "/gems/"])
def test_visitors_read_every_feed_but_the_one_that_is_nobodys(client: Client, everywhere: Any, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200 and 'class="card post"' in page.content.decode()
    assert "Following" not in text_of(page)


@pytest.mark.parametrize("address", ["/", "/trending/", "/new/", "/gems/", "/following/"])
def test_members_go_between_the_feeds_by_tabs(client: Client, bob: Any, everywhere: Any, address: str) -> None:
    client.force_login(bob)
    page = client.get(address).content.decode()
    tabs = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
    assert tabs and tabs[0].count('class="tab"') == 5
    assert tabs[0].count('aria-current="page"') == 1
    assert f'href="{address}" aria-current="page"' in tabs[0]


@pytest.mark.parametrize(
    ("address", "words"),
    [("/trending/", "Nothing is trending"), ("/new/", "Nothing new"), ("/gems/", "No gems yet")],
)
def test_an_empty_feed_says_so(client: Client, db: None, address: str, words: str) -> None:
    assert words in text_of(client.get(address))


@pytest.mark.parametrize("address", ["/", "/trending/", "/new/", "/gems/"])
def test_feeds_go_on_where_they_stopped(client, alice, bob, mallory, write, tip, late, address):
    for number in range(23):
        post = write(alice, at=late - number * timedelta(minutes=11))
        tip(bob, post, "1.00", at=late)
        Post.objects.filter(pk=post.pk).update(unique_spenders_count=2)
    if address == "/gems/":
        Post.objects.update(queue_level=3)
    first = client.get(address)
    ids = re.findall(r'id="post-([0-9a-f-]{36})"', first.content.decode())
    more = re.search(r'href="([^"]+cursor=[^"]+)"', first.content.decode())
    assert len(ids) == 20 and more
    rest = re.findall(r'id="post-([0-9a-f-]{36})"', client.get(more[1].replace("&amp;", "&")).content.decode())
    assert len(set(ids) | set(rest)) == 23 and len(rest) == 3


@pytest.mark.parametrize("address", ["/", "/trending/", "/new/", "/gems/", "/following/"])
def test_no_feed_asks_more_because_it_is_longer(client, alice, bob, mallory, write, tip, late, address, everywhere):
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    client.force_login(bob)
    client.get(address)
    few = asked()
    for number in range(8):
        post = write(alice, at=late - (number + 1) * timedelta(minutes=11))
        tip(bob, post, "1.00", at=late)
    Post.objects.exclude(pk=everywhere[0].pk).update(queue_level=3 if address == "/gems/" else 0)
    assert asked() == few


def test_visitors_cost_two_questions_and_members_six(client, bob, everywhere):
    for address in ("/", "/trending/", "/new/", "/gems/"):
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        assert len(seen) <= 2, [query["sql"] for query in seen]
    client.force_login(bob)
    for address in ("/", "/trending/", "/new/", "/gems/", "/following/"):
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        assert len(seen) <= 6, "\n".join(query["sql"][:150] for query in seen)


@pytest.mark.parametrize(
    ("posts", "index"),
    [
        (lambda: queries.hot_feed(NOBODY).order_by(*queries.HOT.order), "social_post_hot"),
        (
            lambda: queries.trending_feed(NOBODY, at=timezone.now()).order_by(*queries.TRENDING.order),
            "social_post_trending",
        ),
        (lambda: queries.new_feed(NOBODY).order_by(*queries.NEWEST.order), "social_post_(new|pkey)"),
        (lambda: queries.gems_feed(NOBODY).order_by(*queries.GEMS.order), "social_post_gems"),
    ],
)
def test_each_feed_is_read_along_its_index(everywhere, posts, index):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO social_post SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid()))).*"
            " FROM social_post p, generate_series(1, 1000)"
        )
        cursor.execute("ANALYZE social_post, accounts_page, accounts_user")
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        plan = posts()[:21].explain()
    assert re.search(f"using {index}", plan) and "Sort" not in plan, plan


# -- In the API -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["hot", "trending", "new", "gems"])
def test_the_api_has_every_feed_for_visitors(api, everywhere, name):
    answer = api().get(f"/api/v1/feed/{name}")
    assert answer.status_code == 200
    assert [post["id"] for post in answer.json()["results"]] == [str(post.pk) for post in feeds(NOBODY)[name]]


def test_the_api_says_why_a_post_is_where_it_is(api, everywhere):
    hot, gem = (api().get(f"/api/v1/posts/{post.pk}").json() for post in everywhere)
    assert (hot["queue_level"], gem["queue_level"]) == ("hot", "archive")
    assert hot["level_until"] == (everywhere[0].queue_entered_at + 24 * HOUR).isoformat().replace("+00:00", "Z")
    assert gem["level_until"] is None
    assert D(hot["velocity"]) == D("1.0000") and hot["velocity_at"] is not None
    assert (hot["views_count"], hot["last_boosted_at"], hot["is_pinned"]) == (0, None, False)


def test_a_post_that_nobody_touches_keeps_its_tag(api, everywhere):
    first = api().get(f"/api/v1/posts/{everywhere[0].pk}")
    again = api().get(f"/api/v1/posts/{everywhere[0].pk}", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304


@pytest.mark.parametrize("cursor", ["%00", "eyJ4IjoxfQ", "W10", "A" * 600, "WzAsIk5hTiIsIngiXQ"])
@pytest.mark.parametrize("name", ["hot", "trending", "new", "gems"])
def test_a_garbage_cursor_is_told_so_by_the_api_and_begins_anew_on_pages(api, client, everywhere, name, cursor):
    assert api().get(f"/api/v1/feed/{name}?cursor={cursor}").status_code == 400
    assert client.get(f"/{name.replace('hot', '')}/?cursor={cursor}".replace("//", "/")).status_code == 200


# -- Why is this here ------------------------------------------------------------------------------------------------


def test_a_card_says_why_it_is_here(client, alice, bob, mallory, write, tip, now):
    post = write(alice, at=now - 4 * HOUR + timedelta(seconds=30))
    tip(bob, post, "6.00", at=now)
    page = text_of(client.get("/"))
    assert "Hot" in page and "20 h" in page and "Why is this here?" in page
    assert "if at least 2 members tip it 5.00 coins in its time here; else it drops one." in page
    assert "Coins an hour, now 1.00" in page
    Post.objects.filter(pk=post.pk).update(queue_level=3, unique_spenders_count=2)
    page = text_of(client.get("/gems/"))
    assert "In the archive posts stay." in page and "With 1.00 coin from 2 members it rises." in page


def test_a_boost_is_said_while_it_runs(client, alice, write, now):
    post = write(alice, at=now - 4 * HOUR + timedelta(seconds=30))
    Post.objects.filter(pk=post.pk).update(last_boosted_at=now - HOUR + timedelta(seconds=30))
    assert "Boost runs for 23 h" in text_of(client.get("/"))
    Post.objects.filter(pk=post.pk).update(last_boosted_at=now - 25 * HOUR)
    assert "Boost runs for" not in text_of(client.get("/"))


# -- What a member wants of them -----------------------------------------------------------------------------------


def test_choose_feeds(client, alice):
    client.force_login(alice)
    assert client.get("/settings/feeds/").status_code == 200
    answer = client.post("/settings/feeds/", {"least_standing": "5"})
    assert answer.status_code == 302
    alice.profile.refresh_from_db()
    assert alice.profile.preferences["least_standing"] == 5
    assert 'value="5"' in client.get("/settings/feeds/").content.decode()
    assert "Feeds" in text_of(client.get("/settings/"))


@pytest.mark.parametrize("wrong", ["-1", "1001", "five", "", "1e9", "٥٥٥٥", "\0", "2.5"])
def test_a_least_standing_that_cannot_be_is_refused_on_its_form(client, alice, wrong):
    client.force_login(alice)
    assert client.post("/settings/feeds/", {"least_standing": wrong}).status_code == 422
    alice.profile.refresh_from_db()
    assert "least_standing" not in alice.profile.preferences


def test_feeds_are_chosen_in_the_api_too(api, alice):
    answer = api(alice).patch("/api/v1/me", {"preferences": {"least_standing": 3}}, format="json")
    assert answer.status_code == 200 and answer.json()["preferences"]["least_standing"] == 3
    for wrong in (-1, 1001, "x", None, [1], True):
        body = {"preferences": {"least_standing": wrong}}
        assert api(alice).patch("/api/v1/me", body, format="json").status_code == 400, wrong


def test_only_members_choose(client, db):
    assert client.get("/settings/feeds/").status_code == 302


@pytest.mark.parametrize("number", ["1E-999999", "1E-20000", "1E+131072", "0E-999999", "NaN", "-Infinity", "1" * 90])
@pytest.mark.parametrize(
    ("address", "keyset", "place"),
    [
        ("/", queries.HOT, ["0", "{}"]),
        ("/trending/", queries.TRENDING, ["{}"]),
        ("/gems/", queries.GEMS, ["{}"]),
    ],
)
def test_numbers_that_no_database_reads_are_no_cursor(client, alice, write, address, keyset, place, number):
    write(alice)
    cursor = [0, keyset.mark, *(part.format(number) for part in place), str(UUID(int=1))]
    packed = base64.urlsafe_b64encode(json.dumps(cursor).encode()).decode().rstrip("=")
    assert client.get(f"{address}?cursor={packed}").status_code == 200
    name = address.strip("/") or "hot"
    if name in ("hot", "trending"):
        answer = client.get(f"/api/v1/feed/{name}?cursor={packed}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_cursor_of_one_feed_is_none_of_another(everywhere):
    everywhere[1].refresh_from_db()
    first = queries.GEMS.after(everywhere[1])
    assert queries.GEMS.slice(queries.gems_feed(NOBODY), cursor=first).rows == []
    with pytest.raises(BadCursor):
        queries.TRENDING.slice(queries.trending_feed(NOBODY, at=timezone.now()), cursor=first)
