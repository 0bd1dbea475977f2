"""The audit in the admin: readable, filterable, and nobody's to change."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.audit import operations
from accounts.audit.acting import acting
from accounts.audit.models import AdminAction, AuditLog
from accounts.members.models import User

pytestmark = pytest.mark.django_db

AUDIT = "admin:accounts_auditlog_changelist"
DONE = "admin:accounts_adminaction_changelist"


@pytest.fixture
def staff(admin_member):
    client = Client()
    client.force_login(admin_member)
    return client


@pytest.fixture
def changed(alice, bob, moderator, now):
    """Alice was suspended by the moderator, Bob changed his number, and Bob took his data along."""
    with acting(account=moderator.pk, address="192.0.2.7", reason="spam"):
        User.objects.filter(pk=alice.pk).update(status="SUSPENDED")
    with acting(account=bob.pk, address="198.51.100.1"):
        User.objects.filter(pk=bob.pk).update(phone_number="+447700900123")
    operations.note(action="export", entity_type="account", entity_id=bob.pk, account=bob, at=now)
    operations.note_staff_action(
        staff=moderator,
        action="suspend",
        target_type="accounts_user",
        target_id=alice.pk,
        reason="spam",
        details={"until": "2026-12-01"},
        at=now,
    )


def listed(client, where=AUDIT, **asked):
    answer = client.get(reverse(where), asked)
    assert answer.status_code == 200, answer
    return {row.pk for row in answer.context["cl"].result_list}


def of(**what):
    return set(AuditLog.objects.filter(**what).values_list("pk", flat=True))


def test_a_change_is_told_in_words(staff, changed, alice):
    page = staff.get(reverse(AUDIT), {"q": "alice"}).content.decode()
    assert "status: ACTIVE → SUSPENDED" in page
    assert "@mod_erator" in page
    assert "@alice" in page
    row = AuditLog.objects.get(entity_id=str(alice.pk), action="UPDATE")
    detail = staff.get(reverse("admin:accounts_auditlog_change", args=[row.pk])).content.decode()
    for word in ("ACTIVE", "SUSPENDED", "192.0.2.7", "spam", reverse("admin:accounts_user_change", args=[alice.pk])):
        assert word in detail


def test_rows_are_found_by_member_thing_action_address_and_day(staff, changed, bob, moderator, now):
    assert listed(staff, q="@bob") >= of(account=bob) | of(entity_id=str(bob.pk))
    assert listed(staff, q=str(moderator.pk)) == of(account=moderator) | of(entity_id=str(moderator.pk))
    assert listed(staff, q="198.51.100.1") == of(ip_address="198.51.100.1")
    assert listed(staff, action="export") == of(action="export")
    assert listed(staff, entity_type="accounts_user", q="mod_erator") <= of(entity_type="accounts_user")
    today = f"{now:%Y-%m-%d}"
    everything = of()
    assert listed(staff, created_at_from=today, created_at_to=today) == everything
    assert listed(staff, created_at_to="2001-01-01") == set()
    assert listed(staff, q="TIP_MIN") == set()


@pytest.mark.parametrize("asked", [{"q": "\x00"}, {"q": "%'; --"}, {"created_at_from": "2026-02-31"}, {"action": "no"}])
def test_odd_questions_have_an_answer(asked, staff, changed):
    listed(staff, **asked)
    listed(staff, DONE, **asked)


def test_what_staff_did_is_listed_with_its_reason(staff, changed, alice):
    page = staff.get(reverse(DONE), {"q": "alice"}).content.decode()
    assert "spam" in page
    assert "until: 2026-12-01" in page
    assert listed(staff, DONE, q="alice") == set(AdminAction.objects.values_list("pk", flat=True))
    assert listed(staff, DONE, q="bob") == set()
    assert listed(staff, DONE, action="ban") == set()


def test_acts_are_told_as_what_they_were_and_not_as_changes(staff, admin_member):
    page = staff.get(reverse(AUDIT), {"action": "sign-in"}).content.decode()
    assert "second_factor: true; way: browser" in page
    assert "– → browser" not in page


def test_a_longer_list_costs_no_more(staff, changed, join, django_assert_max_num_queries):
    for number in range(5):
        member = join(f"member_{number}")
        User.objects.filter(pk=member.pk).update(role="MODERATOR")
    staff.get(reverse(AUDIT))
    with django_assert_max_num_queries(12):
        staff.get(reverse(AUDIT))
    with django_assert_max_num_queries(12):
        staff.get(reverse(DONE))


def test_nobody_edits_there(staff, changed):
    for model in ("auditlog", "adminaction"):
        row = {"auditlog": AuditLog, "adminaction": AdminAction}[model].objects.first()
        before = row.reason
        assert staff.post(reverse(f"admin:accounts_{model}_add"), {"reason": "x"}).status_code == 403
        assert staff.post(reverse(f"admin:accounts_{model}_change", args=[row.pk]), {"reason": "x"}).status_code == 403
        assert staff.post(reverse(f"admin:accounts_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        row.refresh_from_db()
        assert row.reason == before


def test_moderators_and_members_do_not_read_it(moderator, mallory):
    for member in (moderator, mallory):
        client = Client()
        client.force_login(member)
        for where in (AUDIT, DONE):
            assert client.get(reverse(where)).status_code in (302, 403)


def test_a_measure_is_kept_with_its_reason_by_table_and_by_hand(staff, admin_member, alice):
    where = reverse("admin:accounts_user_suspend", args=[alice.pk])
    assert staff.post(where, {"reason": "Advertising"}, HTTP_USER_AGENT="Lynx").status_code == 302
    done = AdminAction.objects.get()
    assert (done.staff, done.action, done.target_id, done.reason) == (
        admin_member,
        "suspend",
        str(alice.pk),
        "Advertising",
    )
    assert (done.ip_address, done.user_agent) == ("127.0.0.1", "Lynx")
    row = AuditLog.objects.get(action="UPDATE", entity_id=str(alice.pk))
    assert (row.account, row.reason, row.new_values["status"]) == (admin_member, "Advertising", "SUSPENDED")


def test_a_refused_measure_leaves_nothing(staff, admin_member):
    where = reverse("admin:accounts_user_suspend", args=[admin_member.pk])
    assert staff.post(where, {"reason": "Tired"}).status_code == 422
    assert not AdminAction.objects.exists()
    assert not of(action="UPDATE", entity_id=str(admin_member.pk), reason="Tired")
