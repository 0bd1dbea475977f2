from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import connections, transaction
from django.utils import timezone

from accounts.members import boundaries
from accounts.members.operations import set_preferences
from accounts.notifications import kinds, operations
from accounts.notifications.kinds import Kind
from accounts.notifications.models import Notification, OwedNotice
from accounts.notifications.operations import Then, gathering, notices, owe_notice
from accounts.notifications.operations.notices import NUDGE_KEY, NUDGED_LATELY

POST = UUID(int=7)
PUB_QUIZ = UUID(int=8)


def _words(gathered):
    return f"{gathered.who()} waved {gathered.count} times for {gathered.coins}", gathered.among_them()


@pytest.fixture(autouse=True)
def wave(monkeypatch):
    """A kind of our own, so that the tests are about gathering alone; and nobody has been welcomed yet."""
    known = {"wave": Kind("wave", "Waves", "smile", words=_words, path=lambda data: data.get("path", "/"))}
    monkeypatch.setattr(kinds, "_kinds", known)
    return known


def owe(user, *, actor=None, about=POST, coins=None, at=None, kind="wave", **data):
    owe_notice(
        user_id=user.pk,
        kind=kind,
        actor=actor.primary_page if actor is not None else None,
        reference=("post", about) if about else None,
        coins=coins,
        data=data,
        at=at or timezone.now(),
    )


def told(user):
    return list(Notification.objects.filter(user=user).order_by("id"))


@pytest.fixture
def gather(now):
    OwedNotice.objects.all().delete()
    return lambda **given: operations.gather(at=now, **given)


@pytest.mark.django_db
def test_a_notice_that_is_owed_becomes_one_notification(alice, bob, gather, now):
    owe(alice, actor=bob, coins=Decimal("5.00"), path="/p/7/")
    assert gather() == 1
    (row,) = told(alice)
    assert row.title == "Bob waved 1 times for 5.00"
    assert (row.reference_type, row.reference_id, row.is_read) == ("post", POST, False)
    assert row.data["path"] == "/p/7/"
    assert not OwedNotice.objects.exists()
    assert gather() == 0


@pytest.mark.django_db
def test_while_one_is_unread_more_of_the_same_is_added_to_it(alice, bob, join, gather):
    for name, coins in (("dora", "2.00"), ("emil", "3.00")):
        owe(alice, actor=join(name), coins=Decimal(coins))
        gather()
    owe(alice, actor=bob, coins=Decimal("5.00"))
    owe(alice, actor=bob, coins=Decimal("1.00"))
    gather()
    (row,) = told(alice)
    assert row.title == "3 people waved 4 times for 11.00"
    assert row.message == "Bob, Emil, Dora"


@pytest.mark.django_db
def test_twelve_people_are_twelve_and_three_are_named(alice, join, gather):
    for number in range(12):
        owe(alice, actor=join(f"fan_{number}"), coins=Decimal("2.00"))
    owe(alice, coins=Decimal("10.00"))
    gather()
    (row,) = told(alice)
    assert row.title == "12 people waved 13 times for 34.00"
    assert row.message == "Fan_11, Fan_10, Fan_9 and 9 others"


@pytest.mark.django_db
def test_one_that_was_read_is_left_alone_and_the_next_is_told_anew(alice, bob, gather, now):
    owe(alice, actor=bob)
    gather()
    operations.mark_read(member=alice, notification_id=told(alice)[0].pk, at=now)
    owe(alice, actor=bob)
    gather()
    assert sorted((row.is_read, row.title) for row in told(alice)) == [
        (False, "Bob waved 1 times for None"),
        (True, "Bob waved 1 times for None"),
    ]


@pytest.mark.django_db
def test_different_things_members_and_kinds_do_not_mix(alice, bob, mallory, gather, wave):
    wave["nod"] = Kind("nod", "Nods", "smile", words=_words)
    owe(alice, actor=bob)
    owe(alice, actor=bob, about=PUB_QUIZ)
    owe(alice, actor=bob, about=None)
    owe(alice, actor=bob, kind="nod")
    owe(mallory, actor=bob)
    gather()
    assert len(told(alice)) == 4
    assert len(told(mallory)) == 1


@pytest.mark.django_db
def test_what_is_about_nothing_in_particular_is_gathered_too(alice, gather):
    owe(alice, about=None, coins=Decimal("4.20"))
    gather()
    owe(alice, about=None, coins=Decimal("4.30"))
    gather()
    assert [row.data["coins"] for row in told(alice)] == ["8.50"]


@pytest.mark.django_db
def test_some_kinds_are_told_one_by_one(alice, gather, wave):
    wave["alarm"] = Kind("alarm", "Alarms", "shield", words=_words, is_gathered=False)
    for _time in range(2):
        owe(alice, kind="alarm")
    gather()
    owe(alice, kind="alarm")
    gather()
    assert [row.data["count"] for row in told(alice)] == [1, 1, 1]


