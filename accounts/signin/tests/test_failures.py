"""What the audit keeps of signing in: each that went well, each that did not, and nothing that would help a thief."""

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.audit.models import AuditLog
from accounts.members import operations as members
from accounts.signin import operations
from accounts.signin.models import BrowserSession, TokenFamily
from accounts.signin.operations import factors, proving
from accounts.signin.operations.proving import Way
from accounts.signin.tests.conftest import NUMBER

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.7"


def rows(action):
    return list(AuditLog.objects.filter(action=action).order_by("created_at"))


def answer(phone, code):
    asked = phone.ask(APIClient())
    return APIClient().post(
        "/api/v1/auth/verify-code",
        {"verification_id": asked["verification_id"], "code": code or phone.wrong_code},
        HTTP_USER_AGENT="curl/8",
    )


def test_a_wrong_code_leaves_a_row_with_the_member_whose_number_it_is(phone_of, alice):
    assert answer(phone_of(alice), None).status_code == 422
    (row,) = rows("sign-in-failed")
    assert (row.account, row.entity_type, row.new_values) == (alice, "number", {"way": "sms"})
    assert (row.ip_address, row.user_agent) == ("127.0.0.1", "curl/8")
    assert str(alice.phone_number) not in row.entity_id


def test_a_number_that_nobody_has_leaves_the_same_row_at_the_same_cost(
    phone, phone_of, alice, django_assert_max_num_queries
):
    costs = []
    for someone in (phone, phone_of(alice)):
        asked, client = someone.ask(APIClient()), APIClient()
        given = {"verification_id": asked["verification_id"], "code": someone.wrong_code}
        with django_assert_max_num_queries(40) as counted:
            client.post("/api/v1/auth/verify-code", given)
        costs.append(len(counted))
    assert costs[0] == costs[1]
    nobody, hers = rows("sign-in-failed")
    assert (nobody.account, hers.account) == (None, alice)
    assert len(nobody.entity_id) == len(hers.entity_id)
    assert NUMBER not in nobody.entity_id


def test_a_code_that_is_dead_or_right_leaves_no_failure(phone_of, alice):
    phone = phone_of(alice)
    assert phone.sign_in()["account"]["username"] == "alice"
    dead = {"verification_id": "019a0000-0000-7000-8000-000000000000", "code": "123456"}
    assert APIClient().post("/api/v1/auth/verify-code", dead).status_code == 422
    assert rows("sign-in-failed") == []


def test_a_program_is_noted_as_it_comes_and_goes(phone_of, alice):
    tokens = phone_of(alice).sign_in()["tokens"]
    family = str(TokenFamily.objects.get(user=alice).pk)
    (came,) = rows("sign-in")
    assert (came.account, came.entity_type, came.entity_id) == (alice, "program", family)
    APIClient().post("/api/v1/auth/logout", {"refresh": tokens["refresh"]})
    APIClient().post("/api/v1/auth/logout", {"refresh": tokens["refresh"]})
    (went,) = rows("sign-out")
    assert (went.account, went.entity_id) == (alice, family)


def test_a_copied_refresh_token_is_noted(phone_of, alice):
    tokens = phone_of(alice).sign_in()["tokens"]
    for expected in (200, 401):
        again = APIClient().post("/api/v1/auth/refresh", {"refresh": tokens["refresh"]})
        assert again.status_code == expected
    (row,) = rows("token-reused")
    assert row.account == alice


@pytest.mark.parametrize("way", [Way.SMS, Way.PASSWORD])
def test_a_failed_proof_within_a_session_is_noted(way, alice, phone_of, now):
    alice.set_password("a long and lasting secret")
    alice.save()
    sent = proving.send_proof(member=alice, address=ADDRESS, at=now)
    wrong = phone_of(alice).wrong_code if way is Way.SMS else "not the secret"
    with pytest.raises(operations.WrongCode if way is Way.SMS else proving.WrongAnswer):
        proving.prove(
            Client().session,
            member=alice,
            way=way,
            answer=wrong,
            address=ADDRESS,
            user_agent="",
            verification_id=sent.verification_id,
            at=now,
        )
    (row,) = rows("proof-failed")
    assert (row.account, row.new_values) == (alice, {"way": way.value})
    assert wrong not in str(row.new_values)


def test_a_wrong_code_at_the_admin_s_door_is_noted(moderator):
    client = Client()
    client.force_login(moderator)
    BrowserSession.objects.update(second_factor_at=None)
    assert client.post("/signin/staff/", {"answer": "000000", "next": "/admin/"}).status_code == 422
    (row,) = rows("proof-failed")
    assert (row.account, row.new_values) == (moderator, {"way": "factor"})
    with pytest.raises(factors.WrongFactorCode):
        factors.new_recovery_codes(member=moderator, code="000000", at=timezone.now())
    assert len(rows("proof-failed")) == 2


def test_mallory_at_the_admin_is_noted_once_an_hour_and_visitors_are_not(mallory):
    hers = Client()
    hers.force_login(mallory)
    for client in (hers, Client()):
        for where in ("/admin/", "/admin/accounts/user/", "/admin/accounts/auditlog/"):
            assert client.get(where).status_code == 302
            assert client.get(where, follow=True).status_code == 200
    (row,) = rows("admin-refused")
    assert (row.account, row.entity_id) == (mallory, str(mallory.pk))


@pytest.mark.parametrize("measure", ["ban", "sign_out_everywhere", "change_role"])
def test_what_staff_end_is_gone_from_the_lists(measure, admin_member, alice, phone_of, now):
    phone_of(alice).sign_in()
    browser = Client()
    browser.force_login(alice)
    given = {"role": "MODERATOR"} if measure == "change_role" else {}
    getattr(members, measure)(staff=admin_member, member=alice, reason="Stolen phone", at=now, **given)
    assert not BrowserSession.objects.filter(user=alice).exists()
    family = TokenFamily.objects.get(user=alice)
    assert (family.ended_at, family.ending) == (now, TokenFamily.Ending.STAFF)
    assert browser.get("/wallet/").status_code == 302
