"""Freeing a number that was silent for long: its new owner joins, and the account keeps its other ways in."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.audit.models import AuditLog
from accounts.departures.operations import close_account
from accounts.departures.operations.erasing import erase_due, remind_closed
from accounts.members.models import User
from accounts.notifications.models import OutgoingMessage
from accounts.signin.models import BrowserSession, TokenFamily
from accounts.signin.operations import StepOver, emails, finish, numbers, passwords, proving
from accounts.signin.operations.proving import Way
from accounts.signin.tests.conftest import Phone
from accounts.signin.tests.test_races import together
from config.lib import limits
from config.lib.refusals import NotAllowed, NotThere

STRONG = "nine ladders lean on walls"
ANOTHER = "+447700900177"


@pytest.fixture
def silent(alice):
    """alice, whose number nobody has used for 100 days."""
    User.objects.filter(pk=alice.pk).update(last_active_at=timezone.now() - timedelta(days=100))
    alice.refresh_from_db()
    return alice


@pytest.fixture
def reachable(silent):
    """The same with a confirmed address and a password."""
    passwords.set_password(member=silent, password=STRONG, at=timezone.now())
    User.objects.filter(pk=silent.pk).update(email="alice@example.org", email_verified=True)
    silent.refresh_from_db()
    return silent


def free(staff, member, reason="The new owner showed the contract"):
    numbers.free_number(staff=staff, member=member, reason=reason, at=timezone.now())
    return User.objects.get(pk=member.pk)


def by_password(client=None):
    client = client or Client()
    client.post("/signin/password/", {"email": "alice@example.org", "password": STRONG})
    return client


@pytest.mark.django_db
def test_the_new_owner_joins_with_the_number_and_the_account_stays(admin_member, silent, phone_of):
    number = str(silent.phone_number)
    assert "second_factor" in phone_of(silent).sign_in()
    freed = free(admin_member, silent)
    assert (freed.phone_number, freed.status) == (None, "ACTIVE")
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=True):
        limits.forget_all()
        joined = Phone(number).sign_in()
    assert joined["created"]
    assert joined["account"]["id"] != str(silent.pk)
    assert User.objects.get(phone_number=number).wallet.balance == 100
    assert freed.wallet.balance == 100
    assert freed.primary_page.username == "alice"


@pytest.mark.django_db
def test_a_number_that_is_in_use_stays(admin_member, alice):
    User.objects.filter(pk=alice.pk).update(last_active_at=timezone.now() - timedelta(days=89))
    with pytest.raises(numbers.NumberInUse, match="within the last 90 days"):
        free(admin_member, alice)
    assert User.objects.get(pk=alice.pk).phone_number == alice.phone_number


@pytest.mark.django_db
def test_a_member_who_has_just_joined_and_was_never_seen_is_not_silent(admin_member, alice):
    User.objects.filter(pk=alice.pk).update(last_active_at=None)
    with pytest.raises(numbers.NumberInUse):
        free(admin_member, alice)


@pytest.mark.django_db
def test_only_admins_free_numbers_with_a_reason_once_and_not_their_own(admin_member, moderator, mallory, silent):
    for staff in (moderator, mallory):
        with pytest.raises(NotAllowed):
            free(staff, silent)
    with pytest.raises(NotAllowed):
        free(admin_member, silent, reason=" ")
    User.objects.filter(pk=admin_member.pk).update(last_active_at=timezone.now() - timedelta(days=100))
    with pytest.raises(NotAllowed):
        free(admin_member, admin_member)
    freed = free(admin_member, silent)
    with pytest.raises(NotThere):
        free(admin_member, freed)


@pytest.mark.django_db
def test_what_was_signed_in_or_on_its_way_ends(admin_member, silent, phone_of):
    browser = Client()
    browser.force_login(silent)
    User.objects.filter(pk=silent.pk).update(last_active_at=timezone.now() - timedelta(days=100))
    step = phone_of(silent).sign_in()["second_factor"]
    free(admin_member, silent)
    assert browser.get("/wallet/").status_code == 302
    assert not BrowserSession.objects.filter(user=silent).exists()
    assert not TokenFamily.objects.filter(user=silent, ended_at=None).exists()
    with pytest.raises(StepOver):
        finish(token=step, code="alice", at=timezone.now())


@pytest.mark.django_db
def test_e_mail_and_password_still_open_the_account_and_its_member_hears_of_it(admin_member, reachable):
    number = str(reachable.phone_number)
    sent_before = OutgoingMessage.objects.filter(recipient=number).count()
    free(admin_member, reachable)
    told = OutgoingMessage.objects.filter(recipient="alice@example.org").latest("id")
    assert "has a new owner" in told.body
    assert OutgoingMessage.objects.filter(recipient=number).count() == sent_before
    client = by_password()
    page = client.get("/settings/security/").content.decode()
    assert "silent for long and has a new owner" in page
    for path in ("email/", "password/", "number/", "sessions/", "second-factor/"):
        assert client.get(f"/settings/security/{path}", follow=True).status_code == 200
    assert client.get("/settings/data/").status_code == 200


@pytest.mark.django_db
def test_the_api_tells_that_there_is_no_number(admin_member, reachable, api):
    freed = free(admin_member, reachable)
    account = api(freed).get("/api/v1/me").json()
    assert account["phone_number"] is None


@pytest.mark.django_db
def test_the_account_takes_another_number_once_its_member_has_proved_more(admin_member, reachable):
    free(admin_member, reachable)
    client = by_password()
    BrowserSession.objects.update(proved_at=timezone.now() - timedelta(hours=1))
    asked = client.post("/settings/security/number/", {"phone": ANOTHER})
    assert asked["Location"].startswith("/settings/security/confirm/")
    assert proving.ways_of(User.objects.get(pk=reachable.pk)) == [Way.PASSWORD]
    client.post("/settings/security/confirm/", {"way": "password", "answer": STRONG})
    assert client.post("/settings/security/number/", {"phone": ANOTHER}).status_code == 302
    page = client.get("/settings/security/number/codes/").content.decode()
    assert "old_code" not in page
    wrong = client.post("/settings/security/number/codes/", {"new_code": Phone(ANOTHER).wrong_code})
    assert wrong.status_code == 422
    assert client.post("/settings/security/number/codes/", {"new_code": Phone(ANOTHER).code}).status_code == 302
    member = User.objects.get(pk=reachable.pk)
    assert (str(member.phone_number), member.number_freed_at) == (ANOTHER, None)
    assert member.coins_held_until > timezone.now()
    assert client.get("/wallet/").status_code == 200


@pytest.mark.django_db
def test_an_account_with_a_number_does_not_move_without_its_old_one(alice, now):
    sent = numbers.begin_change(member=alice, phone_number=ANOTHER, address="203.0.113.7", at=now)
    client = Client()
    client.force_login(alice)
    with pytest.raises(numbers.CodeExpired):
        numbers.change_number(
            client.session,
            member=alice,
            old_id=None,
            new_id=sent.new.verification_id,
            code=Phone(ANOTHER).code,
            address="203.0.113.7",
            at=now,
        )


@pytest.mark.django_db
def test_the_last_way_in_is_not_given_up(admin_member, reachable, now):
    freed = free(admin_member, reachable)
    with pytest.raises(passwords.LastWayIn):
        passwords.remove_password(member=freed, at=now)
    with pytest.raises(passwords.LastWayIn):
        emails.remove(member=freed, at=now)
    with pytest.raises(proving.WrongAnswer):
        proving.send_proof(member=freed, address="203.0.113.7", at=now)
    client = by_password()
    for path in ("password/remove/", "email/remove/"):
        assert client.post(f"/settings/security/{path}").status_code in (409, 422)
    freed.refresh_from_db()
    assert (freed.email, passwords.has_password(freed)) == ("alice@example.org", True)


@pytest.mark.django_db
def test_the_audit_keeps_who_freed_it_and_not_which_number(admin_member, silent):
    staff = Client()
    staff.force_login(admin_member)
    where = f"/admin/accounts/user/{silent.pk}/free-number/"
    assert staff.post(where, {"reason": "New contract shown", "confirmed": "yes"}).status_code == 302
    row = AuditLog.objects.filter(entity_id=str(silent.pk), new_values__has_key="phone_number").latest("created_at")
    assert (row.account, row.reason) == (admin_member, "New contract shown")
    assert row.new_values["phone_number"] is None
    assert str(silent.phone_number) not in str(row.old_values)
    again = staff.post(where, {"reason": "Twice", "confirmed": "yes"})
    assert again.status_code == 422


@pytest.mark.django_db
def test_closing_and_erasing_work_without_a_number(admin_member, silent, now):
    freed = free(admin_member, silent)
    close_account(member=freed, removes_writing=False, at=now)
    remind_closed(at=now + timedelta(days=24))
    assert erase_due(clock=lambda: now + timedelta(days=40)) == 1
    freed.refresh_from_db()
    assert (freed.status, freed.phone_number) == ("ERASED", None)
    assert not OutgoingMessage.objects.filter(recipient__in=["", "None"]).exists()


@pytest.mark.django_db
def test_the_database_wants_a_reason_for_an_account_without_number(alice):
    with pytest.raises(IntegrityError, match="accounts_user_number_or_gone"), transaction.atomic():
        User.objects.filter(pk=alice.pk).update(phone_number=None)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_freed_by_two_at_once_it_is_freed_once(admin_member, silent):
    def work(_number):
        try:
            free(admin_member, User.objects.get(pk=silent.pk))
        except (numbers.NumberInUse, NotThere):
            return "refused"
        return "freed"

    assert sorted(together(6, work)) == ["freed", *["refused"] * 5]
    assert User.objects.get(pk=silent.pk).token_version == silent.token_version + 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_member_who_comes_back_at_that_moment_keeps_the_number_or_loses_it_whole(admin_member, silent):
    def work(number):
        if number:
            User.objects.filter(pk=silent.pk).update(last_active_at=timezone.now())
            return "back"
        try:
            free(admin_member, User.objects.get(pk=silent.pk))
        except numbers.NumberInUse:
            return "kept"
        return "freed"

    said = together(2, work)
    present = User.objects.get(pk=silent.pk)
    assert (present.phone_number is None) == ("freed" in said)
    assert (present.number_freed_at is None) == ("kept" in said)
