"""The wallet and gifts over the API, Mallory included."""

from decimal import Decimal as D
from itertools import pairwise

import pytest
from django.urls import reverse

from accounts.wallets.models import Wallet
from config.lib.refusals import Busy
from economy.ledger import operations, queries

GIFTS = "/api/v1/transfers"


def balance(member):
    return Wallet.objects.get(user=member).balance


def test_the_wallet_is_ones_own_and_speaks_in_strings(api, alice):
    response = api(alice).get("/api/v1/me/wallet")
    assert response.status_code == 200
    assert response.json()["balance"] == "100.00"
    assert response.json()["available"] == "100.00"
    assert response.json()["pending"] == "0.00"
    assert response.json()["lock_version"] == 1


def test_visitors_have_no_wallet(api):
    response = api().get("/api/v1/me/wallet")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"]


def test_a_wallet_that_has_not_changed_is_not_sent_again(api, alice):
    first = api(alice).get("/api/v1/me/wallet")
    again = api(alice).get("/api/v1/me/wallet", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_gift_moves_coins_and_answers_201(api, alice, bob):
    response = api(alice).post(GIFTS, {"to": "@bob", "amount": "12.50", "memo": "thanks"})
    assert response.status_code == 201
    assert response.json()["balance_after"] == "87.50"
    assert (balance(alice), balance(bob)) == (D("87.50"), D("112.50"))


@pytest.mark.parametrize(
    "amount",
    ["0", "-5", "1.5.2", "1e400", "NaN", True, 2**63, "１０", None, [], "", "1.234", 1.5, "0.00", "+5", "1_0", {}],
)
def test_a_bad_amount_is_malformed_and_moves_nothing(api, alice, bob, amount):
    response = api(alice).post(GIFTS, {"to": "bob", "amount": amount})
    assert response.status_code == 400, response.content
    assert response.json()["type"] == "malformed"
    assert response.json()["errors"][0]["field"] == "amount"
    assert (balance(alice), balance(bob)) == (D("100.00"), D("100.00"))


def test_more_than_one_has_is_refused_in_the_documented_words(api, alice, bob):
    response = api(alice).post(GIFTS, {"to": "bob", "amount": "100.01"})
    assert response.status_code == 422
    problem = response.json()
    assert (problem["type"], problem["needed"], problem["available"]) == ("insufficient-funds", "100.01", "100.00")
    assert set(problem) >= {"type", "title", "status", "detail", "errors"}
    assert balance(alice) == D("100.00")


def test_a_gift_to_nobody_is_not_found(api, alice):
    assert api(alice).post(GIFTS, {"to": "nobody_here", "amount": "1.00"}).status_code == 404


def test_a_gift_to_oneself_is_refused(api, alice):
    assert api(alice).post(GIFTS, {"to": "alice", "amount": "1.00"}).json()["type"] == "own-wallet"


def test_unknown_fields_are_refused(api, alice, bob):
    response = api(alice).post(GIFTS, {"to": "bob", "amount": "1.00", "from": "mallory"})
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"field": "from", "code": "unknown", "detail": "There is no such field to set."}
    ]


def test_a_suspended_member_gives_nothing(api, alice, bob):
    alice.status = "SUSPENDED"
    alice.save(update_fields=["status"])
    assert api(alice).post(GIFTS, {"to": "bob", "amount": "1.00"}).status_code == 403
    assert balance(bob) == D("100.00")


def test_if_match_with_an_older_version_is_412_and_moves_nothing(api, alice, bob):
    tag = api(alice).get("/api/v1/me/wallet")["ETag"]
    first = api(alice).post(GIFTS, {"to": "bob", "amount": "1.00"}, headers={"If-Match": tag})
    second = api(alice).post(GIFTS, {"to": "bob", "amount": "1.00"}, headers={"If-Match": tag})
    odd = api(alice).post(GIFTS, {"to": "bob", "amount": "1.00"}, headers={"If-Match": '"someone-elses"'})
    assert (first.status_code, second.status_code, odd.status_code) == (201, 412, 412)
    assert second.json()["type"] == "stale-version"
    assert balance(alice) == D("99.00")


