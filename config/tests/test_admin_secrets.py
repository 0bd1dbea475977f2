"""What the admin hides stays hidden: no address reads it sign by sign, and no page of Django's goes around ours."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from accounts.invitations.operations import make_invitation
from accounts.members.models import User
from accounts.signin.operations import passwords

pytestmark = pytest.mark.django_db

PASSWORD = "eleven quiet herons"


def signed_in(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.mark.parametrize(
    "question",
    [
        "accounts/outgoingmessage/?body__contains=1",
        "accounts/outgoingmessage/?html__regex=.",
        "accounts/phoneverification/?code_hash__startswith=a",
        "accounts/tokenfamily/?current_jti__startswith=a",
        "accounts/user/?password__startswith=argon2",
        "accounts/user/?two_factor_secret__gt=a",
        "accounts/user/?pages__username=alice",
        "accounts/profile/?preferences__contains=x",
        "accounts/user/?status__exact=ACTIVE&password__startswith=argon2",
    ],
)
def test_hidden_columns_answer_no_question(admin_member: User, question: str):
    assert signed_in(admin_member).get(f"/admin/{question}").status_code == 400


def test_a_moderator_cannot_guess_the_code_of_an_invitation(moderator: User, alice: User):
    invitation = make_invitation(inviter=alice, uses=1, days=7, at=timezone.now())
    aide = signed_in(moderator)
    assert aide.get("/admin/accounts/invitation/").status_code == 200
    for question in (f"code__startswith={invitation.code[0]}", f"code={invitation.code}", "note__contains=a"):
        assert aide.get(f"/admin/accounts/invitation/?{question}").status_code == 400


@pytest.mark.parametrize(
    "question",
    [
        "accounts/user/?status__exact=ACTIVE&role__exact=USER&is_early_adopter__exact=1&made=7",
        "accounts/outgoingmessage/?status__exact=FAILED&channel__exact=SMS",
        "accounts/auditlog/?action=sign-in&entity_type=member&created_at_from=2026-11-01&created_at_to=2026-11-30",
        "accounts/userbadge/?badge__id__exact=01936d2e-0b1c-7c3a-9d55-3f1b1a6c0a02",
        "economy/lock/?released_at__isempty=1",
        "social/post/?deleted_at__isempty=0&made=1",
        "admin/logentry/?action_time__gte=2026-11-01+00%3A00%3A00%2B00%3A00&content_type__id__exact=1",
    ],
)
def test_what_the_filters_offer_can_be_asked(admin_member: User, question: str):
    assert signed_in(admin_member).get(f"/admin/{question}").status_code == 200


def test_what_can_be_no_key_is_not_there(admin_member: User):
    staff = signed_in(admin_member)
    for table in admin.site._registry:
        where = f"/admin/{table._meta.app_label}/{table._meta.model_name}/%00/change/"
        assert staff.get(where).status_code in (302, 404), where


def test_staff_change_their_password_where_all_members_do(moderator: User):
    passwords.set_password(member=moderator, password=PASSWORD, at=timezone.now())
    aide: Any = signed_in(moderator)
    new = {"old_password": PASSWORD, "new_password1": "mod_erator123", "new_password2": "mod_erator123"}
    for response in (aide.get("/admin/password_change/"), aide.post("/admin/password_change/", new)):
        assert response["Location"] == "/settings/security/password/"
    moderator.refresh_from_db()
    assert moderator.check_password(PASSWORD)
