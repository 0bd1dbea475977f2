"""Closing an account and coming back to it."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from accounts.departures import operations
from accounts.departures.models import Departure
from accounts.members.models import Page, User
from accounts.notifications.models import OutgoingMessage
from accounts.signin.models import BrowserSession, TokenFamily
from config.lib.refusals import NotAllowed

pytestmark = pytest.mark.django_db


def close(member, now, **given):
    return operations.close_account(member=member, **({"removes_writing": False, "at": now} | given))


def test_a_closed_account_waits_thirty_days_with_its_pages_hidden(alice, now):
    until = close(alice, now)

    alice.refresh_from_db()
    assert until == now + timedelta(days=30)
    assert (alice.status, alice.erased_after) == (User.Status.CLOSED, until)
    assert not Page.objects.visible().filter(user=alice).exists()


def test_closing_ends_every_session_and_program(alice, bob, now, client):
    client.force_login(alice)
    key = client.session.session_key
    mine = {"user": alice, "last_used_at": now, "expires_at": now + timedelta(days=1)}
    BrowserSession.objects.get_or_create(session_key=key, defaults={"proved_at": now, **mine})
    TokenFamily.objects.create(current_jti="j", **mine)
    TokenFamily.objects.create(current_jti="k", **mine | {"user": bob})
    before = alice.token_version

    close(alice, now)

    alice.refresh_from_db()
    assert alice.token_version == before + 1
    assert not Session.objects.filter(session_key=key).exists()
    assert not BrowserSession.objects.filter(user=alice).exists()
    assert TokenFamily.objects.get(user=alice).ended_at == now
    assert TokenFamily.objects.get(user=bob).ended_at is None


def test_whoever_closes_is_told_by_sms_or_where_the_address_is_proved_by_email(alice, bob, now):
    bob.email, bob.email_verified = "bob@example.org", True
    bob.save()

    close(alice, now)
    close(bob, now)

    sms, email = OutgoingMessage.objects.order_by("id")
    assert (sms.channel, sms.recipient) == ("SMS", str(alice.phone_number))
    assert (email.channel, email.recipient) == ("EMAIL", "bob@example.org")
    assert "to open it again" in sms.body


def test_an_account_is_closed_once(alice, now):
    close(alice, now)

    with pytest.raises(NotAllowed):
        close(alice, now)
    assert Departure.objects.filter(user=alice).count() == 1


def test_a_banned_member_cannot_close_and_so_come_back(mallory, now):
    User.objects.filter(pk=mallory.pk).update(status=User.Status.BANNED)

    with pytest.raises(NotAllowed):
        close(mallory, now)


def test_the_last_admin_stays(admin_member, join, now):
    with pytest.raises(operations.LastAdmin):
        close(admin_member, now)

    join("other_admin", role="ADMIN")
    close(admin_member, now)


def test_a_suspended_admin_does_not_count_as_another_one(admin_member, join, now):
    join("other_admin", role="ADMIN", status="SUSPENDED")

    with pytest.raises(operations.LastAdmin):
        close(admin_member, now)


def test_coming_back_in_time_finds_everything_as_it_was(alice, now):
    close(alice, now)

    back = operations.come_back(member=alice, at=now + timedelta(days=29))

    assert (back.status, back.erased_after) == (User.Status.ACTIVE, None)
    assert Page.objects.visible().filter(user=alice, username="alice").exists()
    assert Departure.objects.get(user=alice).ending == Departure.Ending.RETURNED


def test_coming_back_twice_is_no_error_and_closing_again_is_possible(alice, now):
    close(alice, now)
    operations.come_back(member=alice, at=now)
    operations.come_back(member=alice, at=now)

    close(alice, now + timedelta(days=1))
    alice.refresh_from_db()
    assert alice.erased_after == now + timedelta(days=31)


def test_after_the_thirty_days_nobody_comes_back(alice, now):
    until = close(alice, now)

    with pytest.raises(operations.TooLateToReturn):
        operations.come_back(member=alice, at=until)


def test_closing_is_no_way_out_of_a_suspension(mallory, now):
    mallory.status, mallory.status_reason = User.Status.SUSPENDED, "Spam."
    mallory.save()
    close(mallory, now)

    back = operations.come_back(member=mallory, at=now + timedelta(days=1))

    assert (back.status, back.status_reason) == (User.Status.SUSPENDED, "Spam.")


def test_a_suspension_that_ended_meanwhile_is_over(mallory, now):
    mallory.status, mallory.status_until = User.Status.SUSPENDED, now + timedelta(days=2)
    mallory.status_reason = "Spam."
    mallory.save()
    close(mallory, now)

    back = operations.come_back(member=mallory, at=now + timedelta(days=2))

    assert (back.status, back.status_reason, back.status_until) == (User.Status.ACTIVE, "", None)


def test_a_banned_member_does_not_come_back(mallory, now):
    User.objects.filter(pk=mallory.pk).update(status=User.Status.BANNED)

    with pytest.raises(operations.TooLateToReturn):
        operations.come_back(member=mallory, at=now)


def test_only_an_erased_account_has_no_number(alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=alice.pk).update(phone_number=None)