@pytest.mark.django_db
def test_nothing_is_heard_of_a_muted_page_or_across_a_block(alice, bob, mallory, join, gather, now):
    cem = join("cem")
    boundaries.mute(member=alice, page=mallory.primary_page, at=now)
    boundaries.block(member=alice, page=bob.primary_page, at=now)
    boundaries.block(member=cem, page=alice.primary_page, at=now)
    for actor in (mallory, bob, cem):
        owe(alice, actor=actor)
    gather()
    assert told(alice) == []
    assert not OwedNotice.objects.exists()


@pytest.mark.django_db
def test_a_kind_that_is_switched_off_makes_none(alice, gather, wave, now):
    wave["alarm"] = Kind("alarm", "Alarms", "shield", words=_words, is_always_shown=True)
    off = {"site": False}
    set_preferences(member=alice, notices={"wave": off, "alarm": off}, at=now)
    owe(alice)
    owe(alice, kind="alarm")
    gather()
    assert [row.type for row in told(alice)] == ["alarm"]


@pytest.mark.django_db
def test_who_wants_e_mail_at_once_has_urgent_ones(alice, bob, mallory, gather, now):
    set_preferences(member=alice, notices={"wave": {"email": "now"}}, at=now)
    set_preferences(member=bob, notices={"wave": {"email": "now"}}, email_notices=False, at=now)
    for member in (alice, bob, mallory):
        owe(member)
    gather()
    assert [told(member)[0].is_urgent for member in (alice, bob, mallory)] == [True, False, False]


@pytest.mark.django_db
def test_words_are_in_the_language_of_whoever_reads_them(alice, gather, wave, settings, now):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    from django.utils import translation

    wave["wave"] = Kind("wave", "Waves", "smile", words=lambda gathered: (translation.get_language(), ""))
    set_preferences(member=alice, language="de", at=now)
    owe(alice)
    with translation.override("en"):
        gather()
    assert told(alice)[0].title == "de"


@pytest.mark.django_db
def test_what_the_notice_is_about_is_looked_up_and_what_is_gone_is_not_told_of(alice, gather, wave):
    asked = []

    def look_up(kind, ids):
        asked.append((kind, ids))
        return {POST: {"about": "My bread", "path": "/p/7/"}}

    wave["wave"] = Kind(
        "wave", "Waves", "smile", words=lambda one: ("Waved", one.data["about"]), path=kinds.path_in, look_up=look_up
    )
    owe(alice)
    owe(alice, about=PUB_QUIZ)
    gather()
    (row,) = told(alice)
    assert (row.message, row.data["path"]) == ("My bread", "/p/7/")
    assert asked == [("post", {POST, PUB_QUIZ})]


@pytest.mark.django_db
def test_one_that_cannot_be_worded_does_not_hold_up_the_others(alice, bob, gather, wave):
    wave["broken"] = Kind("broken", "Broken", "smile", words=lambda gathered: gathered.data["not there"])
    owe(alice, kind="broken")
    owe(alice, kind="nobody-knows-it")
    owe(bob)
    assert gather() == 3
    assert told(alice) == []
    assert len(told(bob)) == 1


@pytest.mark.django_db
def test_the_list_goes_by_what_happened_last(alice, gather, now):
    owe(alice, at=now - timedelta(hours=3))
    gather()
    owe(alice, about=PUB_QUIZ, at=now - timedelta(hours=2))
    gather()
    owe(alice, at=now - timedelta(hours=1))
    gather()
    from accounts.notifications.queries import notifications_of

    assert [row.reference_id for row in notifications_of(alice)] == [POST, PUB_QUIZ]
    assert notifications_of(alice)[0].happened_at == now - timedelta(hours=1)


@pytest.mark.django_db
def test_long_names_and_words_fit_the_columns(alice, gather, wave):
    wave["wave"] = Kind("wave", "Waves", "smile", words=lambda gathered: ("x" * 300, "y" * 3000))
    owe(alice)
    gather()
    assert (len(told(alice)[0].title), len(told(alice)[0].message)) == (200, 1000)


@pytest.mark.django_db
def test_a_person_counts_once_however_often_they_come(alice, bob, gather):
    for _time in range(3):
        owe(alice, actor=bob, coins=Decimal("1.00"))
    gather()
    owe(alice, actor=bob, coins=Decimal("1.00"))
    gather()
    assert told(alice)[0].title == "Bob waved 4 times for 4.00"


