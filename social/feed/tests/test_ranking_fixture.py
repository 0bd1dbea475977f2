"""docs/ranking.md: thirty posts over fourteen days stand where its hand-made prediction says, hour by hour."""

import importlib.util
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from social.boosts.operations import boost_post
from social.feed import operations, queries
from social.feed.models import Post
from social.feed.tests.conftest import WEB

FOLDER = Path(settings.BASE_DIR) / "docs" / "ranking"
FIXTURE = json.loads((FOLDER / "fourteen-days.json").read_text())
START = datetime(2026, 11, 2, tzinfo=UTC)
DAYS = 14
NOBODY = AnonymousUser()


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


@pytest.fixture
def names(join: Callable[..., Any]) -> dict[str, Any]:
    """Those who tip (a to d), and those who write: long here, so that nobody counts as new."""
    joined = START - timedelta(days=60)
    return {name: join(f"tipper_{name}", at=joined) for name in "abcd"} | {
        number: join(f"writer_{number}", at=joined) for number in range(5)
    }


class Days:
    """The fourteen days, event by event."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names
        self.posts: dict[str, Post] = {}
        self.tips: dict[tuple[str, str], Any] = {}

    def events(self) -> list[tuple[float, Callable[[datetime], Any]]]:
        """What happens, in order."""
        found: list[tuple[float, Callable[[datetime], Any]]] = []
        for number, told in enumerate(FIXTURE["posts"]):
            found.append((told["born"], lambda at, told=told, who=number % 5: self.write(told, who, at)))
            for age, what, *more in told["events"]:
                act = getattr(self, what)
                found.append(
                    (told["born"] + age, lambda at, act=act, told=told, more=more: act(told["name"], *more, at=at))
                )
        return sorted(found, key=lambda event: event[0])

    def write(self, told: Any, who: int, at: datetime) -> None:
        words = f"{told['name']}: {told['says']}"
        post = operations.write_post(author=self.names[who], content=words, channel=WEB, at=at)
        self.posts[told["name"]] = post

    def tip(self, name: str, who: str, coins: int, *, at: datetime) -> None:
        post = self.posts[name]
        self.tips[name, who] = operations.tip_post(
            spender=self.names[who], post_id=post.pk, coins=D(coins), channel=WEB, at=at
        )

    def back(self, name: str, who: str, _coins: int, *, at: datetime) -> None:
        tip = self.tips[name, who]
        operations.take_back(spender=self.names[who], tip_id=tip.pk, channel=WEB, at=at)

    def comment(self, name: str, who: str, *, at: datetime) -> None:
        operations.write_comment(
            author=self.names[who], post_id=self.posts[name].pk, content="Well said.", channel=WEB, at=at
        )

    def boost(self, name: str, *, at: datetime) -> None:
        post = self.posts[name]
        boost_post(author=post.user, post_id=post.pk, channel=WEB, at=at)


def level_of(post: Post | None) -> str:
    return "." if post is None else "HWCA"[Post.objects.values_list("queue_level", flat=True).get(pk=post.pk)]


def order(keyset: Any, posts: Any, names: dict[Any, str]) -> list[str]:
    return [names[post.pk] for post in keyset.slice(posts, size=100).rows]


@pytest.mark.django_db
def test_thirty_posts_stand_where_the_hand_made_prediction_says(names, figure):
    figure(TIPS_PER_MINUTE=1000, TIPS_PER_DAY=1000)
    days = Days(names)
    events = days.events()
    found: dict[str, str] = {told["name"]: "" for told in FIXTURE["posts"]}
    # Before the first midnight a few posts only grow old; from there on the queue runs every hour.
    runs = [float(number) for number in (*range(-480, 0, 24), *range(DAYS * 24 + 1))]
    for moment in runs:
        while events and events[0][0] < moment:
            when, act = events.pop(0)
            act(hour(when))
        operations.run_queue(at=hour(moment))
        if moment > 0 and moment % 24 == 0:
            for name in found:
                found[name] += level_of(days.posts.get(name))
    assert found == {told["name"]: told["levels"] for told in FIXTURE["posts"]}

    for told in FIXTURE["posts"]:
        Post.objects.filter(pk=days.posts[told["name"]].pk).update(views_count=told["views"])
    known = {post.pk: name for name, post in days.posts.items()}
    end = hour(DAYS * 24)
    assert order(queries.HOT, queries.hot_feed(NOBODY), known) == FIXTURE["hot"]
    assert order(queries.TRENDING, queries.trending_feed(NOBODY, at=end), known) == FIXTURE["trending"]
    assert order(queries.GEMS, queries.gems_feed(NOBODY), known) == FIXTURE["gems"]


def test_the_fixture_is_thirty_posts_with_fourteen_days_each():
    assert len({told["name"] for told in FIXTURE["posts"]}) == 30
    assert {len(told["levels"]) for told in FIXTURE["posts"]} == {DAYS}


def test_the_picture_shows_the_fixture():
    spec = importlib.util.spec_from_file_location("draw", FOLDER / "draw.py")
    assert spec is not None and spec.loader is not None
    draw = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(draw)
    assert draw.picture(FIXTURE) == (FOLDER / "fourteen-days.svg").read_text(), "run docs/ranking/draw.py"


def test_the_page_shows_every_post_of_the_fixture():
    page = (FOLDER.parent / "ranking.md").read_text()
    for told in FIXTURE["posts"]:
        assert f"| {told['name']} |" in page and f"`{told['levels']}`" in page, told["name"]
