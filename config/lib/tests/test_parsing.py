"""What the API takes in, and what it answers to everything else. Spoken through real endpoints."""

import json

import pytest

GIFTS = "/api/v1/transfers"


def post(api, member, body, content_type="application/json"):
    return api(member).generic("POST", GIFTS, body, content_type=content_type)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"to": "bob", "amount": "1.00"', 400),  # cut
        (b'{"to": "b\xff\xfe"}', 400),  # not UTF-8
        (b'{"to": "bob\\u0000", "amount": "1.00"}', 400),
        (b'{"to": "\\ud800", "amount": "1.00"}', 400),  # half a character
        (b'{"to": "bob", "to": "mallory", "amount": "1.00"}', 400),  # a key twice
        (b'{"to": "bob", "amount": NaN}', 400),
        (b"[" * 10_000 + b"]" * 10_000, 400),
        (b'{"a":' * 21 + b"1" + b"}" * 21, 400),
        (b'["bob", "1.00"]', 400),
        (b'"bob"', 400),
        (b"", 400),
        (b'{"to": "' + b"b" * 3_000_000 + b'"}', 413),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem(api, alice, bob, body, status):
    response = post(api, alice, body)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert set(response.json()) >= {"type", "title", "status", "detail", "errors"}


def test_brackets_inside_strings_nest_nothing(api, alice, bob):
    response = post(api, alice, json.dumps({"to": "bob", "amount": "1.00", "memo": '[[["\\' * 30}).encode())
    assert response.status_code == 201


@pytest.mark.parametrize("kind", ["application/xml", "text/plain", "multipart/form-data; boundary=x"])
def test_anything_but_json_is_not_taken(api, alice, bob, kind):
    response = post(api, alice, b"<to>bob</to>", content_type=kind)
    assert (response.status_code, response.json()["type"]) == (415, "unsupported-media-type")


def test_a_number_is_not_taken_for_text(api, alice):
    response = api(alice).post(GIFTS, {"to": 12, "amount": "1.00"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "to")
