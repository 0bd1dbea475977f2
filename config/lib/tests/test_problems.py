"""Errors leave the API in one shape, wherever they come from."""

import pytest
from django.db import OperationalError
from django.test import override_settings
from django.urls import path
from psycopg.errors import LockNotAvailable
from psycopg_pool import PoolTimeout
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from config.lib.refusals import Refused, TooMany


class Odd(Refused):
    """A refusal with facts and a field."""

    slug = "odd"
    sentence = "%(count)s is odd."
    field = "count"


class OddlyNamed(Refused):
    """A refusal whose facts are called like members that every problem has."""

    slug = "oddly-named"
    sentence = "%(title)s, %(detail)s, %(status)s, %(type)s, %(errors)s, %(slug)s, %(instead)s."


class Broken(APIView):
    """Fails as asked."""

    permission_classes = [AllowAny]
    authentication_classes: list = []

    def get(self, request):
        how = request.query_params["how"]
        if how == "refused":
            raise Odd(count=3)
        if how == "oddly named":
            raise OddlyNamed(title="a", detail="b", status="c", type="d", errors="e", slug="f", instead="g")
        if how == "throttled":
            raise TooMany(retry_after=61)
        if how == "pool":
            raise OperationalError("couldn't get a connection after 10.00 sec") from PoolTimeout()
        if how == "locked":
            raise OperationalError("canceling statement due to lock timeout") from LockNotAvailable()
        if how == "bug":
            raise ZeroDivisionError
        return Response({})


urlpatterns = [path("api/v1/broken", Broken.as_view())]


@pytest.fixture
def broken(api):
    with override_settings(ROOT_URLCONF=__name__):
        client = api()
        client.raise_request_exception = False
        yield lambda how: client.get(f"/api/v1/broken?how={how}")


def test_a_refusal_carries_its_facts_and_its_field(broken):
    response = broken("refused")
    assert response.status_code == 422
    assert response.json() == {
        "type": "odd",
        "title": "Not possible",
        "status": 422,
        "detail": "3 is odd.",
        "errors": [{"field": "count", "code": "odd", "detail": "3 is odd."}],
        "count": "3",
    }


def test_facts_never_hide_a_standard_member(broken):
    response = broken("oddly named")
    assert response.status_code == 422
    assert response.json() == {
        "type": "oddly-named",
        "title": "Not possible",
        "status": 422,
        "detail": "a, b, c, d, e, f, g.",
        "errors": [],
        "slug": "f",
        "instead": "g",
    }


def test_a_limit_says_when_there_is_room_again(broken):
    response = broken("throttled")
    assert (response.status_code, response["Retry-After"]) == (429, "61")
    assert response.json()["detail"] == "Too many at once. Try again in 2 minutes."


@pytest.mark.parametrize(("how", "slug", "wait"), [("pool", "unavailable", "5"), ("locked", "busy", "1")])
def test_when_connections_or_locks_run_out_nothing_is_broken(broken, how, slug, wait):
    response = broken(how)
    assert (response.status_code, response.json()["type"], response["Retry-After"]) == (503, slug, wait)


def test_a_bug_shows_nothing_of_itself(broken):
    response = broken("bug")
    assert (response.status_code, response.json()["type"]) == (500, "unexpected")
    assert "ZeroDivision" not in response.content.decode()
    assert response["Content-Type"] == "application/problem+json"


def test_an_unknown_path_of_the_api_is_a_problem(api, db):
    response = api().get("/api/v1/no/such/thing")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert response.json()["type"] == "not-found"


def test_a_foreign_host_is_a_problem_in_the_api(api, db):
    response = api().get("/api/v1/economy/state", headers={"Host": "elsewhere.example"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_a_method_that_is_not_taken_is_a_problem(api, alice, method):
    response = getattr(api(alice), method)("/api/v1/me/wallet")
    assert (response.status_code, response.json()["type"]) == (405, "method-not-allowed")


def test_answers_of_the_api_are_kept_by_nobody_and_load_nothing(api, db):
    response = api().get("/api/v1/economy/state")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert set(response["Content-Security-Policy"].split("; ")) == {"default-src 'none'", "frame-ancestors 'none'"}


def test_pages_carry_the_headers_of_the_house(client, db):
    response = client.get("/economy/")
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    policy = response["Content-Security-Policy"]
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
    for part in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "style-src 'self'",
    ):
        assert part in policy


def test_a_body_of_unknown_length_is_not_taken_for_none(client):
    answer = client.generic("PATCH", "/api/v1/me", headers={"Transfer-Encoding": "chunked"})
    assert (answer.status_code, answer["Content-Type"]) == (411, "application/problem+json")
    assert answer.json()["type"] == "malformed"
