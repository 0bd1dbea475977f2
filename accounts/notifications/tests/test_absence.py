"""E-mails to those who are away: what goes into them, when they are owed, and what is never sent twice."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as sent_mail
from django.utils import timezone

from accounts.members import preferences
from accounts.members.models import User
from accounts.members.operations import ban, set_preferences, suspend
from accounts.notifications import kinds, quiet
from accounts.notifications.kinds import Kind
from accounts.notifications.models import Digest, Notification, OutgoingMessage
from accounts.notifications.operations import Channel, absence, deliver_due, owe_message
from config.lib.ids import uuid7_at
from config.lib.tests.threads import together

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def waves(monkeypatch):
    """Kinds of our own."""
    known = {
        "wave": Kind("wave", "Waves", "smile"),
        "call": Kind("call", "Calls", "bell", email="now"),
        "hum": Kind("hum", "Hums", "bell", email="off"),
    }
    monkeypatch.setattr(kinds, "_kinds", known)


@pytest.fixture
def reachable(db):
    """Give a member a verified address, and let them be away since a moment."""

    def made(member, *, away_since, **chosen):
        if chosen:
            set_preferences(member=member, at=away_since, **chosen)
        User.objects.filter(pk=member.pk).update(
            email=f"{member.primary_page.username}@example.org", email_verified=True, last_active_at=away_since
        )
        return User.objects.get(pk=member.pk)

    return made


def notice(member, at, *, kind="wave", title="Bob waved", **given):
    return Notification.objects.create(
        id=uuid7_at(at),
        user=member,
        type=kind,
        title=title,
        happened_at=at,
        created_at=at,
        is_urgent=given.pop("is_urgent", kind == "call"),
        data={"path": "/p/7/"},
        **given,
    )


def clock(at):
    looks = iter(range(10_000))
    return lambda: at + timedelta(microseconds=next(looks))


def send_digests(at):
    absence.plan_digests(at=at)
    return absence.send_digests(clock=clock(at))


def letters():
    return list(OutgoingMessage.objects.filter(channel="EMAIL").order_by("id"))


def in_berlin(*figures, fold=0):
    return datetime(*figures, tzinfo=BERLIN, fold=fold).astimezone(UTC)


# -- Digests --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_digest_comes_on_the_next_morning_with_what_happened_meanwhile(alice, reachable):
    friday = in_berlin(2026, 6, 5, 18, 0)
    alice = reachable(alice, away_since=friday, time_zone="Europe/Berlin")
    absence.plan_digests(at=friday)
    first = notice(alice, friday + timedelta(hours=1), title="Bob waved 3 times", message="and sang")
    second = notice(alice, friday + timedelta(hours=2), title="Cem waved")
    assert send_digests(in_berlin(2026, 6, 6, 7, 59)) == 0
    assert send_digests(in_berlin(2026, 6, 6, 8, 0)) == 1
    [letter] = letters()
    assert (letter.recipient, letter.subject) == ("alice@example.org", "2 new notices at Civitas")
    assert "Hello Alice," in letter.body and "Bob waved 3 times" in letter.body and "and sang" in letter.body
    assert letter.body.index("Cem waved") < letter.body.index("Bob waved")  # the newest first
    assert f"/notifications/{second.pk}/" in letter.body and "Bob waved 3 times</a>" in letter.html
    first.refresh_from_db()
    assert first.emailed_at is not None and not first.is_read
    row = Digest.objects.get()
    assert row.next_at == in_berlin(2026, 6, 7, 8, 0)
    assert row.last_sent_at - in_berlin(2026, 6, 6, 8, 0) < timedelta(seconds=1)


@pytest.mark.django_db
def test_what_was_e_mailed_is_not_sent_again(alice, reachable):
    evening = in_berlin(2026, 6, 5, 18, 0)
    alice = reachable(alice, away_since=evening, time_zone="Europe/Berlin")
    absence.plan_digests(at=evening)
    notice(alice, evening + timedelta(hours=1))
    assert [send_digests(in_berlin(2026, 6, day, 8, 1)) for day in (6, 7, 8)] == [1, 0, 0]


@pytest.mark.django_db
def test_what_was_read_or_seen_is_not_sent(alice, bob, reachable):
    evening = in_berlin(2026, 6, 5, 18, 0)
    morning = in_berlin(2026, 6, 6, 8, 0)
    for member in (alice, bob):
        reachable(member, away_since=evening, time_zone="Europe/Berlin")
    absence.plan_digests(at=evening)
    notice(alice, evening + timedelta(hours=1), is_read=True)
    notice(bob, evening + timedelta(hours=1))
    User.objects.filter(pk=bob.pk).update(last_active_at=evening + timedelta(hours=2))  # he was here after it
    assert send_digests(morning) == 0


@pytest.mark.django_db
def test_a_weekly_digest_comes_on_monday(alice, reachable):
    tuesday = in_berlin(2026, 6, 2, 12, 0)
    alice = reachable(alice, away_since=tuesday, time_zone="Europe/Berlin", digest="weekly")
    absence.plan_digests(at=tuesday)
    notice(alice, tuesday + timedelta(hours=1))
    assert Digest.objects.get().next_at == in_berlin(2026, 6, 8, 8, 0)
    assert [send_digests(in_berlin(2026, 6, day, 8, 0)) for day in (3, 7, 8)] == [0, 0, 1]
    assert "every Monday" in letters()[0].body


@pytest.mark.django_db
@pytest.mark.parametrize(
    "chosen", [{"digest": "off"}, {"email_notices": False}, {"notices": {"wave": {"email": "off"}}}]
)
def test_whoever_wants_none_gets_none(alice, reachable, chosen):
    evening = in_berlin(2026, 6, 5, 18, 0)
    alice = reachable(alice, away_since=evening, **chosen)
    absence.plan_digests(at=evening)
    notice(alice, evening + timedelta(hours=1))
    notice(alice, evening + timedelta(hours=1), kind="hum")
    assert send_digests(evening + timedelta(days=1)) == 0


@pytest.mark.django_db
def test_only_verified_addresses_of_those_who_may_sign_in(alice, bob, mallory, admin_member, reachable):
    evening = in_berlin(2026, 6, 5, 18, 0)
    for member in (alice, bob, mallory):
        reachable(member, away_since=evening)
        notice(member, evening + timedelta(hours=1))
    absence.plan_digests(at=evening)
    User.objects.filter(pk=alice.pk).update(email_verified=False)
    ban(member=bob, staff=admin_member, reason="fraud", at=evening)
    suspend(member=mallory, staff=admin_member, reason="spam", at=evening)
    assert send_digests(evening + timedelta(days=1)) == 1
    assert [letter.recipient for letter in letters()] == ["mallory@example.org"]  # suspended members still read
    assert Digest.objects.get().user_id == mallory.pk


@pytest.mark.django_db
def test_another_rhythm_counts_from_when_it_is_chosen(alice, reachable):
    tuesday = in_berlin(2026, 6, 2, 12, 0)
    alice = reachable(alice, away_since=tuesday, digest="weekly")
    absence.plan_digests(at=tuesday)
    weekly = Digest.objects.get().next_at
    set_preferences(member=alice, at=tuesday, digest="daily", time_zone="Asia/Tokyo")
    assert absence.plan_digests(at=tuesday) == 1
    row = Digest.objects.get()
    assert (row.plan, row.next_at < weekly) == ("daily Asia/Tokyo -", True)
    assert row.next_at == datetime(2026, 6, 2, 23, 0, tzinfo=UTC)  # 08:00 in Tokyo
    assert absence.plan_digests(at=tuesday) == 0


@pytest.mark.django_db
def test_sql_and_python_reckon_by_the_same_preferences(alice, bob, reachable, now):
    reachable(alice, away_since=now)
    reachable(bob, away_since=now, digest="weekly", time_zone="Asia/Tokyo", quiet_from="22:00", quiet_to="07:30")
    absence.plan_digests(at=now)
    for row in Digest.objects.select_related("user__profile"):
        assert row.plan == absence.plan_of(preferences.complete(row.user.profile.preferences))
    assert (preferences.DEFAULTS["digest"], preferences.DEFAULTS["time_zone"]) == ("daily", "UTC")
    assert preferences.DEFAULTS["quiet_from"] == preferences.DEFAULTS["quiet_to"] == ""
    assert preferences.DEFAULTS["email_notices"] is True


@pytest.mark.django_db
def test_many_things_are_counted_and_the_newest_twenty_shown(alice, reachable):
    evening = in_berlin(2026, 6, 5, 18, 0)
    alice = reachable(alice, away_since=evening)
    absence.plan_digests(at=evening)
    for minute in range(1, 34):
        notice(alice, evening + timedelta(minutes=minute), title=f"Wave {minute:02}")
    assert send_digests(evening + timedelta(days=1)) == 1
    [letter] = letters()
    assert letter.subject == "33 new notices at Civitas" and "And 13 more" in letter.body
    assert [f"Wave {n:02}" in letter.body for n in (13, 14, 33)] == [False, True, True]
    assert not Notification.objects.filter(emailed_at=None, type="wave").exists()


@pytest.mark.django_db
def test_names_do_no_harm_in_html_or_in_the_subject(alice, reachable):
    evening = in_berlin(2026, 6, 5, 18, 0)
    alice = reachable(alice, away_since=evening)
    absence.plan_digests(at=evening)
    notice(alice, evening + timedelta(minutes=1), title="<script>x</script>", message="a\nb & c")
    notice(alice, evening, kind="call", title="Evil\r\nBcc: all@example.org")
    assert send_digests(evening + timedelta(days=1)) == 1
    [letter] = letters()
    assert "<script>" not in letter.html and "&lt;script&gt;" in letter.html
    assert "<script>x</script>" in letter.body and "a b & c" in letter.body  # plain text stays plain


@pytest.mark.django_db
def test_a_digest_is_written_in_the_member_s_zone(alice, reachable):
    alice = reachable(alice, away_since=in_berlin(2026, 6, 5, 18, 0), time_zone="Asia/Tokyo")
    absence.plan_digests(at=in_berlin(2026, 6, 5, 18, 0))
    notice(alice, datetime(2026, 6, 5, 20, 0, tzinfo=UTC))
    assert send_digests(datetime(2026, 6, 6, 23, 0, tzinfo=UTC)) == 1
    assert "06/06/2026 5 a.m." in letters()[0].body


@pytest.mark.django_db
def test_a_job_that_comes_late_does_not_wake_anyone(alice, reachable):
    evening = in_berlin(2026, 6, 5, 18, 0)
    chosen = {"time_zone": "Europe/Berlin", "quiet_from": "22:00", "quiet_to": "07:00"}
    alice = reachable(alice, away_since=evening, **chosen)
    absence.plan_digests(at=evening)
    notice(alice, evening + timedelta(minutes=1))
    assert send_digests(in_berlin(2026, 6, 6, 23, 0)) == 0  # it was away since the morning
    assert Digest.objects.get().next_at == in_berlin(2026, 6, 7, 7, 0)
    assert send_digests(in_berlin(2026, 6, 7, 7, 0)) == 1


@pytest.mark.django_db
def test_late_sleepers_get_their_digest_when_they_are_up(alice, reachable):
    reachable(
        alice,
        away_since=in_berlin(2026, 6, 5, 18, 0),
        time_zone="Europe/Berlin",
        quiet_from="23:00",
        quiet_to="10:30",
    )
    absence.plan_digests(at=in_berlin(2026, 6, 5, 18, 0))
    assert Digest.objects.get().next_at == in_berlin(2026, 6, 6, 10, 30)


# -- Daylight saving --------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("evening", "end_in_utc"),
    [
        (in_berlin(2026, 3, 28, 22, 30), datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),  # the clock goes forward
        (in_berlin(2026, 10, 24, 22, 30), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),  # and back
    ],
)
def test_urgent_e_mail_waits_for_seven_on_the_member_s_wall(alice, reachable, evening, end_in_utc):
    chosen = {"time_zone": "Europe/Berlin", "quiet_from": "22:00", "quiet_to": "07:00"}
    alice = reachable(alice, away_since=evening - timedelta(hours=1), **chosen)
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
def test_a_daily_digest_stays_at_eight_when_the_clocks_change(alice, reachable, saturday, hours):
    alice = reachable(alice, away_since=saturday - timedelta(days=1), time_zone="Europe/Berlin")
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
def test_what_is_wanted_at_once_comes_when_the_member_is_away(alice, reachable, now):
    alice = reachable(alice, away_since=now)
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
def test_one_e_mail_per_kind_says_how_many(alice, reachable, now):
    alice = reachable(alice, away_since=now - timedelta(hours=1), notices={"wave": {"email": "now"}})
    for _twice in range(2):
        notice(alice, now, kind="call")
    notice(alice, now, kind="wave", title="Bob waved", is_urgent=True)
    assert absence.send_urgent(clock=clock(now)) == 2
    assert {letter.subject for letter in letters()} == {"Calls: 2 new notices at Civitas", "Bob waved · Civitas"}


@pytest.mark.django_db
def test_what_is_read_old_or_no_longer_wanted_is_not_sent_at_once(alice, bob, reachable, now):
    alice = reachable(alice, away_since=now - timedelta(days=4))
    bob = reachable(bob, away_since=now - timedelta(hours=1), notices={"call": {"email": "digest"}})
    notice(alice, now, kind="call", is_read=True)
    notice(alice, now - timedelta(days=3), kind="call")
    changed = notice(bob, now, kind="call")
    assert absence.send_urgent(clock=clock(now)) == 0
    changed.refresh_from_db()
    assert (changed.is_urgent, changed.emailed_at) == (False, None)  # the digest has it


@pytest.mark.django_db
def test_those_who_sleep_do_not_keep_the_others_waiting(join, reachable, monkeypatch):
    monkeypatch.setattr(absence, "_MEMBERS", 2)
    at = in_berlin(2026, 6, 5, 23, 0)
    for number in range(5):
        sleeps = {"time_zone": "Europe/Berlin", "quiet_from": "22:00", "quiet_to": "07:00"} if number < 4 else {}
        member = reachable(join(f"member_{number}"), away_since=at - timedelta(hours=1), **sleeps)
        notice(member, at, kind="call")
    assert absence.send_urgent(clock=clock(at)) == 1
    assert [letter.recipient for letter in letters()] == ["member_4@example.org"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_jobs_at_once_send_each_thing_once(join, reachable, monkeypatch):
    monkeypatch.setattr(absence, "_MEMBERS", 3)
    at = timezone.now()
    for number in range(12):
        member = reachable(join(f"member_{number}"), away_since=at - timedelta(days=2))
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


# -- The letter itself ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_digest_leaves_as_plain_text_and_html_with_a_one_click_way_out(alice, reachable, settings, now):
    settings.SITE_ADDRESS = "https://civitas.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    alice = reachable(alice, away_since=now - timedelta(days=2))
    absence.plan_digests(at=now - timedelta(days=2))
    notice(alice, now - timedelta(hours=3), title="Ana waved ♥")
    assert send_digests(now) == 1
    OutgoingMessage.objects.exclude(channel="EMAIL").delete()
    assert deliver_due(clock=clock(now)) == 1
    [letter] = sent_mail.outbox
    parsed = message_from_bytes(letter.message().as_bytes())
    assert [part.get_content_type() for part in parsed.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed["List-Unsubscribe"].strip().startswith("<https://civitas.example/unsubscribe/")
    assert parsed["List-Id"] == "Civitas <digest.civitas.example>"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert "https://civitas.example/settings/notifications/" in letter.body


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
