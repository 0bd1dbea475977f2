"""The queue of staff."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.audit.models import AdminAction
from economy.withdrawals import queries
from economy.withdrawals.tests.conftest import IBAN, ask, figures_of

pytestmark = pytest.mark.django_db


def signed_in(member):
    client = Client()
    client.force_login(member)
    return client


def where(request, measure="change"):
    return reverse(f"admin:economy_withdrawalrequest_{measure}", args=[request.pk])


def test_the_queue_from_dashboard_to_payment(admin_member, rich):
    made = ask(rich)
    desk = signed_in(admin_member)
    assert "Withdrawals" in desk.get(reverse("admin:index")).content.decode()
    listed = desk.get(reverse("admin:economy_withdrawalrequest_changelist") + "?status__in=PENDING,APPROVED")
    assert "@alice" in listed.content.decode()
    assert IBAN not in listed.content.decode()
    shown = desk.get(where(made)).content.decode()
    assert IBAN in shown
    assert "gAAAA" not in shown
    assert desk.post(where(made, "approve"), {"reason": "Known for long"}).status_code == 302
    again = desk.post(where(made, "approve"), {"reason": "Known for long"})
    assert (again.status_code, "approved" in again.content.decode()) == (422, True)
    asked = desk.post(where(made, "mark_paid"), {"reference": "SEPA 4711"})
    assert asked.status_code == 200  # shown once more before it is done
    assert desk.post(where(made, "mark_paid"), {"reference": "SEPA 4711", "confirmed": "yes"}).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.reference) == ("PAID", "SEPA 4711")
    done = AdminAction.objects.order_by("id").values_list("action", flat=True)
    assert list(done) == ["approve", "mark-paid"]


def test_rejecting_needs_a_reason(admin_member, rich):
    made = ask(rich)
    desk = signed_in(admin_member)
    assert desk.post(where(made, "reject"), {"reason": ""}).status_code == 422
    assert desk.post(where(made, "reject"), {"reason": "No such account"}).status_code == 302
    assert figures_of(rich)[1] == 0


def test_on_hold_is_said_where_one_decides(admin_member, rich, monkeypatch):
    made = ask(rich)
    monkeypatch.setattr(queries, "_holds", [lambda members: dict.fromkeys(members, "a ring is being looked at.")])
    desk = signed_in(admin_member)
    assert "a ring is being looked at" in desk.get(where(made)).content.decode()
    answer = desk.post(where(made, "approve"), {"reason": "Fine"})
    assert (answer.status_code, "a ring is being looked at" in answer.content.decode()) == (422, True)


def test_moderators_see_none_of_it(moderator, rich):
    made = ask(rich)
    aide = signed_in(moderator)
    assert aide.get(reverse("admin:economy_withdrawalrequest_changelist")).status_code == 403
    for measure in ("change", "approve", "reject", "mark_paid"):
        assert aide.get(where(made, measure)).status_code == 403
        assert aide.post(where(made, measure), {"reason": "x", "reference": "x", "confirmed": "y"}).status_code == 403
    made.refresh_from_db()
    assert made.status == "PENDING"


def test_a_forged_post_is_refused(admin_member, rich):
    made = ask(rich)
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(admin_member)
    assert forger.post(where(made, "approve"), {"reason": "x"}).status_code == 403
