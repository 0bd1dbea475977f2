"""Small tools: ids, money, words, addresses, sealed text, tags, limits, schedules, months."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from uuid import UUID

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st
from redis.exceptions import ConnectionError as RedisAway

from config.lib import addresses, crypto, ids, limits, money, partitions, schedules, wording
from config.lib.refusals import TooMany


def test_an_id_carries_its_moment_and_version():
    moment = datetime(2026, 11, 16, 0, 5, tzinfo=UTC)
    made = ids.uuid7_at(moment)
    assert (made.version, ids.time_of(made)) == (7, int(moment.timestamp() * 1000))
    assert ids.first_id_at(moment) <= made < ids.first_id_at(moment + timedelta(milliseconds=1))
    assert ids.uuid7().version == 7


def test_before_1970_every_id_is_later():
    assert ids.first_id_at(datetime(1, 1, 1, tzinfo=UTC)) == ids.first_id_at(datetime(1970, 1, 1, tzinfo=UTC))


def test_the_ids_of_a_millisecond_hold_each_other():
    moment = datetime(2026, 11, 21, 12, tzinfo=UTC)
    lowest, highest = ids.same_millisecond(ids.uuid7_at(moment))
    assert lowest == ids.first_id_at(moment) <= ids.uuid7_at(moment) <= highest
    assert highest < ids.first_id_at(moment + timedelta(milliseconds=1))
    assert ids.same_millisecond(UUID(int=2**128 - 1))[1] == UUID(int=2**128 - 1)


@given(st.decimals(0, 10**9, places=6))
def test_rounding_down_never_adds(amount):
    assert amount - D("0.01") < money.down(amount) <= amount


def test_rounding_to_the_nearest_takes_halves_up():
    assert (money.nearest(D("0.005")), money.nearest(D("0.0049"))) == (D("0.01"), D("0.00"))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (59, "59 seconds"), (60, "60 seconds"), (61, "2 minutes"), (3601, "2 hours"), (90_000, "2 days")],
)
def test_durations_are_rounded_up_to_whole_units(seconds, words):
    assert wording.duration(seconds) == words


def request_from(peer, forwarded=None):
    headers = {"REMOTE_ADDR": peer}
    if forwarded:
        headers["HTTP_X_FORWARDED_FOR"] = forwarded
    return RequestFactory().get("/", **headers)


def test_nobody_chooses_their_own_address():
    assert addresses.address_of(request_from("10.0.0.9", "1.2.3.4")) == "10.0.0.9"
    with override_settings(TRUSTED_PROXIES=1):
        assert addresses.address_of(request_from("10.0.0.9", "6.6.6.6, 1.2.3.4")) == "1.2.3.4"
        assert addresses.address_of(request_from("10.0.0.9", "nonsense")) == "0.0.0.0"  # noqa: S104 - compared, not bound
        assert addresses.address_of(request_from("10.0.0.9")) == "10.0.0.9"


def test_ipv4_on_a_socket_of_both_families_is_ipv4():
    assert addresses.address_of(request_from("::ffff:10.0.0.9")) == "10.0.0.9"
    assert addresses.address_of(request_from("fe80::1%eth0")) == "fe80::1"


def test_an_ipv6_subscriber_is_one_block():
    assert addresses.block_of("2001:db8::1") == addresses.block_of("2001:db8::ffff") == "2001:db8::/64"
    assert addresses.block_of("192.0.2.7") == "192.0.2.7"


def test_sealed_text_opens_with_an_older_key_and_not_without():
    sealed = crypto.seal("123456")
    assert "123456" not in sealed
    new = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="
    old = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
    with override_settings(FIELD_ENCRYPTION_KEYS=[new, old]):
        assert crypto.unseal(sealed) == "123456"
    with override_settings(FIELD_ENCRYPTION_KEYS=[new]):
        assert crypto.SealedTextField().from_db_value(sealed, None, None).startswith("(sealed")


def test_a_limit_lets_through_as_many_as_it_says_even_in_parallel(db):
    limit = limits.Limit("test", "alice", quantity=5, seconds=60)
    start = threading.Barrier(20)

    def one(_number):
        start.wait(timeout=10)
        try:
            limits.take(limit)
        except TooMany as refusal:
            return refusal.retry_after
        return None

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(one, range(20)))
    assert answers.count(None) == 5
    assert all(0 < wait <= 60 for wait in answers if wait is not None)


def test_of_two_limits_none_is_counted_when_one_is_full(db):
    narrow = limits.Limit("narrow", "alice", quantity=1, seconds=60)
    wide = limits.Limit("wide", "alice", quantity=2, seconds=60)
    limits.take(narrow, wide)
    with pytest.raises(TooMany):
        limits.take(narrow, wide)
    limits.take(wide)
    with pytest.raises(TooMany):
        limits.take(wide)


def test_without_redis_what_must_be_counted_is_refused(db, monkeypatch):
    def away(*_args, **_kwargs):
        raise RedisAway

    monkeypatch.setattr(limits, "_client", lambda address: (None, away))
    with pytest.raises(limits.LimitsAway):
        limits.take(limits.Limit("test", "alice", quantity=1, seconds=60))


def test_without_redis_the_cache_misses_and_nobody_notices(settings):
    from config.lib.cache import ForgivingRedisCache

    away = ForgivingRedisCache("unix:///nowhere/redis.sock?db=1", {"OPTIONS": {"socket_connect_timeout": 1}})
    away.set("a", 1)
    assert away.get("a", "missing") == "missing"
    assert (away.get_many(["a"]), away.add("a", 1), away.delete("a"), away.has_key("a")) == ({}, False, False, False)


def test_a_redis_that_hangs_is_waited_for_once(tmp_path):
    """A socket that takes connections and says nothing: ten look-ups cost one timeout, and a deletion its own."""
    from config.lib import cache

    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "s"))
        silent.listen()
        hangs = cache.ForgivingRedisCache(f"unix://{tmp_path}/s?db=1", {"OPTIONS": {"socket_timeout": 0.2}})
        began = time.monotonic()
        assert [hangs.get(f"key-{n}", "missing") for n in range(10)] == ["missing"] * 10
        hangs.set("a", 1)
        waited = time.monotonic() - began
        assert waited < 1.5
        hangs.delete("a")
        assert time.monotonic() - began >= waited + 0.2


def test_clearing_the_cache_leaves_the_neighbours_alone(db):
    from django.core.cache import cache

    neighbour = cache._cache.get_client(None, write=True)
    neighbour.set("another-site:1:kept", "yes")
    cache.set("ours", 1)
    cache.clear()
    assert (cache.get("ours"), neighbour.get("another-site:1:kept")) == (None, b"yes")
    neighbour.delete("another-site:1:kept")


def test_schedules_are_written_once_and_an_admins_change_stays(db):
    from django_celery_beat.models import PeriodicTask

    schedules.write_missing()
    written = PeriodicTask.objects.count()
    changed = PeriodicTask.objects.exclude(name__startswith="celery.").first()
    changed.enabled = False
    changed.save()
    assert schedules.write_missing() == 0
    assert PeriodicTask.objects.count() == written
    assert not PeriodicTask.objects.get(pk=changed.pk).enabled


def test_every_scheduled_task_exists():
    from config.celery import app

    app.loader.import_default_modules()
    missing = {s.task for s in schedules._schedules.values()} - set(app.tasks)
    assert missing == set()


def test_two_schedules_of_one_name_are_a_mistake():
    known = next(iter(schedules._schedules.values()))
    with pytest.raises(ValueError, match="two different schedules"):
        schedules.add(schedules.Schedule(known.name, "another.task", every=timedelta(seconds=5)))


def test_months_are_made_once_and_hold_their_rows(db, join):
    first, last = datetime(2031, 11, 5, tzinfo=UTC), datetime(2032, 1, 20, tzinfo=UTC)
    assert partitions.make_months(first=first, last=last, tables={"economy_transfer", "economy_posting"}) == 6
    assert partitions.make_months(first=first, last=last, tables={"economy_transfer", "economy_posting"}) == 0
    join("alice", at=datetime(2031, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC))
    join("bob", at=datetime(2032, 1, 1, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text, count(*) FROM economy_posting GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [("economy_posting_y2031m12", 2), ("economy_posting_y2032m01", 2)]


def test_a_row_of_no_month_lands_somewhere_safe(db, join):
    join("alice", at=datetime(2040, 6, 1, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM economy_posting_default")
        assert cursor.fetchone() == (2,)
