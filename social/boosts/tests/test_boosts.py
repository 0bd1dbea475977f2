"""Boosts: one's own post on top again, for coins to the treasury."""

import threading
import time
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import connection, transaction

from accounts.departures import parts
from accounts.members.models import User
from config.lib.refusals import KeyReused, NotAllowed, NotThere
from economy.ledger.models import Transfer
from economy.ledger.operations import NotEnoughCoins
from economy.ledger.queries import violations
from social.boosts import operations
from social.boosts.models import Boost
from social.boosts.operations import BoostLimit, BoostRunning, NoBoosts
from social.feed.models import Post
from social.feed.operations import remove_post
from social.feed.rules import visibility_score
from social.feed.tests.conftest import WEB, balance, drain, fund, together

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


def boost(author, post, at, **given):
    return operations.boost_post(author=author, post_id=post.pk, channel=WEB, at=at, **given)


@pytest.fixture
def old(alice, write, noon):
    """A post of alice that has sunk to the cold level."""
    post = write(alice, at=noon - timedelta(days=6))
    Post.objects.filter(pk=post.pk).update(queue_level=2, queue_entered_at=noon - timedelta(days=2))
    return post


def test_the_worked_example(alice, old, noon):
    made = boost(alice, old, noon)
    assert (balance(alice), fund("treasury")) == (D("90.00"), D("10.00"))
    transfer = Transfer.objects.get(pk=made.pk)
    assert (transfer.kind, transfer.reference_type, transfer.reference_id) == ("BOOST", "post", old.pk)
    assert (made.amount, made.ends_at, made.level_before) == (D("10.00"), noon + DAY, 2)
    old.refresh_from_db()
    assert (old.queue_level, old.queue_entered_at, old.last_queue_promotion_at) == (0, noon, noon)
    assert (old.last_boosted_at, old.boost_count) == (noon, 1)
    assert old.visibility_score == visibility_score(standing=D("0.00"), comments=0, born=noon)
    assert alice.wallet.__class__.objects.get(user=alice).total_spent == D("10.00")
    assert violations() == []


def test_it_stands_above_a_younger_post(api, alice, bob, old, write, noon):
    younger = write(bob, at=noon - timedelta(hours=1))
    boost(alice, old, noon)
    shown = [row["id"] for row in api().get("/api/v1/feed/hot").json()["results"]]
    assert shown.index(str(old.pk)) < shown.index(str(younger.pk))


def test_once_per_post_in_a_day(alice, old, noon):
    boost(alice, old, noon)
    with pytest.raises(BoostRunning) as refused:
        boost(alice, old, noon + DAY - timedelta(hours=2))
    assert str(refused.value) == "This post is boosted at present. You can boost it again in 2 hours."
    assert balance(alice) == D("90.00")
    boost(alice, old, noon + DAY)
    assert (balance(alice), Boost.objects.count()) == (D("80.00"), 2)
    assert violations() == []


def test_three_at_a_time(alice, write, noon):
    posts = [write(alice, at=noon + timedelta(hours=n)) for n in range(4)]
    start = noon + timedelta(hours=5)
    for post in posts[:3]:
        boost(alice, post, start)
    with pytest.raises(BoostLimit):
        boost(alice, posts[3], start + timedelta(hours=23))
    boost(alice, posts[3], start + DAY)
    assert balance(alice) == D("60.00")


def test_only_ones_own(mallory, old, noon):
    with pytest.raises(NotThere):
        boost(mallory, old, noon)
    assert (balance(mallory), Boost.objects.count()) == (D("100.00"), 0)


def test_what_is_removed_cannot_be_boosted(alice, old, noon):
    remove_post(remover=alice, post_id=old.pk, at=noon)
    with pytest.raises(NotThere):
        boost(alice, old, noon)


def test_it_takes_the_coins(alice, old, noon):
    drain(alice, to="9.99", at=noon)
    with pytest.raises(NotEnoughCoins):
        boost(alice, old, noon)
    old.refresh_from_db()
    assert (old.queue_level, old.boost_count) == (2, 0)
    assert violations() == []


def test_who_is_suspended_boosts_nothing(alice, old, noon):
    User.objects.filter(pk=alice.pk).update(status="SUSPENDED")
    alice.refresh_from_db()
    with pytest.raises(NotAllowed):
        boost(alice, old, noon)


@pytest.mark.parametrize("off", [{"BOOST_COST": D(0)}, {"BOOST_HOURS": 0}, {"BOOSTS_AT_ONCE": 0}])
def test_a_community_may_do_without(alice, old, noon, figure, off):
    figure(**off)
    with pytest.raises(NoBoosts):
        boost(alice, old, noon)


def test_a_key_boosts_once(alice, old, write, noon):
    first, again = boost(alice, old, noon, key="k"), boost(alice, old, noon + timedelta(minutes=1), key="k")
    assert first.pk == again.pk
    assert (balance(alice), Boost.objects.count()) == (D("90.00"), 1)
    with pytest.raises(KeyReused):
        boost(alice, write(alice, at=noon), noon, key="k")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_boost_a_post_once(alice, old, noon):
    outcomes = together(*[lambda: boost(alice, old, noon) for _thread in range(6)])
    assert sum(isinstance(one, Boost) for one in outcomes) == 1
    assert sum(isinstance(one, BoostRunning) for one in outcomes) == 5
    assert balance(alice) == D("90.00")
    assert violations() == []


