import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.members.models import User
from accounts.signin.models import TokenFamily
from accounts.signin.tests.conftest import NUMBER, bearer

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


@pytest.fixture
def program():
    return APIClient()


def send(program, phone):
    return program.post("/api/v1/auth/send-code", {"phone": phone})


def verify(program, **body):
    return program.post("/api/v1/auth/verify-code", body)


def problem(response, status, slug):
    """Check that a response is this problem; its body."""
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM), response.content
    body = response.json()
    assert {"type", "title", "status", "detail", "errors"} <= set(body)
    assert (body["type"], body["status"]) == (slug, status)
    return body


# -- send-code ------------------------------------------------------------------------------------


def test_send_code(program, phone):
    response = send(program, "+44 7700 900123")
    assert response.status_code == 201
    body = response.json()
    assert set(body) == {"verification_id", "expires_at"}
    left = datetime.fromisoformat(body["expires_at"]) - timezone.now()
    assert timedelta(minutes=9, seconds=50) < left <= timedelta(minutes=10)
    assert len(phone.messages) == 1


@pytest.mark.parametrize("status", ["ACTIVE", "SUSPENDED", "BANNED", "CLOSED"])
def test_known_and_unknown_numbers_get_the_same_answer(program, alice, status):
    User.objects.filter(pk=alice.pk).update(status=status)
    known, unknown = send(program, str(alice.phone_number)), send(program, NUMBER)
    assert known.status_code == unknown.status_code == 201
    assert {name: type(value) for name, value in known.json().items()} == {
        name: type(value) for name, value in unknown.json().items()
    }
    volatile = {"Date", "X-Request-Id", "RateLimit"}  # the last counts all requests, whatever they ask
    headers = [{k: v for k, v in answer.headers.items() if k not in volatile} for answer in (known, unknown)]
    assert headers[0] == headers[1]
    again = [send(program, str(alice.phone_number)), send(program, NUMBER)]
    assert [answer.status_code for answer in again] == [429, 429]
    assert again[0].json() == again[1].json()


@pytest.mark.parametrize(
    "phone",
    [
        "' OR 1=1 --",
        "",
        "1" * 400,
        "+" + "4" * 400,
        ["+447700900123"],
        None,
        True,
        447700900123,
        {"a": 1},
        "07700900123",
    ],
)
def test_bad_phones(program, phone):
    body = problem(send(program, phone), 400, "malformed")
    assert body["errors"][0]["field"] == "phone"
    assert not User.objects.exists()


def test_a_null_character(program):
    response = program.post(
        "/api/v1/auth/send-code", data='{"phone": "+447700900123\\u0000"}', content_type="application/json"
    )
    problem(response, 400, "malformed")


def test_unknown_and_missing_fields(program):
    body = problem(program.post("/api/v1/auth/send-code", {"phone": NUMBER, "role": "ADMIN"}), 400, "malformed")
    assert body["errors"][0]["code"] == "unknown"
    problem(program.post("/api/v1/auth/send-code", {}), 400, "malformed")


def test_the_second_code_within_a_minute(program):
    assert send(program, NUMBER).status_code == 201
    response = send(program, NUMBER)
    problem(response, 429, "too-many-requests")
    assert 0 < int(response["Retry-After"]) <= 60


def test_without_counters_no_code_is_sent(program, settings):
    settings.REDIS_FOR_LIMITS = "unix:///nowhere/redis.sock?db=3"
    response = send(program, NUMBER)
    problem(response, 503, "unavailable")
    assert response["Retry-After"]


@pytest.mark.parametrize("path", ["send-code", "verify-code", "refresh", "logout"])
def test_only_by_post(program, path):
    problem(program.get(f"/api/v1/auth/{path}"), 405, "method-not-allowed")


# -- verify-code ----------------------------------------------------------------------------------


def test_the_first_sign_in_makes_an_account(program, phone):
    answer = phone.sign_in(program, username="ana", display_name="Ana Lucia")
    assert set(answer) == {"account", "tokens", "created"}
    assert answer["created"] is True
    assert set(answer["tokens"]) == {"access", "refresh"}
    account = answer["account"]
    assert (account["phone_number"], account["username"], account["display_name"]) == (NUMBER, "ana", "Ana Lucia")
    assert (account["role"], account["status"]) == ("USER", "ACTIVE")
    assert [page["username"] for page in account["pages"]] == ["ana"]
    assert bearer(answer["tokens"]["access"]).get("/api/v1/me").json() == account


