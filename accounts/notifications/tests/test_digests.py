"""Digests: what goes into them, when they come, and what is never sent twice."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from django.core import mail as sent_mail

from accounts.members import preferences
from accounts.members.models import User
from accounts.members.operations import ban, set_preferences, suspend
from accounts.notifications import kinds
from accounts.notifications.models import Digest, Notification, OutgoingMessage
from accounts.notifications.operations import absence, deliver_due
from accounts.notifications.tests.away import KINDS, away, clock, in_berlin, letters, notice, send_digests


@pytest.fixture(autouse=True)
def waves(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(KINDS))


# -- Digests --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_digest_comes_on_the_next_morning_with_what_happened_meanwhile(alice):
    friday = in_berlin(2026, 6, 5, 18, 0)
    alice = away(alice, since=friday, time_zone="Europe/Berlin")
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
def test_what_was_e_mailed_is_not_sent_again(alice):
    evening = in_berlin(2026, 6, 5, 18, 0)
    alice = away(alice, since=evening, time_zone="Europe/Berlin")
    absence.plan_digests(at=evening)
    notice(alice, evening + timedelta(hours=1))
    assert [send_digests(in_berlin(2026, 6, day, 8, 1)) for day in (6, 7, 8)] == [1, 0, 0]


@pytest.mark.django_db
def test_what_was_read_or_seen_is_not_sent(alice, bob):
    evening = in_berlin(2026, 6, 5, 18, 0)
    morning = in_berlin(2026, 6, 6, 8, 0)
    for member in (alice, bob):
        away(member, since=evening, time_zone="Europe/Berlin")
    absence.plan_digests(at=evening)
    notice(alice, evening + timedelta(hours=1), is_read=True)
    notice(bob, evening + timedelta(hours=1))
    User.objects.filter(pk=bob.pk).update(last_active_at=evening + timedelta(hours=2))  # he was here after it
    assert send_digests(morning) == 0


@pytest.mark.django_db
def test_a_weekly_digest_comes_on_monday(alice):
    tuesday = in_berlin(2026, 6, 2, 12, 0)
    alice = away(alice, since=tuesday, time_zone="Europe/Berlin", digest="weekly")
    absence.plan_digests(at=tuesday)
    notice(alice, tuesday + timedelta(hours=1))
    assert Digest.objects.get().next_at == in_berlin(2026, 6, 8, 8, 0)
    assert [send_digests(in_berlin(2026, 6, day, 8, 0)) for day in (3, 7, 8)] == [0, 0, 1]
    assert "every Monday" in letters()[0].body


@pytest.mark.django_db
@pytest.mark.parametrize(
    "chosen", [{"digest": "off"}, {"email_notices": False}, {"notices": {"wave": {"email": "off"}}}]
)
def test_whoever_wants_none_gets_none(alice, chosen):
    evening = in_berlin(2026, 6, 5, 18, 0)
    alice = away(alice, since=evening, **chosen)
    absence.plan_digests(at=evening)
    notice(alice, evening + timedelta(hours=1))
    notice(alice, evening + timedelta(hours=1), kind="hum")
    assert send_digests(evening + timedelta(days=1)) == 0


@pytest.mark.django_db
def test_only_verified_addresses_of_those_who_may_sign_in(alice, bob, mallory, admin_member):
    evening = in_berlin(2026, 6, 5, 18, 0)
    for member in (alice, bob, mallory):
        away(member, since=evening)
        notice(member, evening + timedelta(hours=1))
    absence.plan_digests(at=evening)
    User.objects.filter(pk=alice.pk).update(email_verified=False)
    ban(member=bob, staff=admin_member, reason="fraud", at=evening)
    suspend(member=mallory, staff=admin_member, reason="spam", at=evening)
    assert send_digests(evening + timedelta(days=1)) == 1
    assert [letter.recipient for letter in letters()] == ["mallory@example.org"]  # suspended members still read
    assert Digest.objects.get().user_id == mallory.pk


@pytest.mark.django_db
def test_another_rhythm_counts_from_when_it_is_chosen(alice):
    tuesday = in_berlin(2026, 6, 2, 12, 0)
    alice = away(alice, since=tuesday, digest="weekly")
    absence.plan_digests(at=tuesday)
    weekly = Digest.objects.get().next_at
    set_preferences(member=alice, at=tuesday, digest="daily", time_zone="Asia/Tokyo")
    assert absence.plan_digests(at=tuesday) == 1
    row = Digest.objects.get()
    assert (row.plan, row.next_at < weekly) == ("daily Asia/Tokyo -", True)
    assert row.next_at == datetime(2026, 6, 2, 23, 0, tzinfo=UTC)  # 08:00 in Tokyo
    assert absence.plan_digests(at=tuesday) == 0


@pytest.mark.django_db
def test_sql_and_python_reckon_by_the_same_preferences(alice, bob, now):
    away(alice, since=now)
    away(bob, since=now, digest="weekly", time_zone="Asia/Tokyo", quiet_from="22:00", quiet_to="07:30")
    absence.plan_digests(at=now)
    for row in Digest.objects.select_related("user__profile"):
        assert row.plan == absence.plan_of(preferences.complete(row.user.profile.preferences))
    assert (preferences.DEFAULTS["digest"], preferences.DEFAULTS["time_zone"]) == ("daily", "UTC")
    assert preferences.DEFAULTS["quiet_from"] == preferences.DEFAULTS["quiet_to"] == ""
    assert preferences.DEFAULTS["email_notices"] is True


@pytest.mark.django_db
def test_many_things_are_counted_and_the_newest_twenty_shown(alice):
    evening = in_berlin(2026, 6, 5, 18, 0)
    alice = away(alice, since=evening)
    absence.plan_digests(at=evening)
    for minute in range(1, 34):
        notice(alice, evening + timedelta(minutes=minute), title=f"Wave {minute:02}")
    assert send_digests(evening + timedelta(days=1)) == 1
    [letter] = letters()
    assert letter.subject == "33 new notices at Civitas" and "And 13 more" in letter.body
    assert [f"Wave {n:02}" in letter.body for n in (13, 14, 33)] == [False, True, True]
    assert not Notification.objects.filter(emailed_at=None, type="wave").exists()


@pytest.mark.django_db
def test_names_do_no_harm_in_html_or_in_the_subject(alice):
    evening = in_berlin(2026, 6, 5, 18, 0)
    alice = away(alice, since=evening)
    absence.plan_digests(at=evening)
    notice(alice, evening + timedelta(minutes=1), title="<script>x</script>", message="a\nb & c")
    notice(alice, evening, kind="call", title="Evil\r\nBcc: all@example.org")
    assert send_digests(evening + timedelta(days=1)) == 1
    [letter] = letters()
    assert "<script>" not in letter.html and "&lt;script&gt;" in letter.html
    assert "<script>x</script>" in letter.body and "a b & c" in letter.body  # plain text stays plain


@pytest.mark.django_db
def test_a_digest_is_written_in_the_member_s_zone(alice):
    alice = away(alice, since=in_berlin(2026, 6, 5, 18, 0), time_zone="Asia/Tokyo")
    absence.plan_digests(at=in_berlin(2026, 6, 5, 18, 0))
    notice(alice, datetime(2026, 6, 5, 20, 0, tzinfo=UTC))
    assert send_digests(datetime(2026, 6, 6, 23, 0, tzinfo=UTC)) == 1
    assert "06/06/2026 5 a.m." in letters()[0].body


@pytest.mark.django_db
def test_a_job_that_comes_late_does_not_wake_anyone(alice):
    evening = in_berlin(2026, 6, 5, 18, 0)
    chosen = {"time_zone": "Europe/Berlin", "quiet_from": "22:00", "quiet_to": "07:00"}
    alice = away(alice, since=evening, **chosen)
    absence.plan_digests(at=evening)
    notice(alice, evening + timedelta(minutes=1))
    assert send_digests(in_berlin(2026, 6, 6, 23, 0)) == 0  # it was away since the morning
    assert Digest.objects.get().next_at == in_berlin(2026, 6, 7, 7, 0)
    assert send_digests(in_berlin(2026, 6, 7, 7, 0)) == 1


@pytest.mark.django_db
def test_late_sleepers_get_their_digest_when_they_are_up(alice):
    away(
        alice,
        since=in_berlin(2026, 6, 5, 18, 0),
        time_zone="Europe/Berlin",
        quiet_from="23:00",
        quiet_to="10:30",
    )
    absence.plan_digests(at=in_berlin(2026, 6, 5, 18, 0))
    assert Digest.objects.get().next_at == in_berlin(2026, 6, 6, 10, 30)


# -- The letter itself ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_digest_leaves_as_plain_text_and_html_with_a_one_click_way_out(alice, settings, now):
    settings.SITE_ADDRESS = "https://civitas.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    alice = away(alice, since=now - timedelta(days=2))
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
