"""Staff decide on applications; invitations are to look at, and their codes are not."""

import pytest
from django.test import Client

from accounts.audit.models import AdminAction
from accounts.invitations.models import Application
from accounts.notifications.models import OutgoingMessage

pytestmark = pytest.mark.django_db
QUEUE = "/admin/accounts/application/"


@pytest.fixture(autouse=True)
def _by_application(mode):
    mode("application")


@pytest.fixture
def staff(moderator) -> Client:
    client = Client()
    client.force_login(moderator)
    return client


def decision(application: Application, what: str) -> str:
    return f"{QUEUE}{application.pk}/{what}/"


def test_the_queue_is_found_from_the_first_page(staff, apply):
    apply(username="ana", words="I bake bread.")
    first = staff.get("/admin/").content.decode()
    assert "Applications to join" in first
    assert "I bake bread." in staff.get(QUEUE).content.decode()


@pytest.mark.parametrize(("what", "status"), [("accept", "ACCEPTED"), ("decline", "DECLINED")])
def test_a_decision_needs_a_reason_and_is_kept_once_with_it(staff, moderator, apply, what, status):
    application = apply()
    assert staff.get(decision(application, what)).status_code == 200
    assert staff.post(decision(application, what), {"reason": ""}).status_code == 422
    assert staff.post(decision(application, what), {"reason": "So be it."}).status_code == 302
    application.refresh_from_db()
    assert (application.status, application.reason, application.decided_by) == (status, "So be it.", moderator)
    kept = AdminAction.objects.get()
    assert (kept.action, kept.reason, kept.staff, kept.target_id) == (
        what,
        "So be it.",
        moderator,
        str(application.pk),
    )
    assert OutgoingMessage.objects.count() == 1


def test_a_second_decision_is_refused_and_leaves_no_trace(staff, apply):
    application = apply()
    staff.post(decision(application, "accept"), {"reason": "Yes."})
    again = staff.post(decision(application, "decline"), {"reason": "No."})
    assert again.status_code == 422 and "Someone else was quicker" in again.content.decode()
    assert AdminAction.objects.count() == 1 == OutgoingMessage.objects.count()


def test_mallory_decides_nothing(mallory, apply):
    client = Client()
    client.force_login(mallory)
    application = apply()
    assert client.post(decision(application, "accept"), {"reason": "Me!"}).status_code in (302, 403, 404)
    application.refresh_from_db()
    assert application.status == Application.Status.WAITING


def test_invitations_are_shown_without_their_codes(staff, alice, invite, admit):
    invitation = invite(alice, uses=2, note="Secret note")
    admit(invitation=invitation.code)
    for page in ("/admin/accounts/invitation/", f"/admin/accounts/invitation/{invitation.pk}/change/"):
        shown = staff.get(page)
        assert shown.status_code == 200
        assert invitation.code not in shown.content.decode()
        assert "Secret note" not in shown.content.decode()


def test_nothing_is_changed_by_hand(staff, alice, invite):
    invitation = invite(alice)
    assert staff.get("/admin/accounts/invitation/add/").status_code == 403
    assert staff.post(f"/admin/accounts/invitation/{invitation.pk}/delete/", {"post": "yes"}).status_code == 403
