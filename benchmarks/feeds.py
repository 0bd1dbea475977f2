"""Feeds and a post's page, as a visitor and as a member: beside the same page drawn without asking anybody, beside the
statements alone, and among many posts beside few."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from unittest import mock

from benchmarks.options import Options
from benchmarks.place import execute, settle_down
from benchmarks.results import RATE, Result, alternate

# A post needs its author, its tips and its followers: so many of each for one member.
POSTS, FOLLOWS = 10, 50
SMALL = 10_000  # posts
WEEKS = 4
TIPPED_BY = 5
GOALS = {"visitor": 0.8, "member": 0.5}  # of the hot feed; a post without comments is drawn in no time
MOST_QUERIES = {"visitor": 2, "member": 6}
FLAT = 0.83  # 1 / 1.2
PAGES = {
    "hot feed": "/",
    "trending feed": "/trending/",
    "new feed": "/new/",
    "hidden gems": "/gems/",
    "following feed": "/following/",
}


def run(options: Options) -> Iterator[Result]:
    """The same pages in a small community and in one of `options.members` with ten posts each."""
    _serve_like_the_web_process()
    _use_own_addresses()
    few = _community(max(SMALL // POSTS, 100))
    small = _rates(few, options)
    many = _community(options.members)
    yield from _beside_the_template(many, options)
    large = _rates(many, options)
    for name, rates in large.items():
        label = f"{name}, {options.members * POSTS:,} posts"
        yield Result(label, f"{SMALL:,} posts", RATE, FLAT, ours=rates, theirs=small[name])


def _serve_like_the_web_process() -> None:
    import config.asgi  # noqa: F401 - what it does when it is loaded

    execute("SET enable_memoize = off")  # as in config/settings/base.py


def _use_own_addresses() -> None:
    from django.conf import settings
    from django.urls import clear_url_caches, set_urlconf

    settings.ROOT_URLCONF = "benchmarks.urls"
    settings.ALLOWED_HOSTS = ["*"]
    clear_url_caches()
    set_urlconf(None)


def _community(members: int) -> dict[str, Any]:
    """A community with posts, tips and follows, and the clients of a visitor and of a member who follows some."""
    from django.db.models import F
    from django.db.models.functions import Abs
    from django.test import Client
    from django.utils import timezone

    from accounts.members.models import User
    from benchmarks.community import begin_anew
    from config.demo import crowd, writings
    from social.feed.models import Post

    begin_anew()
    now = timezone.now()
    crowd.make(members=members, weeks=WEEKS, seed=1, now=now)
    writings.write(posts=members * POSTS, follows=members * FOLLOWS, weeks=WEEKS, seed=1, now=now)
    settle_down()
    # Of either community one who follows as many, and a post that as many have tipped: the rest is what differs.
    (follower,) = execute(
        "SELECT follower_id FROM social_follow GROUP BY 1 ORDER BY abs(count(*) - %s), 1 LIMIT 1", FOLLOWS
    )[0]
    member = Client()
    member.force_login(User.objects.get(pk=follower))
    week = Post.objects.filter(created_at__gt=now - timedelta(days=7))
    post = week.order_by(Abs(F("unique_spenders_count") - TIPPED_BY), "-id").first()
    if post is None:
        raise RuntimeError("nobody has posted")
    pages = {**PAGES, "post": f"/p/{post.pk}/"}
    return {"visitor": Client(), "member": member, "pages": pages}


def _beside_the_template(town: dict[str, Any], options: Options) -> Iterator[Result]:
    """The hot feed and a post's page; their statements are counted once and then run alone."""
    from django.test import Client

    for page in ("hot feed", "post"):
        for who, goal in GOALS.items():
            client, address = town[who], town["pages"][page]
            statements = _statements(client, address)
            name = f"{page}, {who}, {len(statements)} queries"
            if page == "hot feed" and len(statements) > MOST_QUERIES[who]:
                raise RuntimeError(f"{name}: at most {MOST_QUERIES[who]}")
            drawn = _prepare(client, address)
            found = alternate(
                {
                    "ours": partial(_per_second, partial(_get, client, address), options),
                    "drawn": partial(_per_second, partial(_get, Client(), drawn), options),
                    "alone": partial(_per_second, partial(_run, statements), options),
                },
                rounds=options.rounds,
            )
            yield Result(
                name,
                "the same drawn, no query",
                RATE,
                goal if page == "hot feed" else None,
                ours=found["ours"],
                theirs=found["drawn"],
            )
            yield Result(name, "its statements alone", RATE, None, ours=found["ours"], theirs=found["alone"])


def _rates(town: dict[str, Any], options: Options) -> dict[str, list[float]]:
    """Requests per second of every page as a member, round by round."""
    variants = {
        name: partial(_per_second, partial(_get, town["member"], address), options)
        for name, address in town["pages"].items()
    }
    return alternate(variants, rounds=options.rounds)


def _get(client: Any, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} said {response.status_code}")


def _per_second(act: Callable[[], None], options: Options) -> float:
    begin, done = time.perf_counter(), 0
    while (passed := time.perf_counter() - begin) < options.seconds:
        act()
        done += 1
    return done / passed


def _statements(client: Any, address: str) -> list[str]:
    """What a page asks the database, when everything that is kept in memory is."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _get(client, address)
    with CaptureQueriesContext(connection) as asked:
        _get(client, address)
    return [query["sql"] for query in asked.captured_queries]


def _run(statements: list[str]) -> None:
    for statement in statements:
        execute(statement.replace("%", "%%") if "%" in statement else statement)


def _prepare(client: Any, address: str) -> str:
    """Keep what a page was drawn with; the address where it is drawn again of that alone."""
    from django.template.backends.django import Template

    from benchmarks import urls

    kept: list[tuple[str, dict[str, Any]]] = []
    real = Template.render
    deep = 0

    def spy(self: Any, context: Any = None, request: Any = None) -> Any:
        from django.template.context import make_context

        nonlocal deep
        if not deep:  # fields of a form are drawn by templates of their own, in the middle of it
            whole = make_context(context, request, autoescape=True)
            with whole.bind_template(self.template):
                flat = whole.flatten()
            kept.append((self.template.name, {str(name): value for name, value in flat.items() if name != "request"}))
        deep += 1
        try:
            return real(self, context, request)
        finally:
            deep -= 1

    with mock.patch.object(Template, "render", spy):
        _get(client, address)
    name, context = kept[-1]
    key = address.strip("/").replace("/", "-") or "home"
    urls.prepared[key] = name, context
    return f"/drawn/{key}/"