class TestIdempotency:
    """The same key and body give the first answer again."""

    def post(self, api, member, body, key="key-1"):
        return api(member).post(GIFTS, body, headers={"Idempotency-Key": key})

    def test_a_replay_says_so_and_moves_nothing(self, api, alice, bob):
        first = self.post(api, alice, {"to": "bob", "amount": "5.00"})
        again = self.post(api, alice, {"to": "bob", "amount": "5.00"})
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()
        assert "Idempotent-Replayed" not in first
        assert again["Idempotent-Replayed"] == "true"
        assert balance(alice) == D("95.00")

    def test_another_body_under_the_key_is_refused(self, api, alice, bob):
        self.post(api, alice, {"to": "bob", "amount": "5.00"})
        response = self.post(api, alice, {"to": "bob", "amount": "6.00"})
        assert (response.status_code, response.json()["type"]) == (422, "idempotency-key-reuse")
        assert balance(alice) == D("95.00")

    def test_a_refusal_is_an_answer_too(self, api, alice, bob):
        first = self.post(api, alice, {"to": "bob", "amount": "500.00"})
        assert first.status_code == 422
        again = self.post(api, alice, {"to": "bob", "amount": "500.00"})
        assert again.json() == first.json()
        assert again["Idempotent-Replayed"] == "true"
        assert again["Content-Type"] == "application/problem+json"

    def test_bad_input_is_not_kept_so_it_can_be_mended(self, api, alice, bob):
        assert self.post(api, alice, {"to": "bob", "amount": "x"}).status_code == 400
        assert self.post(api, alice, {"to": "bob", "amount": "5.00"}).status_code == 201

    def test_another_members_key_is_another_key(self, api, alice, bob, mallory):
        self.post(api, alice, {"to": "bob", "amount": "5.00"})
        assert "Idempotent-Replayed" not in self.post(api, mallory, {"to": "bob", "amount": "5.00"})

    def test_the_longest_key_moves_once(self, api, alice, bob):
        answers = [self.post(api, alice, {"to": "bob", "amount": "5.00"}, key="k" * 255) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert balance(alice) == D("95.00")

    @pytest.mark.parametrize("key", ["", "k" * 256, "schlüssel"])
    def test_a_key_that_is_no_key_is_malformed(self, api, alice, bob, key):
        assert self.post(api, alice, {"to": "bob", "amount": "5.00"}, key=key).status_code == 400
        assert balance(alice) == D("100.00")


def test_the_statement_chains_and_names_the_other_one(api, alice, bob):
    for coins in ("1.00", "2.00", "3.00"):
        api(alice).post(GIFTS, {"to": "bob", "amount": coins, "memo": "tea"})
    lines = api(alice).get("/api/v1/me/transactions").json()["results"]
    assert [line["amount"] for line in lines] == ["-3.00", "-2.00", "-1.00", "100.00"]
    for newer, older in pairwise(lines):
        assert newer["balance_before"] == older["balance_after"]
    assert [line["counterparty"] for line in lines] == ["bob", "bob", "bob", None]
    assert lines[0]["description"] == "tea"


def test_the_statement_is_read_in_pages_without_gaps(api, alice, bob):
    for _ in range(7):
        api(alice).post(GIFTS, {"to": "bob", "amount": "1.00"})
    client, url, seen = api(alice), "/api/v1/me/transactions?page_size=3", []
    while url:
        body = client.get(url).json()
        seen += [line["lock_version"] for line in body["results"]]
        last, url = body, body["next"]
    assert seen == [8, 7, 6, 5, 4, 3, 2, 1]
    before = client.get(last["previous"]).json()["results"]
    assert [line["lock_version"] for line in before] == [5, 4, 3]


def test_the_statement_filters_by_kind_and_time(api, alice, bob):
    api(alice).post(GIFTS, {"to": "bob", "amount": "1.00"})
    client = api(alice)
    assert len(client.get("/api/v1/me/transactions?kind=GIFT").json()["results"]) == 1
    assert client.get("/api/v1/me/transactions?from=2099-01-01T00:00:00Z").json()["results"] == []
    assert len(client.get("/api/v1/me/transactions?to=2099-01-01T00:00:00Z").json()["results"]) == 2
    assert client.get("/api/v1/me/transactions?kind=NONSENSE").status_code == 400
    assert len(client.get("/api/v1/me/transactions?from=0001-01-01T00:00:00Z").json()["results"]) == 2
    assert client.get("/api/v1/me/transactions?to=1969-12-31T00:00:00Z").json()["results"] == []


@pytest.mark.parametrize("query", ["cursor=garbage", "page_size=1000000000", "page_size=0", "cursor=WzAsIngiXQ"])
def test_odd_pages_are_malformed(api, alice, query):
    response = api(alice).get(f"/api/v1/me/transactions?{query}")
    assert (response.status_code, response.json()["type"]) == (400, "malformed")


def test_the_statement_shows_nothing_of_others(api, alice, bob, mallory):
    api(alice).post(GIFTS, {"to": "bob", "amount": "1.00"})
    assert [line["kind"] for line in api(mallory).get("/api/v1/me/transactions").json()["results"]] == ["SIGNUP_GRANT"]


@pytest.mark.parametrize("count", [3, 30])
def test_queries_of_the_statement_do_not_grow(api, alice, bob, django_assert_max_num_queries, count):
    for _ in range(count):
        api(alice).post(GIFTS, {"to": "bob", "amount": "0.01"})
    client = api(alice)
    with django_assert_max_num_queries(5 + 2 * 2):  # inside the test's transaction, a wall is set up and taken down
        client.get("/api/v1/me/transactions?page_size=100")


class TestPages:
    """The wallet's pages."""

    def test_the_wallet_needs_a_member(self, client):
        response = client.get(reverse("economy:wallet"))
        assert response.status_code == 302
        assert response["Location"].startswith("/signin/")

    def test_the_wallet_shows_balance_and_lines(self, client, alice):
        client.force_login(alice)
        response = client.get(reverse("economy:wallet"))
        assert response.status_code == 200
        assert "Welcome grant" in response.content.decode()
        assert response["Cache-Control"] == "private, no-store"

    def test_a_gift_by_form_moves_once_however_often_it_is_sent(self, client, alice, bob):
        client.force_login(alice)
        body = {"to": "@bob", "amount": "4.00", "memo": "for tea", "key": "form-1"}
        for _ in range(2):
            assert client.post(reverse("economy:send_gift"), body).status_code == 302
        assert balance(alice) == D("96.00")

    def test_a_refused_gift_keeps_what_was_typed(self, client, alice, bob):
        client.force_login(alice)
        response = client.post(
            reverse("economy:send_gift"), {"to": "bob", "amount": "400.00", "memo": "for tea", "key": "k"}
        )
        page = response.content.decode()
        assert response.status_code == 422
        assert "400.00" in page and "for tea" in page
        assert balance(bob) == D("100.00")

    @pytest.mark.parametrize("amount", ["１", "1e1", "1_0", "+1", "NaN", "1.005", "0", "-1", "9" * 17])
    def test_an_amount_that_people_do_not_mean_moves_nothing(self, client, alice, bob, amount):
        client.force_login(alice)
        body = {"to": "bob", "amount": amount, "key": "k"}
        assert client.post(reverse("economy:send_gift"), body).status_code == 422
        assert balance(alice) == D("100.00")

    def test_a_gift_that_has_to_wait_says_so_with_503(self, client, alice, bob, monkeypatch):
        def busy(**_given):
            raise Busy

        monkeypatch.setattr(operations, "give", busy)
        client.force_login(alice)
        response = client.post(reverse("economy:send_gift"), {"to": "bob", "amount": "4.00", "key": "k"})
        assert (response.status_code, response["Retry-After"]) == (503, "1")

    def test_a_gift_to_nobody_says_so(self, client, alice):
        client.force_login(alice)
        response = client.post(reverse("economy:send_gift"), {"to": "no_one", "amount": "4.00", "key": "k"})
        assert "no member of that name" in response.content.decode()

    def test_the_csv_holds_the_same_lines_and_no_formulas(self, client, api, alice, bob):
        api(bob).post(GIFTS, {"to": "alice", "amount": "1.00", "memo": "=1+1"})
        client.force_login(alice)
        rows = client.get(reverse("economy:statement_csv")).content.decode().splitlines()
        assert len(rows) == 3
        assert "SIGNUP_GRANT" in rows[1]
        assert "'=1+1" in rows[2]

    def test_filters_that_make_no_sense_are_said_and_show_everything(self, client, alice):
        client.force_login(alice)
        page = client.get(reverse("economy:wallet") + "?since=2026-02-02&until=2026-01-01").content.decode()
        assert "The first day is after the last one." in page

    def test_the_first_and_the_last_day_there_are_can_be_asked_for(self, client, alice):
        client.force_login(alice)
        for name in ("economy:wallet", "economy:statement_csv"):
            response = client.get(reverse(name) + "?since=0001-01-01&until=9999-12-31")
            assert response.status_code == 200
            assert response.getvalue().decode().lower().count("grant")

    def test_a_changed_gift_from_a_page_gone_back_to_can_be_sent_again(self, client, alice, bob):
        client.force_login(alice)
        body = {"to": "bob", "amount": "4.00", "key": "form-1"}
        client.post(reverse("economy:send_gift"), body)
        refused = client.post(reverse("economy:send_gift"), body | {"amount": "5.00"})
        assert refused.status_code == 422
        key = refused.context["form"]["key"].value()
        assert client.post(reverse("economy:send_gift"), body | {"amount": "5.00", "key": key}).status_code == 302
        assert balance(alice) == D("91.00")


def test_pending_coins_come_from_whoever_registered(alice, monkeypatch):
    monkeypatch.setattr(queries, "_pending_sources", [lambda member: D("2.50"), lambda member: D("1.00")])
    assert queries.pending_for(alice) == D("3.50")
