"""E-mails at once to those who are away, and quiet hours where clocks change."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.members.operations import set_preferences
from accounts.notifications import kinds, quiet
from accounts.notifications.models import Digest, Notification, OutgoingMessage
from accounts.notifications.operations import Channel, absence, deliver_due, owe_message
from accounts.notifications.tests.away import BERLIN, KINDS, away, clock, in_berlin, letters, notice, send_digests
from config.lib.tests.threads import together


@pytest.fixture(autouse=True)
def waves(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(KINDS))


# -- Daylight saving --------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("evening", "end_in_utc"),
    [
        (in_berlin(2026, 3, 28, 22, 30), datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),  # the clock goes forward
        (in_berlin(2026, 10, 24, 22, 30), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),  # and back
    ],
)
def test_urgent_e_mail_waits_for_seven_on_the_member_s_wall(alice, evening, end_in_utc):
    chosen = {"time_zone": "Europe/Berlin", "quiet_from": "22:00", "quiet_to": "07:00"}
    alice = away(alice, since=evening - timedelta(hours=1), **chosen)
    notice(alice, evening, kind="call")
    for minute in range(1, int((end_in_utc - evening).total_seconds() // 60), 20):
        assert absence.send_urgent(clock=clock(evening + timedelta(minutes=minute))) == 0
    assert absence.send_urgent(clock=clock(end_in_utc - timedelta(seconds=1))) == 0
    assert absence.send_urgent(clock=clock(end_in_utc)) == 1
    assert end_in_utc.astimezone(BERLIN).hour == 7


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("saturday", "hours"), [(in_berlin(2026, 3, 28, 8, 0), 23), (in_berlin(2026, 10, 24, 8, 0), 25)]
)
def test_a_daily_digest_stays_at_eight_when_the_clocks_change(alice, saturday, hours):
    alice = away(alice, since=saturday - timedelta(days=1), time_zone="Europe/Berlin")
    absence.plan_digests(at=saturday - timedelta(hours=1))
    notice(alice, saturday - timedelta(hours=2))
    assert send_digests(saturday) == 1
    sunday = Digest.objects.get().next_at
    assert sunday - saturday == timedelta(hours=hours)
    notice(alice, saturday + timedelta(hours=2))
    assert send_digests(sunday - timedelta(minutes=1)) == 0
    assert send_digests(sunday) == 1


# -- At once ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_wanted_at_once_comes_when_the_member_is_away(alice, now):
    alice = away(alice, since=now)
    found = notice(alice, now, kind="call", title="Bob called")
    assert absence.send_urgent(clock=clock(now + timedelta(minutes=9))) == 0  # she may be reading just now
    assert absence.send_urgent(clock=clock(now + timedelta(minutes=11))) == 1
    assert absence.send_urgent(clock=clock(now + timedelta(minutes=12))) == 0
    [letter] = letters()
    assert letter.subject == "Bob called · Civitas"
    assert "You chose to hear at once of: Calls." in letter.body
    found.refresh_from_db()
    assert found.emailed_at is not None


@pytest.mark.django_db
def test_one_e_mail_per_kind_says_how_many(alice, now):
    alice = away(alice, since=now - timedelta(hours=1), notices={"wave": {"email": "now"}})
    for _twice in range(2):
        notice(alice, now, kind="call")
    notice(alice, now, kind="wave", title="Bob waved", is_urgent=True)
    assert absence.send_urgent(clock=clock(now)) == 2
    assert {letter.subject for letter in letters()} == {"Calls: 2 new notices at Civitas", "Bob waved · Civitas"}


@pytest.mark.django_db
def test_what_is_read_old_or_no_longer_wanted_is_not_sent_at_once(alice, bob, now):
    alice = away(alice, since=now - timedelta(days=4))
    bob = away(bob, since=now - timedelta(hours=1), notices={"call": {"email": "digest"}})
    notice(alice, now, kind="call", is_read=True)
    notice(alice, now - timedelta(days=3), kind="call")
    changed = notice(bob, now, kind="call")
    assert absence.send_urgent(clock=clock(now)) == 0
    changed.refresh_from_db()
    assert (changed.is_urgent, changed.emailed_at) == (False, None)  # the digest has it


@pytest.mark.django_db
def test_those_who_sleep_do_not_keep_the_others_waiting(join, monkeypatch):
    monkeypatch.setattr(absence, "_MEMBERS", 2)
    at = in_berlin(2026, 6, 5, 23, 0)
    for number in range(5):
        sleeps = {"time_zone": "Europe/Berlin", "quiet_from": "22:00", "quiet_to": "07:00"} if number < 4 else {}
        member = away(join(f"member_{number}"), since=at - timedelta(hours=1), **sleeps)
        notice(member, at, kind="call")
    assert absence.send_urgent(clock=clock(at)) == 1
    assert [letter.recipient for letter in letters()] == ["member_4@example.org"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_jobs_at_once_send_each_thing_once(join, monkeypatch):
    monkeypatch.setattr(absence, "_MEMBERS", 3)
    at = timezone.now()
    for number in range(12):
        member = away(join(f"member_{number}"), since=at - timedelta(days=2))
        notice(member, at - timedelta(hours=3), kind="call")
        notice(member, at - timedelta(hours=3))
    absence.plan_digests(at=at - timedelta(days=2))
    urgent = partial(absence.send_urgent, clock=clock(at))
    digests = partial(absence.send_digests, clock=clock(at))
    outcomes = together(urgent, digests, urgent, digests, partial(absence.plan_digests, at=at))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    absence.send_urgent(clock=clock(at + timedelta(minutes=1)))
    absence.send_digests(clock=clock(at + timedelta(days=2)))
    assert not Notification.objects.filter(type__in=["call", "wave"], emailed_at=None).exists()
    links = [link for letter in letters() for link in set(_links(letter.body))]
    assert len(links) == len(set(links)) == 24


def _links(body):
    return [word for word in body.split() if "/notifications/01" in word]


# -- Quiet hours of other messages --------------------------------------------------------------------


@pytest.mark.django_db
def test_a_message_that_can_wait_is_sent_after_the_quiet_hours(alice, now):
    night = in_berlin(2026, 3, 28, 23, 0)
    set_preferences(member=alice, at=now, time_zone="Europe/Berlin", quiet_from="22:00", quiet_to="07:00")
    wake = quiet.when_to_tell(alice.pk, at=night)
    assert wake == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
    message = owe_message(channel=Channel.SMS, recipient="+447700900123", body="hello", at=night, not_before=wake)
    assert (message.next_attempt_at, message.give_up_at) == (wake, wake + timedelta(days=1))
    OutgoingMessage.objects.exclude(pk=message.pk).delete()
    assert deliver_due(clock=clock(wake - timedelta(minutes=1))) == 0
    assert deliver_due(clock=clock(wake)) == 1
    noon = in_berlin(2026, 3, 29, 12, 0)
    assert quiet.when_to_tell(alice.pk, at=noon) == noon
