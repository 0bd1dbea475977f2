"""When members are erased, and what happens when a step fails or a worker dies."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.departures import forgetting, operations
from accounts.departures.models import Departure, ReleasedNumber
from accounts.departures.tests.conftest import NUMBER
from accounts.members.models import Page, User
from accounts.notifications.models import OutgoingMessage

pytestmark = pytest.mark.django_db


# -- When -----------------------------------------------------------------------------------------------------------


def test_nothing_is_erased_before_the_thirty_days_are_over(ana, close):
    until = close(ana)
    operations.remind_closed(at=until - timedelta(days=7))

    assert operations.erase_due(clock=lambda: until - timedelta(seconds=1)) == 0
    ana.refresh_from_db()
    assert str(ana.phone_number) == NUMBER
    assert operations.erase_due(clock=lambda: until) == 1


def test_the_member_is_told_once_a_week_before(ana, close, now):
    close(ana)
    OutgoingMessage.objects.all().delete()

    assert operations.remind_closed(at=now + timedelta(days=22, hours=23)) == 0
    assert operations.remind_closed(at=now + timedelta(days=23)) == 1
    assert operations.remind_closed(at=now + timedelta(days=24)) == 0
    message = OutgoingMessage.objects.get()
    assert message.recipient == "ana@example.org"
    assert "the coins left in it go to the treasury" in message.body


def test_nobody_is_erased_without_having_been_told_in_time(ana, close, now):
    until = close(ana)

    # The jobs stood still for six weeks.
    late = until + timedelta(days=12)
    assert operations.erase_due(clock=lambda: late) == 0
    operations.remind_closed(at=late)
    assert operations.erase_due(clock=lambda: late) == 0
    assert operations.come_back(member=ana, at=late + timedelta(days=6)).may_act


def test_a_late_word_moves_the_date_by_its_seven_days(ana, close):
    late = close(ana) + timedelta(days=12)
    operations.remind_closed(at=late)

    assert operations.erase_due(clock=lambda: late + timedelta(days=6)) == 0
    assert operations.erase_due(clock=lambda: late + timedelta(days=7)) == 1


def test_whoever_came_back_is_not_erased(ana, close, now):
    until = close(ana)
    operations.remind_closed(at=until - timedelta(days=7))
    operations.come_back(member=ana, at=until - timedelta(days=1))

    assert operations.erase_due(clock=lambda: until) == 0
    assert Page.objects.filter(user=ana, username="ana").exists()


def test_an_erased_member_is_erased_once(ana, erase, now):
    erase(ana)

    assert operations.erase_due(clock=lambda: now + timedelta(days=90)) == 0
    with pytest.raises(operations.TooLateToReturn):
        operations.come_back(member=ana, at=now + timedelta(days=31))


# -- Steps that fail, workers that die ------------------------------------------------------------------------------


def test_a_step_that_fails_leaves_the_name_until_the_next_run(ana, erase, close, now, monkeypatch):
    def fails(_leaving):
        raise OSError("not now")

    with monkeypatch.context() as patch:
        patch.setattr(forgetting, "_steps", [*forgetting.steps(), fails])
        assert erase(ana) == 0
        assert (ana.status, str(ana.phone_number)) == (User.Status.CLOSED, NUMBER)
        # What has begun is not undone by coming back: it is over.
        with pytest.raises(operations.TooLateToReturn):
            operations.come_back(member=ana, at=now + timedelta(days=29))

    assert operations.erase_due(clock=lambda: now + timedelta(days=31)) == 1
    ana.refresh_from_db()
    assert ana.status == User.Status.ERASED


def test_one_that_fails_does_not_keep_the_others_waiting(ana, alice, close, now, monkeypatch):
    def fails_for_ana(leaving):
        if leaving.member.pk == ana.pk:
            raise OSError("not now")
        return False

    monkeypatch.setattr(forgetting, "_steps", [fails_for_ana])
    close(ana)
    close(alice)
    operations.remind_closed(at=now + timedelta(days=23))

    assert operations.erase_due(clock=lambda: now + timedelta(days=30)) == 1


def test_a_step_is_taken_until_nothing_is_left(ana, erase, monkeypatch):
    taken = []

    def three_times(_leaving):
        taken.append(1)
        return len(taken) < 3

    monkeypatch.setattr(forgetting, "_steps", [three_times])
    assert erase(ana) == 1
    assert len(taken) == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_each_step_once(alice, close, now, monkeypatch):
    taken = []
    monkeypatch.setattr(forgetting, "_steps", [lambda leaving: bool(taken.append(1))])
    until = close(alice)
    operations.remind_closed(at=now + timedelta(days=23))
    gate, erased = Barrier(4), []

    def work():
        try:
            gate.wait()
            erased.append(operations.erase_due(clock=lambda: until))
        finally:
            connection.close()

    run = [Thread(target=work) for _ in range(4)]
    [thread.start() for thread in run]
    [thread.join() for thread in run]

    assert sum(erased) == 1
    assert Departure.objects.get().ending == Departure.Ending.ERASED
    assert ReleasedNumber.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_coming_back_at_the_last_moment_is_all_or_nothing(join, close, now):
    for round_ in range(10):
        member = join(f"member_{round_}")
        until = close(member)
        operations.remind_closed(at=now + timedelta(days=23))
        gate, back = Barrier(2), []

        def returns(member=member, until=until, gate=gate, back=back):
            try:
                gate.wait()
                back.append(operations.come_back(member=member, at=until - timedelta(milliseconds=1)))
            except operations.TooLateToReturn:
                back.append(None)
            finally:
                connection.close()

        def erases(until=until, gate=gate):
            try:
                gate.wait()
                operations.erase_due(clock=lambda: until)
            finally:
                connection.close()

        run = [Thread(target=returns), Thread(target=erases)]
        [thread.start() for thread in run]
        [thread.join() for thread in run]

        member = User.objects.get(pk=member.pk)
        if back[0] is None:
            operations.erase_due(clock=lambda until=until: until)
            member.refresh_from_db()
            assert (member.status, member.phone_number) == (User.Status.ERASED, None)
        else:
            assert member.status == User.Status.ACTIVE
            assert member.phone_number is not None
            assert member.primary_page.username == f"member_{round_}"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_admins_one_stays(join, close):
    admins = [join("admin_one", role="ADMIN"), join("admin_two", role="ADMIN")]
    gate, refused = Barrier(2), []

    def leaves(admin):
        try:
            gate.wait()
            close(admin)
        except operations.LastAdmin:
            refused.append(admin)
        finally:
            connection.close()

    run = [Thread(target=leaves, args=[admin]) for admin in admins]
    [thread.start() for thread in run]
    [thread.join() for thread in run]

    assert len(refused) == 1
    assert User.objects.filter(role="ADMIN", status="ACTIVE").count() == 1
