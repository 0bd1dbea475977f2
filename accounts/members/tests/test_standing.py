"""Suspensions and their end, bans, roles: what staff do, what members see of it."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import AdminAction, AuditLog
from accounts.members import operations
from accounts.members.models import User
from accounts.members.tasks import end_suspensions
from config.lib.refusals import NotAllowed, NotThere
from config.lib.tests.threads import together

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


def signed_in(member):
    client = Client()
    client.force_login(member)
    return client


def anew(member):
    return User.objects.get(pk=member.pk)


def suspend(staff, member, at, until=None, reason="Sold the same ladder twice"):
    operations.suspend(staff=staff, member=member, reason=reason, until=until, at=at)
    return anew(member)


def test_reason_and_end_stand_on_the_member(moderator, mallory, now):
    mallory = suspend(moderator, mallory, now, until=now + WEEK)
    assert (mallory.status_reason, mallory.status_until) == ("Sold the same ladder twice", now + WEEK)
    assert mallory.is_suspended
    assert not mallory.may_act
    assert not User.objects.active().filter(pk=mallory.pk).exists()


def test_an_end_in_the_past_is_refused(moderator, mallory, now):
    with pytest.raises(operations.EndsBeforeItBegins):
        suspend(moderator, mallory, now, until=now)
    assert anew(mallory).may_act


def test_a_suspension_is_over_at_its_end_without_any_job(moderator, mallory, now):
    began = now - WEEK
    mallory = suspend(moderator, mallory, began, until=now - timedelta(seconds=1))
    assert mallory.status == User.Status.SUSPENDED
    assert mallory.may_act
    assert User.objects.active().filter(pk=mallory.pk).exists()


def test_the_job_ends_what_is_over_and_nothing_else(moderator, alice, bob, mallory, now):
    suspend(moderator, alice, now - WEEK, until=now - timedelta(seconds=1))
    suspend(moderator, bob, now, until=now + WEEK)
    suspend(moderator, mallory, now)
    assert end_suspensions() == 1
    assert end_suspensions() == 0
    alice = anew(alice)
    assert (alice.status, alice.status_reason, alice.status_until) == ("ACTIVE", "", None)
    assert {anew(bob).status, anew(mallory).status} == {"SUSPENDED"}
    row = AuditLog.objects.filter(entity_id=str(alice.pk)).latest("id")
    assert (row.account, row.reason) == (None, "The suspension was over.")


def test_who_was_suspended_once_can_be_again_before_the_job_ran(moderator, mallory, now):
    suspend(moderator, mallory, now - WEEK, until=now - timedelta(seconds=1))
    assert suspend(moderator, mallory, now, reason="And again").status_reason == "And again"
    with pytest.raises(NotThere):
        suspend(moderator, mallory, now)


def test_mallory_as_suspended_moderator_has_no_power(join, alice, moderator, admin_member, now):
    suspend(admin_member, moderator, now)
    with pytest.raises(NotAllowed):
        suspend(anew(moderator), alice, now)


def test_staff_suspend_until_a_moment_in_the_admin(admin_member, mallory):
    staff = signed_in(admin_member)
    where = reverse("admin:accounts_user_suspend", args=[mallory.pk])
    until = timezone.now() + WEEK
    given = {"reason": "Advertising", "until": f"{until:%Y-%m-%dT%H:%M}"}
    assert staff.post(where, given).status_code == 302
    assert anew(mallory).status_until == until.replace(second=0, microsecond=0)
    assert AdminAction.objects.get().details["until"].startswith(f"{until:%Y-%m-%d}")


@pytest.mark.parametrize(
    "until", ["2001-01-01T00:00", "9999-12-31T23:59", "0001-01-01T00:00", "tomorrow", "\x00", "2026-13-45T99:99"]
)
def test_an_end_that_is_none_suspends_nobody(until, admin_member, mallory):
    where = reverse("admin:accounts_user_suspend", args=[mallory.pk])
    assert signed_in(admin_member).post(where, {"reason": "Spam", "until": until}).status_code == 422
    assert anew(mallory).status == User.Status.ACTIVE


@pytest.mark.parametrize("path", ["/", "/wallet/", "/settings/"])
def test_reason_and_end_stand_on_every_page(path, moderator, mallory, now):
    suspend(moderator, mallory, now, until=now + WEEK, reason="<b>Spam</b>")
    page = signed_in(mallory).get(path, follow=True).content.decode()
    assert "Your account is suspended until" in page
    assert "&lt;b&gt;Spam&lt;/b&gt;" in page
    assert f"{now + WEEK:%Y-%m-%d}" in page
    assert reverse("accounts:my_data") in page


def test_others_and_visitors_see_no_such_words(moderator, alice, mallory, now):
    suspend(moderator, mallory, now)
    for client in (signed_in(alice), Client()):
        assert "is suspended" not in client.get("/", follow=True).content.decode()


def test_once_it_is_over_the_words_are_gone(moderator, mallory, now):
    suspend(moderator, mallory, now - WEEK, until=now - timedelta(seconds=1))
    assert "is suspended" not in signed_in(mallory).get("/wallet/").content.decode()


def test_staff_see_where_a_member_is_signed_in_and_moderators_do_not(admin_member, moderator, alice):
    hers = signed_in(alice)
    hers.get("/wallet/", HTTP_USER_AGENT="Lynx")
    alice.browser_sessions.update(user_agent="Lynx", ip_address="192.0.2.44")
    where = reverse("admin:accounts_user_change", args=[alice.pk])
    seen = signed_in(admin_member).get(where).content.decode()
    assert "192.0.2.44" in seen
    assert f"{reverse('admin:accounts_auditlog_changelist')}?q={alice.pk}" in seen
    assert "192.0.2.44" not in signed_in(moderator).get(where).content.decode()


def test_signing_out_everywhere_ends_browser_and_program(admin_member, alice, api):
    hers = signed_in(alice)
    assert hers.get("/wallet/").status_code == 200
    where = reverse("admin:accounts_user_sign_out_everywhere", args=[alice.pk])
    assert signed_in(admin_member).post(where, {"reason": "Lost her phone"}).status_code == 302
    assert hers.get("/wallet/").status_code == 302
    assert AdminAction.objects.get().action == "sign-out"


def test_a_role_leaves_its_row_with_the_reason(admin_member, bob):
    where = reverse("admin:accounts_user_change_role", args=[bob.pk])
    given = {"role": "MODERATOR", "reason": "Knows everyone", "confirmed": "yes"}
    assert signed_in(admin_member).post(where, given).status_code == 302
    row = AuditLog.objects.filter(entity_id=str(bob.pk)).latest("id")
    assert (row.account, row.reason) == (admin_member, "Knows everyone")
    assert (row.old_values, row.new_values) == ({"role": "USER"}, {"role": "MODERATOR"})
    assert AdminAction.objects.get().details == {"role": "MODERATOR"}


# -- Two at once --------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["role", "ban", "suspend"])
def test_of_two_admins_who_turn_on_each_other_one_is_left(join, now, act):
    one, other = join("one", role="ADMIN"), join("other", role="ADMIN")

    def turn(staff, member):
        given = {"staff": staff, "member": member, "reason": "Mine!", "at": now}
        if act == "role":
            operations.change_role(role="USER", **given)
        else:
            getattr(operations, act)(**given)

    outcomes = together(partial(turn, one, other), partial(turn, other, one))
    assert sorted(type(outcome) for outcome in outcomes if outcome is not None) == [NotAllowed]
    assert User.objects.filter(role="ADMIN", status="ACTIVE").count() == 1


def test_who_is_of_the_staff_no_more_does_nothing_with_a_page_opened_before(admin_member, moderator, alice, now):
    operations.change_role(staff=admin_member, member=moderator, role="USER", reason="Left the team", at=now)
    with pytest.raises(NotAllowed):
        operations.suspend(staff=moderator, member=alice, reason="Spam", at=now)