def test_the_next_one_finds_it(alice, phone_of):
    answer = phone_of(alice).sign_in(username="another")
    assert answer["created"] is False
    assert (answer["account"]["id"], answer["account"]["username"]) == (str(alice.pk), "alice")


def test_the_session_remembers_program_and_address(phone):
    phone.sign_in(APIClient(HTTP_USER_AGENT="curl/8", REMOTE_ADDR="203.0.113.7"))
    family = TokenFamily.objects.get()
    assert (family.user_agent, str(family.ip_address)) == ("curl/8", "203.0.113.7")


def test_a_wrong_code_says_how_many_attempts_are_left(program, phone):
    asked = phone.ask(program)
    body = problem(verify(program, verification_id=asked["verification_id"], code=phone.wrong_code), 422, "wrong-code")
    assert (body["attempts_left"], body["errors"][0]["field"]) == ("2", "code")


def test_a_used_code(program, phone):
    asked = phone.ask(program)
    right = {"verification_id": asked["verification_id"], "code": phone.code}
    assert verify(program, **right).status_code == 200
    problem(verify(program, **right), 422, "code-expired")


def test_an_unknown_verification(program):
    problem(verify(program, verification_id=str(uuid4()), code="123456"), 422, "code-expired")


@pytest.mark.parametrize(
    "code",
    [
        123456,
        None,
        ["1"],
        True,
        "",
        "12345",
        "1234567",
        " 12345",
        "123456 ",
        "1" * 10_000,
        "１２３４５６",
        "١٢٣٤٥٦",
        "12345a",
    ],
)
def test_codes_that_are_none(program, phone, code):
    asked = phone.ask(program)
    body = problem(verify(program, verification_id=asked["verification_id"], code=code), 400, "malformed")
    assert body["errors"][0]["field"] == "code"
    # None of them cost an attempt.
    assert verify(program, verification_id=asked["verification_id"], code=phone.code).status_code == 200


@pytest.mark.parametrize("identifier", [None, 5, "", "x", "0" * 400, ["a"], True])
def test_verification_ids_that_are_none(program, identifier):
    problem(verify(program, verification_id=identifier, code="123456"), 400, "malformed")


@pytest.mark.parametrize(
    ("username", "slug"),
    [("alice", "username-taken"), ("Alice", "bad-username"), ("ad", "bad-username"), ("admin", "bad-username")],
)
def test_a_refused_name_leaves_the_code_good(program, alice, phone, username, slug):
    asked = phone.ask(program)
    right = {"verification_id": asked["verification_id"], "code": phone.code}
    body = problem(verify(program, **right, username=username), 422, slug)
    assert body["errors"][0]["field"] == "username"
    assert verify(program, **right, username="ana").json()["created"] is True


@pytest.mark.parametrize("status", ["BANNED", "CLOSED"])
def test_the_banned_are_refused_after_the_right_code(program, alice, phone_of, status):
    User.objects.filter(pk=alice.pk).update(status=status)
    phone = phone_of(alice)
    asked = phone.ask(program)
    problem(verify(program, verification_id=asked["verification_id"], code=phone.wrong_code), 422, "wrong-code")
    problem(verify(program, verification_id=asked["verification_id"], code=phone.code), 403, "account-shut")
    assert not TokenFamily.objects.exists()


def test_mallory_cannot_use_alices_verification(alice, mallory, phone_of, program):
    asked = phone_of(alice).ask(program)
    phone_of(mallory).ask(program)
    if phone_of(alice).code == phone_of(mallory).code:
        pytest.skip("one time in a million both codes are the same")
    problem(verify(program, verification_id=asked["verification_id"], code=phone_of(mallory).code), 422, "wrong-code")


def test_signing_in_sets_no_cookie(program, phone):
    phone.sign_in(program)
    assert not program.cookies


def test_a_stale_token_or_session_is_not_in_the_way(program, phone):
    program.credentials(HTTP_AUTHORIZATION="Bearer stale")
    program.cookies["sessionid"] = "planted"
    assert phone.sign_in(program)["created"] is True


# -- refresh and logout ---------------------------------------------------------------------------


def test_refresh(phone):
    answer = phone.sign_in()
    response = APIClient().post("/api/v1/auth/refresh", {"refresh": answer["tokens"]["refresh"]})
    assert response.status_code == 200
    assert set(response.json()) == {"access", "refresh"}
    assert bearer(response.json()["access"]).get("/api/v1/me").status_code == 200