@pytest.mark.django_db(transaction=True)
def test_many_posts_at_once_keep_the_limit(alice, write, noon):
    posts = [write(alice) for _number in range(6)]
    outcomes = together(*[lambda post=post: boost(alice, post, noon + DAY) for post in posts])
    assert sum(isinstance(one, Boost) for one in outcomes) == 3
    assert balance(alice) == D("70.00")
    assert violations() == []


@pytest.mark.django_db(transaction=True)
def test_a_key_in_many_threads_boosts_once(alice, old, noon):
    outcomes = together(*[lambda: boost(alice, old, noon, key="once") for _thread in range(5)])
    assert {one.pk for one in outcomes} == {outcomes[0].pk}
    assert balance(alice) == D("90.00")


@pytest.mark.django_db(transaction=True)
def test_while_it_waits_for_the_writer_it_keeps_nothing_that_the_writer_may_want(alice, old, noon):
    held = threading.Event()

    def write_and_remove() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT social_lock_writer(%s)", [alice.pk])
            held.set()
            until = time.monotonic() + 20
            while not waits_for_advisory_lock(cursor) and time.monotonic() < until:
                time.sleep(0.02)
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute("SELECT social_hold_target(%s)", [old.pk])

    def wait_and_boost() -> Boost:
        held.wait(20)
        return boost(alice, old, noon)

    removed, made = together(write_and_remove, wait_and_boost)
    assert (removed, type(made)) == (None, Boost), (removed, made)


def waits_for_advisory_lock(cursor):
    cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
    return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_removal_beside_it_is_whole(alice, old, noon):
    together(lambda: boost(alice, old, noon), lambda: remove_post(remover=alice, post_id=old.pk, at=noon))
    assert balance(alice) == D("100.00") - 10 * Boost.objects.count()
    assert violations() == []
    connection.close()


# -- Doors ----------------------------------------------------------------------------------------


def test_in_the_api(api, alice, mallory, write, now):
    post = write(alice, at=now - timedelta(hours=1))
    path = f"/api/v1/posts/{post.pk}/boost"
    answer = api(alice).post(path, {}, format="json", HTTP_IDEMPOTENCY_KEY="k")
    assert (answer.status_code, answer.json()["amount"], answer.json()["post"]) == (201, "10.00", str(post.pk))
    replayed = api(alice).post(path, {}, format="json", HTTP_IDEMPOTENCY_KEY="k")
    assert (replayed.status_code, replayed.json()) == (201, answer.json())
    assert replayed["Idempotent-Replayed"] == "true"
    again = api(alice).post(path, {}, format="json")
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "boost-running")
    assert api(mallory).post(path, {}, format="json").status_code == 403
    assert api().post(path, {}, format="json").status_code == 401
    assert api(alice).post(path, {"amount": "0.01"}, format="json").status_code == 400
    assert balance(alice) == D("90.00")


def test_its_page_says_what_happens_and_does_it_once(client, alice, write, now):
    post = write(alice, at=now - timedelta(hours=1))
    client.force_login(alice)
    page = client.get(f"/p/{post.pk}/boost/")
    assert "10.00 coins" in page.content.decode()
    key = str(page.context["form"]["key"].value())
    for _press in range(2):
        assert client.post(f"/p/{post.pk}/boost/", {"key": key}).status_code == 302
    assert balance(alice) == D("90.00")
    refused = client.post(f"/p/{post.pk}/boost/", {})
    assert refused.status_code == 422
    assert "boosted at present" in refused.content.decode()
    assert "boosted" in client.get(f"/p/{post.pk}/").content.decode()


def test_its_page_is_for_the_author_alone(client, mallory, alice, write, now):
    post = write(alice, at=now - timedelta(hours=1))
    assert client.get(f"/p/{post.pk}/boost/").status_code == 302
    client.force_login(mallory)
    assert client.get(f"/p/{post.pk}/boost/").status_code == 403
    assert client.post(f"/p/{post.pk}/boost/", {}).status_code == 403
    assert "/boost/" not in client.get(f"/p/{post.pk}/").content.decode()


@pytest.mark.parametrize("key", ["x" * 10_000, "\x00", "１２３"])
def test_a_key_that_is_none_changes_nothing(client, alice, write, now, key):
    post = write(alice, at=now - timedelta(hours=1))
    client.force_login(alice)
    assert client.post(f"/p/{post.pk}/boost/", {"key": key}).status_code == 422
    assert balance(alice) == D("100.00")


def test_a_copy_of_ones_data_holds_them(alice, mallory, old, noon):
    boost(alice, old, noon)
    part = next(part for part in parts.parts() if part.name == "boosts")
    assert [row["amount"] for row in part.rows(alice)] == [D("10.00")]
    assert list(part.rows(mallory)) == []
