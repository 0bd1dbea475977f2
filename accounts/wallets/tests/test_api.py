from uuid import uuid4

import pytest

from accounts.wallets.models import WalletAddress
from accounts.wallets.tests.conftest import key, signed

pytestmark = pytest.mark.django_db
A, B = key(1), key(2)
HERE = "/api/v1/me/addresses"


def ask(client, by=A, network="ethereum"):
    response = client.post(HERE, {"address": by.address, "network": network})
    assert response.status_code == 201, response.content
    return response.json()


def prove(client, by=A, network="ethereum"):
    asked = ask(client, by, network)
    return client.post(f"{HERE}/{asked['id']}/proof", {"signature": signed(by, asked["words"])})


def problem(response, status, slug):
    assert (response.status_code, response["Content-Type"], response.json()["type"]) == (
        status,
        "application/problem+json",
        slug,
    )


def test_ask_sign_prove_list_choose_remove(api, alice):
    client = api(alice)
    asked = ask(client)
    assert set(asked) == {"id", "address", "network", "words", "expires_at"}
    assert asked["words"].startswith("testserver wants you to sign in") and "URI: http://testserver/" in asked["words"]
    first = prove(client, A)
    assert (first.status_code, first.json()["is_primary"], first.json()["address"]) == (201, True, A.address)
    second = prove(client, B).json()
    assert client.put(f"{HERE}/{second['id']}/primary").status_code == 204
    assert {row["address"]: row["is_primary"] for row in client.get(HERE).json()["results"]} == {
        A.address: False,
        B.address: True,
    }
    assert client.delete(f"{HERE}/{second['id']}").status_code == 204
    assert [row["is_primary"] for row in client.get(HERE).json()["results"]] == [True]


def test_refusals_are_problems(api, alice, bob):
    client = api(alice)
    problem(client.post(HERE, {"address": "0x12", "network": "ethereum"}), 422, "bad-address")
    asked = ask(client)
    path = f"{HERE}/{asked['id']}/proof"
    problem(client.post(path, {"signature": "0x12"}), 422, "bad-signature")
    problem(client.post(path, {"signature": signed(B, asked["words"])}), 422, "wrong-signature")
    problem(client.post(path, {"signature": signed(A, asked["words"])}), 422, "text-expired")
    assert prove(client).status_code == 201
    problem(client.post(HERE, {"address": A.address, "network": "ethereum"}), 409, "address-taken")
    problem(prove(api(bob)), 409, "address-taken")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"address": A.address},
        {"address": A.address, "network": "bitcoin"},
        {"address": None, "network": "ethereum"},
        {"address": [A.address], "network": "ethereum"},
        {"address": 5, "network": "ethereum"},
        {"address": "x" * 101, "network": "ethereum"},
        {"address": A.address, "network": ["ethereum"]},
        {"address": A.address, "network": "ethereum", "user": str(uuid4())},
        {"address": A.address, "network": "ethereum", "is_verified": True},
    ],
)
def test_bad_input_is_400(api, alice, body):
    assert api(alice).post(HERE, body).status_code == 400
    assert not WalletAddress.objects.exists()


@pytest.mark.parametrize("signature", [None, 5, True, ["0x"], {}, "x" * 1001])
def test_signatures_that_are_no_text_are_400(api, alice, signature):
    client = api(alice)
    asked = ask(client)
    assert client.post(f"{HERE}/{asked['id']}/proof", {"signature": signature}).status_code == 400


def test_what_is_another_s_is_not_there(api, alice, mallory):
    asked, address = ask(api(alice), B), prove(api(alice)).json()
    client = api(mallory)
    problem(client.post(f"{HERE}/{asked['id']}/proof", {"signature": signed(B, asked["words"])}), 404, "not-found")
    problem(client.put(f"{HERE}/{address['id']}/primary"), 404, "not-found")
    problem(client.delete(f"{HERE}/{address['id']}"), 404, "not-found")
    problem(client.delete(f"{HERE}/{uuid4()}"), 404, "not-found")
    assert client.get(HERE).json()["results"] == []


def test_visitors_have_no_addresses(api):
    for answer in (api().get(HERE), api().post(HERE, {}), api().delete(f"{HERE}/{uuid4()}")):
        problem(answer, 401, "not-authenticated")
