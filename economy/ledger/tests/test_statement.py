"""The statement: its filters, what each line tells, its pages and its CSV. Mallory included."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from economy.ledger import causes, operations, queries
from economy.ledger.forms import presets
from economy.ledger.models import Transfer, TransferKind

WALLET, CSV = "/wallet/", "/wallet/statement.csv"
TRANSACTIONS = "/api/v1/me/transactions"


@pytest.fixture
def give(now):
    def make(giver, receiver, coins, memo="", at=now):
        return operations.give(
            giver=giver.wallet,
            receiver=receiver.wallet,
            coins=D(coins),
            memo=memo,
            key=None,
            channel=Transfer.Channel.WEB,
            at=at,
        )

    return make


@pytest.fixture
def three(alice, bob, mallory, give):
    """Alice gave to Bob, got from him, and gave to Mallory."""
    give(alice, bob, "3.00", "tea")
    give(bob, alice, "1.00", "=cake")
    give(alice, mallory, "2.00")


def amounts(rows):
    return [row.amount for row in rows.order_by("-lock_version")]


class TestCounterparty:
    """Who stood on the other side, as a filter and as a name."""

    def test_lines_with_one_member_both_ways(self, alice, bob, three):
        rows = queries.statement(wallet=alice.wallet, page=bob.primary_page)
        assert amounts(rows) == [D("1.00"), D("-3.00")]

    def test_together_with_kind_and_time(self, alice, bob, three, now):
        kind = queries.statement(wallet=alice.wallet, page=bob.primary_page, kind="STAFF_GRANT")
        later = queries.statement(wallet=alice.wallet, page=bob.primary_page, since=now + timedelta(hours=1))
        assert amounts(kind) == amounts(later) == []

    def test_another_page_of_the_same_member_tells_nothing(self, alice, bob, three):
        # Gifts are shown with the first page: that the second belongs to the same member is not for Alice to learn.
        second = bob.pages.create(username="bob_by_night", display_name="B", is_primary=False)
        assert amounts(queries.statement(wallet=alice.wallet, page=second)) == []

    def test_taxes_have_no_other_side(self, alice, bob, now):
        operations.move(
            kind=TransferKind.TAX,
            at=now,
            wallets=[(alice.wallet.pk, D("-1.00")), (bob.wallet.pk, D("-1.00"))],
            funds=[("treasury", D("2.00"))],
            actor=None,
            channel=Transfer.Channel.JOB,
        )
        lines = list(queries.statement(wallet=alice.wallet, kind="TAX"))
        assert queries.counterparties(alice.wallet, lines) == {}
        assert amounts(queries.statement(wallet=alice.wallet, page=bob.primary_page)) == []

    def test_a_transfer_of_others_names_nobody(self, alice, bob, mallory, three):
        lines = list(queries.statement(wallet=alice.wallet, page=bob.primary_page))
        assert queries.counterparties(mallory.wallet, lines) == {}

    def test_the_page_filters_by_name(self, client, alice, three):
        client.force_login(alice)
        page = client.get(WALLET + "?who=@Bob").content.decode()
        assert "tea" in page and "@mallory" not in page

    def test_a_name_that_nobody_has_is_said(self, client, alice, three):
        client.force_login(alice)
        for name in ("nobody_here", "x", "ａｌｉｃｅ", "a" * 31):
            page = client.get(f"{WALLET}?{urlencode({'who': name})}").content.decode()
            assert "There is no member of that name." in page

    def test_the_api_filters_by_name(self, api, alice, three):
        body = api(alice).get(TRANSACTIONS + "?counterparty=bob").json()
        assert [line["amount"] for line in body["results"]] == ["1.00", "-3.00"]
        for name in ("nobody_here", "%00", ""):
            assert api(alice).get(f"{TRANSACTIONS}?counterparty={name}").status_code == 400


class TestRefusedFilters:
    """A filter that makes no sense: what is wrong is said, what was typed stays, and no other lines are shown."""

    BAD = (
        {"kind": "RIDDLE"},
        {"kind": "TIP\0"},
        {"who": "nobody_here"},
        {"who": "bob\0"},
        {"who": "x" * 5000},
        {"since": "2026-11-31"},
        {"since": "٢٠٢٦-١١-٠١x"},
        {"until": "0000-00-00"},
        {"since": "2026-11-20", "until": "2026-11-01"},
        {"since": "\0", "until": "\0", "who": "\0", "kind": "\0"},
    )

    @pytest.mark.parametrize("asked", BAD)
    def test_it_is_refused_with_its_values_kept(self, client, alice, three, asked):
        client.force_login(alice)
        for address in (WALLET, CSV):
            answer = client.get(f"{address}?{urlencode(asked)}")
            assert answer.status_code == 422 and answer["Content-Type"].startswith("text/html")
            page = answer.content.decode()
            assert 'role="alert"' in page and "tea" not in page and answer.context["lines"] == []
            for name, value in asked.items():
                assert answer.context["form"][name].value() == value

    def test_the_first_day_may_be_the_last(self, client, alice, three, now):
        client.force_login(alice)
        today = now.date().isoformat()
        answer = client.get(f"{WALLET}?since={today}&until={today}")
        assert answer.status_code == 200 and len(answer.context["lines"]) == 4

    @pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31"])
    def test_days_before_and_after_all_time_are_fine(self, client, api, alice, three, day):
        client.force_login(alice)
        for name in ("since", "until"):
            assert client.get(f"{WALLET}?{name}={day}").status_code == 200
        for name in ("from", "to"):
            assert api(alice).get(f"{TRANSACTIONS}?{name}={day}T00:00:00Z").status_code == 200

    @pytest.mark.parametrize(
        "asked",
        [
            {"kind": "RIDDLE"},
            {"kind": ""},
            {"kind": "TIP\0"},
            {"from": "yesterday"},
            {"from": "2026-11-20T00:00:00Z", "to": "2026-11-01T00:00:00Z"},
            {"from": "\0"},
            {"counterparty": "x" * 5000},
            {"cursor": "\0"},
            {"page_size": "٢"},
        ],
    )
    def test_the_api_calls_it_malformed(self, api, alice, asked):
        assert api(alice).get(f"{TRANSACTIONS}?{urlencode(asked)}").status_code == 400


class TestPeriods:
    """Spans of time."""

    def test_presets_are_whole_weeks_months_and_the_year(self):
        # A Saturday; the month before has 31 days.
        spans = [(since.isoformat(), until.isoformat()) for _name, since, until in presets(date(2026, 11, 21))]
        assert spans == [
            ("2026-11-16", "2026-11-21"),
            ("2026-11-09", "2026-11-15"),
            ("2026-11-01", "2026-11-21"),
            ("2026-10-01", "2026-10-31"),
            ("2026-01-01", "2026-11-21"),
        ]

    def test_the_month_before_january_is_december(self):
        assert presets(date(2027, 1, 1))[3][1:] == (date(2026, 12, 1), date(2026, 12, 31))

    def test_presets_keep_the_other_filters(self, client, alice):
        client.force_login(alice)
        page = client.get(WALLET + "?kind=SIGNUP_GRANT&cursor=x")
        assert all(preset["url"].startswith("?kind=SIGNUP_GRANT&since=") for preset in page.context["presets"])

    def test_the_api_takes_weeks_months_and_years(self, api, join):
        alice = join("alice", at=datetime(2026, 11, 15, 23, 59, 59, tzinfo=UTC))
        client = api(alice)
        for period, lines in (("2026-W46", 1), ("2026-W47", 0), ("2026-11", 1), ("2026-12", 0), ("2026", 1)):
            assert len(client.get(f"{TRANSACTIONS}?period={period}").json()["results"]) == lines, period

    @pytest.mark.parametrize("period", ["2026-13", "2026-W54", "26", "", "2026-00", "9999", "0000", "２０２６", "%00"])
    def test_what_is_no_period_is_malformed(self, api, alice, period):
        assert api(alice).get(f"{TRANSACTIONS}?period={period}").status_code == 400

    def test_a_period_and_its_ends_together_are_malformed(self, api, alice):
        assert api(alice).get(f"{TRANSACTIONS}?period=2026&from=2026-01-01T00:00:00Z").status_code == 400


class TestCauses:
    """What lines link to is told by whoever registered for the type."""

    @pytest.fixture
    def asked(self, monkeypatch):
        """A resolver for "thing" that counts how often it is asked."""
        calls = []

        def resolve(ids):
            calls.append(set(ids))
            return dict.fromkeys(ids, ("=the thing", "/thing/"))

        monkeypatch.setattr(causes, "_resolvers", {})
        causes.register("thing", resolve)
        return calls

    @pytest.fixture
    def caused(self, alice, now):
        """Three movements of alice for two things, and one for something that nobody knows."""
        for reference in (("thing", alice.pk), ("thing", alice.pk), ("thing", alice.wallet.pk), ("riddle", alice.pk)):
            operations.move(
                kind=TransferKind.STAFF_GRANT,
                at=now,
                wallets=[(alice.wallet.pk, D("1.00"))],
                funds=[("issuance", D("-1.00"))],
                actor=None,
                channel=Transfer.Channel.ADMIN,
                reference=reference,
            )

    def test_a_type_is_asked_once_for_all_its_lines(self, alice, caused, asked):
        lines = list(queries.statement(wallet=alice.wallet))
        assert set(causes.causes_of(lines).values()) == {causes.Cause("=the thing", "/thing/")}
        assert asked == [{alice.pk, alice.wallet.pk}]

    def test_what_nobody_knows_has_no_cause(self, alice, caused, asked):
        lines = [line for line in queries.statement(wallet=alice.wallet) if line.transfer.reference_type == "riddle"]
        assert len(lines) == 1 and causes.causes_of(lines) == {}

    def test_a_type_has_one_resolver(self, asked):
        with pytest.raises(ValueError):
            causes.register("thing", lambda ids: {})

    def test_page_api_and_csv_tell_the_cause(self, client, api, alice, caused, asked):
        client.force_login(alice)
        assert 'href="/thing/"' in client.get(WALLET).content.decode()
        told = api(alice).get(TRANSACTIONS).json()["results"]
        assert told[1]["cause"] == {"label": "=the thing", "url": "http://testserver/thing/"}
        assert told[0]["cause"] is None
        rows = list(csv.DictReader(io.StringIO(client.get(CSV).content.decode())))
        assert (rows[1]["cause"], rows[1]["link"]) == ("'=the thing", "http://testserver/thing/")


class TestCsv:
    """The statement to take along."""

    def read(self, client, query=""):
        return list(csv.DictReader(io.StringIO(client.get(CSV + query).content.decode())))

    def test_it_has_the_same_filters_and_names_the_other_side(self, client, alice, three):
        client.force_login(alice)
        assert [row["with"] for row in self.read(client)] == ["", "bob", "bob", "mallory"]
        assert [row["amount"] for row in self.read(client, "?who=bob")] == ["-3.00", "1.00"]
        assert [row["words"] for row in self.read(client, "?who=bob")] == ["tea", "'=cake"]

    @pytest.mark.parametrize("count", [2, 20])
    def test_its_queries_do_not_grow(self, client, join, alice, give, now, count, django_assert_max_num_queries):
        for number in range(count):
            give(alice, join(f"member_{number}"), "0.01", at=now + number * timedelta(minutes=5))
        client.force_login(alice)
        self.read(client)
        with django_assert_max_num_queries(14):
            assert len(self.read(client)) == count + 1

    def test_more_lines_than_a_chunk_come_whole(self, client, alice, bob, give, monkeypatch):
        from economy.ledger.views import statement

        monkeypatch.setattr(statement, "CHUNK", 2)
        for _ in range(4):
            give(alice, bob, "1.00")
        client.force_login(alice)
        assert [row["balance after"] for row in self.read(client)] == ["100.00", "99.00", "98.00", "97.00", "96.00"]


class TestMovement:
    """The receipt of one movement."""

    def address(self, member):
        line = queries.statement(wallet=member.wallet, kind="GIFT").order_by("lock_version").first()
        return reverse("economy:movement", args=[line.transfer_id])

    def test_both_see_their_own_side(self, client, alice, bob, three):
        for member, own, other in ((alice, "97.00", "@bob"), (bob, "103.00", "@alice")):
            client.force_login(member)
            page = client.get(self.address(alice)).content.decode()
            assert own in page and other in page and "tea" in page

    def test_mallory_sees_nothing_of_it(self, client, alice, mallory, three):
        client.force_login(mallory)
        assert client.get(self.address(alice)).status_code == 404

    def test_visitors_sign_in_first(self, client, alice, three):
        assert client.get(self.address(alice))["Location"].startswith("/signin/")


@pytest.mark.parametrize("count", [2, 20])
def test_queries_of_the_wallet_do_not_grow(client, join, alice, give, now, count, django_assert_max_num_queries):
    for number in range(count):
        give(alice, join(f"member_{number}"), "0.01", at=now + number * timedelta(minutes=5))
    client.force_login(alice)
    client.get(WALLET)
    with django_assert_max_num_queries(16 + 2 * 2):
        client.get(WALLET)
    with django_assert_max_num_queries(16 + 2 * 2):
        client.get(WALLET + "?who=member_1")