def test_an_old_refresh_token_ends_the_session(phone):
    old = phone.sign_in()["tokens"]["refresh"]
    program = APIClient()
    fresh = program.post("/api/v1/auth/refresh", {"refresh": old}).json()
    response = program.post("/api/v1/auth/refresh", {"refresh": old})
    problem(response, 401, "not-authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")
    problem(bearer(fresh["access"]).get("/api/v1/me"), 401, "not-authenticated")
    problem(program.post("/api/v1/auth/refresh", {"refresh": fresh["refresh"]}), 401, "not-authenticated")


@pytest.mark.parametrize("path", ["refresh", "logout"])
def test_tokens_that_are_none(phone, path):
    tokens = phone.sign_in()["tokens"]
    program = APIClient()
    for token in ("abc", tokens["refresh"][:-5], tokens["access"], tokens["refresh"].rsplit(".", 1)[0] + "."):
        response = program.post(f"/api/v1/auth/{path}", {"refresh": token})
        problem(response, 401, "not-authenticated")
        assert response["WWW-Authenticate"].startswith("Bearer")
    for token in (None, 5, ["a"], "", "x" * 5000):
        problem(program.post(f"/api/v1/auth/{path}", {"refresh": token}), 400, "malformed")
    assert bearer(tokens["access"]).get("/api/v1/me").status_code == 200


def test_logout_ends_the_session_at_once(phone):
    tokens = phone.sign_in()["tokens"]
    program = APIClient()
    response = program.post("/api/v1/auth/logout", {"refresh": tokens["refresh"]})
    assert (response.status_code, response.content) == (204, b"")
    problem(bearer(tokens["access"]).get("/api/v1/me"), 401, "not-authenticated")
    problem(program.post("/api/v1/auth/refresh", {"refresh": tokens["refresh"]}), 401, "not-authenticated")
    assert program.post("/api/v1/auth/logout", {"refresh": tokens["refresh"]}).status_code == 204


def test_mallorys_logout_does_not_end_alices_session(alice, mallory, phone_of):
    of_alice, of_mallory = phone_of(alice).sign_in()["tokens"], phone_of(mallory).sign_in()["tokens"]
    APIClient().post("/api/v1/auth/logout", {"refresh": of_mallory["refresh"]})
    assert bearer(of_alice["access"]).get("/api/v1/me").status_code == 200


# -- Who is asking --------------------------------------------------------------------------------


def test_the_header_alone_counts(phone):
    access = phone.sign_in()["tokens"]["access"]
    problem(APIClient().get(f"/api/v1/me?access_token={access}&token={access}"), 401, "not-authenticated")
    program = APIClient()
    program.cookies["access"] = program.cookies["Authorization"] = access
    problem(program.get("/api/v1/me"), 401, "not-authenticated")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "Bearer a b c", "bearer a.b.c", "Basic YTpi", "Token x", "Bearer é"]
)
def test_bad_headers(header):
    response = APIClient().get("/api/v1/me", HTTP_AUTHORIZATION=header)
    problem(response, 401, "not-authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_session_needs_the_csrf_token(alice):
    program = APIClient(enforce_csrf_checks=True)
    program.force_login(alice)
    assert program.get("/api/v1/me").status_code == 200
    problem(program.patch("/api/v1/me", {"bio": "planted"}), 403, "not-allowed")
    alice.primary_page.refresh_from_db()
    assert alice.primary_page.bio == ""


def test_a_token_needs_none(phone):
    access = phone.sign_in()["tokens"]["access"]
    program = APIClient(enforce_csrf_checks=True)
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    assert program.patch("/api/v1/me", {"bio": "mine"}).status_code == 200


def test_answers_are_kept_by_nobody(program):
    assert send(program, NUMBER)["Cache-Control"] == "no-store"


# -- The document ---------------------------------------------------------------------------------


def test_the_document_names_every_endpoint_of_sign_in(program):
    response = program.get("/api/v1/schema/", HTTP_ACCEPT="application/json", QUERY_STRING="format=json")
    paths = json.loads(response.content)["paths"]
    for name in ("send-code", "verify-code", "password", "second-factor", "refresh", "logout"):
        operation = paths[f"/api/v1/auth/{name}"]["post"]
        assert {"400", "401", "422", "429"} <= set(operation["responses"])
        assert operation.get("security") in (None, [], [{}])
    assert {"get", "patch"} <= set(paths["/api/v1/me"])