@pytest.mark.django_db
def test_a_row_of_a_month_without_partition_lands_in_the_default_one(alice):
    owe(alice)
    operations.gather(at=datetime(2041, 5, 6, tzinfo=UTC))
    assert len(told(alice)) == 1


@pytest.mark.django_db
def test_queries_do_not_grow_with_what_is_owed(alice, bob, mallory, gather, django_assert_max_num_queries):
    def all_owe(times):
        for _time in range(times):
            for member in (alice, mallory):
                owe(member, actor=bob, about=uuid4())

    all_owe(1)
    with django_assert_max_num_queries(14):
        gather()
    all_owe(20)
    with django_assert_max_num_queries(14):
        gather()


@pytest.mark.django_db
def test_rounds_follow_each_other_until_nothing_is_owed(alice, now):
    OwedNotice.objects.all().delete()
    owe(alice)
    assert operations.gather_round(at=now) == Then.ANOTHER
    assert operations.gather_round(at=now) == Then.THE_LAST
    assert operations.gather_round(at=now, is_last=True) == Then.NOTHING
    assert operations.gather_round(at=now) == Then.NOTHING  # beat, while nothing happens


@pytest.mark.django_db
def test_the_last_round_comes_after_everyone_who_believed_they_need_not_call(alice, now):
    OwedNotice.objects.all().delete()
    assert operations.PAUSE > NUDGED_LATELY
    owe(alice)
    operations.gather_round(at=now)
    assert not cache.add(NUDGE_KEY, 1)  # nobody calls now,
    operations.gather_round(at=now)
    owe(alice)
    assert operations.gather_round(at=now, is_last=True) == Then.ANOTHER  # and what they owe is found


@pytest.mark.django_db(transaction=True)
def test_many_notices_cost_one_call(alice, monkeypatch):
    calls = []
    monkeypatch.setattr(notices, "current_app", SimpleNamespace(send_task=lambda *given, **more: calls.append(given)))
    monkeypatch.setattr(notices, "_nudged_at", 0.0)
    cache.delete(NUDGE_KEY)
    for _time in range(5):
        owe(alice)
    monkeypatch.setattr(notices, "_nudged_at", 0.0)  # another process
    owe(alice)
    assert calls == [("accounts.tasks.gather_notices",)]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_costs_nothing(alice, monkeypatch):
    def refuse(*given, **more):
        raise OSError("away")

    monkeypatch.setattr(notices, "current_app", SimpleNamespace(send_task=refuse))
    monkeypatch.setattr(notices, "_nudged_at", 0.0)
    cache.delete(NUDGE_KEY)
    owe(alice)
    assert OwedNotice.objects.filter(user=alice, type="wave").exists()


@pytest.mark.django_db(transaction=True)
def test_a_notice_is_owed_with_its_transaction_or_not_at_all(alice):
    OwedNotice.objects.all().delete()
    with pytest.raises(RuntimeError), transaction.atomic():
        owe(alice)
        raise RuntimeError
    assert not OwedNotice.objects.exists()


def _at_once(count, work):
    barrier = Barrier(count)
    faults = []

    def run(number):
        try:
            barrier.wait()
            work(number)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults


def _race(members, now, rounds=5):
    """Four gatherers while four others owe; what each member has been told of in the end: notifications, counts."""
    OwedNotice.objects.all().delete()

    def work(number):
        for _round in range(rounds):
            if number % 2:
                for member in members:
                    owe(member, coins=Decimal("1.00"))
            operations.gather(at=now, chunk=3)

    _at_once(8, work)
    operations.gather(at=now)
    return [(len(told(member)), sum(row.data["count"] for row in told(member))) for member in members]


@pytest.mark.django_db(transaction=True)
def test_gatherers_at_once_count_each_notice_once_in_one_notification(alice, bob, now):
    assert _race([alice, bob], now) == [(1, 20), (1, 20)]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_gatherers_at_once_would_count_wrongly(alice, bob, now, monkeypatch):
    def everyone(most):
        return list(OwedNotice.objects.values_list("user_id", flat=True).distinct()[:most])

    monkeypatch.setattr(gathering, "_take_members", everyone)
    assert any(_race([alice, bob], now, rounds=10) != [(1, 40), (1, 40)] for _attempt in range(5))


@pytest.mark.django_db(transaction=True)
def test_reading_and_gathering_at_once_lose_nothing(alice, now):
    OwedNotice.objects.all().delete()

    def work(number):
        for _round in range(15):
            if number == 0:
                operations.mark_all_read(member=alice, at=now)
            elif number == 1:
                operations.gather(at=now)
            else:
                owe(alice)

    _at_once(4, work)
    operations.gather(at=now)
    rows = told(alice)
    assert sum(row.data["count"] for row in rows) == 30
    assert sum(not row.is_read for row in rows) <= 1
