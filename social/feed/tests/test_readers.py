"""Views: whoever opens a post's page counts once a day; programs do not; a lost Redis loses views and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as Gone

from config.lib import limits
from social.feed import operations
from social.feed.models import Post
from social.feed.tests.conftest import together
from social.tasks import flush_views as flush_views_job

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"


@pytest.fixture(autouse=True)
def _nothing_read() -> Any:
    def forget() -> None:
        for pattern in ("views*", "readers:*"):
            for key in limits.client().scan_iter(f"{limits.prefix()}:{pattern}"):
                limits.client().delete(key)

    forget()
    yield
    forget()


@pytest.fixture
def post(alice: Any, write: Any) -> Post:
    return write(alice, at=timezone.now())


def views(post: Post) -> int:
    operations.flush_views()
    return Post.objects.values_list("views_count", flat=True).get(pk=post.pk)


def look(client: Client, post: Post, agent: str = FIREFOX, **more: Any) -> None:
    assert client.get(f"/p/{post.pk}/", headers={"User-Agent": agent, **more}).status_code == 200


def test_whoever_opens_the_page_counts_once_a_day(client, post, bob):
    for _time in range(3):
        look(client, post)
    assert views(post) == 1
    look(client, post, SAFARI)
    client.force_login(bob)
    look(client, post)
    look(client, post, SAFARI)  # the same member on another device
    assert views(post) == 3


def test_tomorrow_counts_anew(post, noon):
    for day in range(3):
        for _twice in "ab":
            operations.note_reader(post=post, reader="member:1", at=noon + timedelta(days=day))
    assert views(post) == 3


def test_ones_own_eyes_do_not_count(client, post, alice):
    client.force_login(alice)
    look(client, post)
    assert views(post) == 0


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "curl/8.5.0",
        "python-requests/2.32",
        "facebookexternalhit/1.1",
        "WhatsApp/2.23",
        "Mozilla/5.0 HeadlessChrome/130.0",
        "Slackbot-LinkExpanding 1.0",
    ],
)
def test_programs_do_not_count(client, post, agent):
    look(client, post, agent)
    assert views(post) == 0


def test_what_is_fetched_in_advance_or_only_asked_for_does_not_count(client, post):
    look(client, post, **{"Sec-Purpose": "prefetch;prerender"})
    look(client, post, Purpose="prefetch")
    look(client, post, **{"X-Moz": "prefetch"})
    client.head(f"/p/{post.pk}/", headers={"User-Agent": FIREFOX})
    assert views(post) == 0


def test_a_card_in_a_feed_is_no_view(client, post):
    client.get("/", headers={"User-Agent": FIREFOX})
    assert views(post) == 0


def test_nobody_is_kept_by_name(client, post, bob):
    client.force_login(bob)
    look(client, post)
    (key,) = limits.client().scan_iter(f"{limits.prefix()}:readers:*")
    (known_as,) = limits.client().smembers(key)
    assert len(known_as) == 16 and str(bob.pk) not in known_as.decode()
    assert 0 < limits.client().ttl(key) <= 25 * 3600


def test_flushing_without_views_does_nothing(post, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert flush_views_job() == 0


def test_many_posts_are_one_statement(alice, write, noon, django_assert_max_num_queries):
    posts = [write(alice) for _number in range(7)]
    for number, one in enumerate(posts):
        for reader in range(number):
            operations.note_reader(post=one, reader=str(reader), at=noon)
    with django_assert_max_num_queries(5):
        assert operations.flush_views() == 6
    counts = Post.objects.order_by("id").values_list("views_count", flat=True)
    assert list(counts) == [0, 1, 2, 3, 4, 5, 6]


def test_removed_posts_are_passed_over(post, alice, noon):
    operations.note_reader(post=post, reader="one", at=noon)
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    assert views(post) == 0


def test_a_job_that_died_in_mid_run_is_finished_by_the_next(post, noon, monkeypatch):
    operations.note_reader(post=post, reader="one", at=noon)
    client = limits.client()
    client.rename(f"{limits.prefix()}:views", f"{limits.prefix()}:views-taken")  # it had come so far
    operations.note_reader(post=post, reader="two", at=noon)
    assert [views(post), views(post), views(post)] == [1, 2, 2]


def test_of_one_address_ten_visitors_count_and_all_members(client, post, bob, mallory):
    for number in range(30):
        look(client, post, f"{FIREFOX}{number}")
    assert views(post) == 10
    for member in (bob, mallory):
        client.force_login(member)
        look(client, post)
    assert views(post) == 12
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    look(elsewhere, post)
    assert views(post) == 13


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_count_nothing_twice(alice, write, noon):
    post = write(alice)
    for reader in range(20):
        operations.note_reader(post=post, reader=str(reader), at=noon)
    together(*[operations.flush_views] * 4)
    assert views(post) == 20


def test_without_redis_the_page_is_read_all_the_same(client, post, monkeypatch):
    def gone(*_args: Any, **_kwargs: Any) -> Any:
        raise Gone

    monkeypatch.setattr("social.feed.operations.readers._script", lambda _client: gone)
    look(client, post)
    monkeypatch.undo()
    limits.forget_all()
    monkeypatch.setattr(limits.client(), "exists", gone)
    assert operations.flush_views() == 0
    monkeypatch.undo()
    limits.forget_all()
    look(client, post)
    assert views(post) == 1
