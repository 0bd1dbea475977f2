"""Applying, being accepted or declined, and joining after it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.invitations import operations
from accounts.invitations.models import Application
from accounts.members.operations import BadUsername
from accounts.notifications.models import OutgoingMessage
from config.lib.refusals import NotAllowed, NotThere

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _by_application(mode):
    mode("application")


def test_who_was_accepted_joins_under_the_name_they_asked_for(admit, apply, moderator, now):
    application = apply(username="ana", display_name="Ana")
    with pytest.raises(operations.ApplicationWaiting):
        admit()
    operations.accept(staff=moderator, application=application, reason="A baker.", at=now)
    member = admit()
    assert (member.primary_page.username, member.primary_page.display_name) == ("ana", "Ana")
    application.refresh_from_db()
    assert application.status == Application.Status.JOINED


def test_an_acceptance_lets_one_in_once(admit, apply, moderator, now):
    operations.accept(staff=moderator, application=apply(), reason="Yes.", at=now)
    member = admit()
    type(member).objects.filter(pk=member.pk).update(phone_number="+4915199900009")
    with pytest.raises(operations.ApplicationNeeded):
        admit()


@pytest.mark.parametrize("name", ["open", "invitation", "closed"])
def test_an_acceptance_holds_when_the_mode_changes(admit, apply, mode, moderator, now, name):
    operations.accept(staff=moderator, application=apply(), reason="Yes.", at=now)
    mode(name)
    assert admit()


def test_a_name_taken_meanwhile_is_replaced_by_a_made_up_one(admit, apply, join, moderator, now):
    operations.accept(staff=moderator, application=apply(username="ana"), reason="Yes.", at=now)
    join("ana")
    assert admit().primary_page.username != "ana"


def test_the_declined_learn_why_and_may_ask_again_after_thirty_days(admit, apply, moderator, now):
    application = apply()
    operations.decline(staff=moderator, application=application, reason="Too short.", at=now)
    later = now + timedelta(days=29, hours=1)
    for attempt in (lambda: admit(at=later), lambda: apply(at=later)):
        with pytest.raises(operations.ApplicationDeclined) as refused:
            attempt()
        assert "Too short." in str(refused.value) and "1 days" in str(refused.value)
    assert apply(at=now + timedelta(days=30)).status == Application.Status.WAITING


def test_each_decision_is_told_by_message(apply, moderator, now):
    operations.decline(staff=moderator, application=apply(), reason="Too short.", at=now)
    told = OutgoingMessage.objects.get()
    assert told.recipient == "+4915199900001" and "Too short." in told.body


def test_only_staff_decide_and_with_a_reason(apply, mallory, moderator, now):
    application = apply()
    for staff, reason in ((mallory, "Me!"), (moderator, "  ")):
        with pytest.raises(NotAllowed):
            operations.accept(staff=staff, application=application, reason=reason, at=now)


def test_what_is_decided_is_decided(apply, moderator, now):
    application = apply()
    operations.decline(staff=moderator, application=application, reason="No.", at=now)
    with pytest.raises(NotThere):
        operations.accept(staff=moderator, application=application, reason="Yes.", at=now)
    assert OutgoingMessage.objects.count() == 1


def test_a_name_that_cannot_be_is_refused_at_once(apply):
    with pytest.raises(BadUsername):
        apply(username="No Name")


@pytest.mark.parametrize("name", ["open", "invitation", "closed"])
def test_in_other_modes_there_is_nothing_to_apply_for(apply, mode, name):
    mode(name)
    with pytest.raises(operations.NothingToApplyFor):
        apply()


def test_members_have_nothing_to_apply_for(apply, alice):
    with pytest.raises(operations.NothingToApplyFor):
        apply(str(alice.phone_number))


@pytest.mark.django_db(transaction=True)
def test_eight_presses_of_the_button_are_one_application(apply):
    def one(_number: int) -> object:
        try:
            return apply().pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(one, range(8)))) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does(apply, moderator, admin_member, now):
    application = apply()

    def one(decide_and_staff) -> bool:
        decide, staff = decide_and_staff
        try:
            decide(staff=staff, application=application, reason="So be it.", at=now)
        except NotThere:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as threads:
        decided = threads.map(one, [(operations.accept, moderator), (operations.decline, admin_member)])
        assert sorted(decided) == [False, True]
    assert OutgoingMessage.objects.count() == 1


def test_decided_applications_are_forgotten_after_ninety_days(apply, moderator, now):
    operations.decline(staff=moderator, application=apply(), reason="No.", at=now)
    apply("+4915199900002")
    assert operations.forget_decided(at=now + timedelta(days=90)) == 0
    assert operations.forget_decided(at=now + timedelta(days=90, seconds=1)) == 1
    assert Application.objects.get().status == Application.Status.WAITING
