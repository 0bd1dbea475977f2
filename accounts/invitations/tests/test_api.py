"""Applying by the API."""

import pytest
from rest_framework.test import APIClient

from accounts.invitations import operations
from accounts.invitations.models import Application
from accounts.signin.tests.conftest import NUMBER, Phone

pytestmark = pytest.mark.django_db
APPLY = "/api/v1/auth/apply"


@pytest.fixture
def client() -> APIClient:
    return APIClient()


@pytest.fixture
def proof(client) -> dict[str, str]:
    phone = Phone(NUMBER)
    return {"verification_id": phone.ask(client)["verification_id"], "code": phone.code}


def test_one_applies_with_the_code_and_joins_once_accepted(client, proof, mode, moderator, now):
    mode("application")
    refused = client.post("/api/v1/auth/verify-code", proof)
    assert (refused.status_code, refused.json()["type"]) == (403, "application-needed")
    applied = client.post(APPLY, {**proof, "words": "I bake.", "username": "ana"})
    assert (applied.status_code, applied.json()) == (202, {"status": "WAITING"})
    application = Application.objects.get()
    assert (str(application.phone_number), application.words) == (NUMBER, "I bake.")
    again = client.post(APPLY, {**proof, "words": "I bake."})
    assert (again.status_code, again.json()["type"]) == (422, "code-expired")
    operations.accept(staff=moderator, application=application, reason="Yes.", at=now)
    member = operations.admit(phone_number=NUMBER, username=None, display_name="", at=now)
    assert member.primary_page.username == "ana"


def test_in_an_open_community_there_is_nothing_to_apply_for_and_the_code_stays_good(client, proof):
    refused = client.post(APPLY, {**proof, "words": "I bake."})
    assert (refused.status_code, refused.json()["type"]) == (422, "nothing-to-apply-for")
    assert client.post("/api/v1/auth/verify-code", proof).status_code == 200


def test_a_wrong_code_counts(client, proof, mode):
    mode("application")
    wrong = f"{(int(proof['code']) + 1) % 1_000_000:06}"
    refused = client.post(APPLY, {**proof, "code": wrong, "words": "I bake."})
    assert (refused.status_code, refused.json()["type"], refused.json()["attempts_left"]) == (422, "wrong-code", "2")
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"words": 5},
        {"words": None},
        {"words": []},
        {"words": "x" * 1001},
        {"words": "a\x00b"},
        {"words": "Me", "invitation": "x"},
        {"words": "Me", "role": "ADMIN"},
        {"words": "Me", "code": "٣٣٣٣٣٣"},
        {},
    ],
)
def test_bad_input_is_malformed(client, proof, mode, wrong):
    mode("application")
    assert client.post(APPLY, {**proof, **wrong}).status_code == 400
