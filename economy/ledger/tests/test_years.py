"""A year of the wallet, to the cent: what came, what went, what was there before and after."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse

from config.lib.refusals import NotThere
from economy.ledger import operations, years
from economy.ledger.models import Fund, Transfer, TransferKind

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def move(member, coins, at, kind=TransferKind.STAFF_GRANT):
    operations.move(
        kind=kind,
        at=at,
        wallets=[(member.wallet.pk, D(coins))],
        funds=[(Fund.TREASURY, -D(coins))],
        actor=None,
        channel=Transfer.Channel.ADMIN,
    )


@pytest.fixture
def early(join):
    """Joined in the spring before that."""
    return join("early", at=datetime(2024, 5, 31, 23, 59, tzinfo=UTC))


@pytest.fixture
def alice(join):
    """Joined at the end of 2025 with 100.00; then 0.10 − 0.03 + 5.00 − 2.50 in two months of 2026."""
    member = join("alice", at=datetime(2025, 12, 30, tzinfo=UTC))
    move(member, "-10.00", datetime(2025, 12, 31, 23, 59, 59, 999000, tzinfo=UTC), TransferKind.CORRECTION)
    move(member, "0.10", datetime(2026, 1, 1, tzinfo=UTC))
    move(member, "-0.03", datetime(2026, 1, 31, 23, 59, tzinfo=UTC), TransferKind.CORRECTION)
    move(member, "5.00", datetime(2026, 3, 1, tzinfo=UTC), TransferKind.CORRECTION)
    move(member, "-2.50", datetime(2026, 3, 2, tzinfo=UTC), TransferKind.CORRECTION)
    return member


def test_a_year_adds_up_to_the_cent(alice):
    year = years.year_of(alice.wallet, 2026, at=NOW)
    assert (year.opening, year.closing) == (D("90.00"), D("92.57"))
    assert year.total == years.Sums(D("5.10"), D("2.53"), 4)
    assert year.opening + year.total.net == year.closing


def test_kinds_and_months_add_up_to_the_year(alice):
    year = years.year_of(alice.wallet, 2026, at=NOW)
    assert [(kind.value, sums.came, sums.went) for kind, sums in year.kinds] == [
        ("STAFF_GRANT", D("0.10"), D("0.00")),
        ("CORRECTION", D("5.00"), D("2.53")),
    ]
    assert [month.closing for month in year.months] == [D("90.07")] * 2 + [D("92.57")] * 9
    assert sum((month.sums for month in year.months), years.Sums()) == year.total
    assert year.cells[1, "CORRECTION"] == years.Sums(D("0.00"), D("0.03"), 1)


def test_the_first_year_begins_with_the_month_of_joining(alice):
    assert [month.number for month in years.year_of(alice.wallet, 2025, at=NOW).months] == [12]


def test_a_year_that_is_over_has_all_its_months(alice, early):
    first = years.year_of(alice.wallet, 2025, at=NOW)
    assert (first.opening, first.closing) == (D("0.00"), D("90.00"))
    whole = years.year_of(early.wallet, 2025, at=NOW)
    assert [month.number for month in whole.months] == list(range(1, 13))
    assert [month.number for month in years.year_of(early.wallet, 2024, at=NOW).months] == list(range(5, 13))


@pytest.mark.parametrize("number", [2024, 2027])
def test_years_before_and_to_come_are_not_there(alice, number):
    with pytest.raises(NotThere):
        years.year_of(alice.wallet, number, at=NOW)


@pytest.mark.parametrize("count", [1, 40])
def test_a_year_is_two_queries_however_much_moved(alice, count, django_assert_num_queries):
    for _ in range(count):
        move(alice, "0.01", NOW)
    with django_assert_num_queries(2 + 2):  # inside the test's transaction, a wall is set up and taken down
        years.year_of(alice.wallet, 2026, at=NOW)


class TestPages:
    """The year's page and its CSV, one's own alone."""

    @pytest.fixture(autouse=True)
    def _it_is_november(self):
        with time_machine.travel(NOW, tick=False):
            yield

    def test_the_page_shows_the_sums(self, client, alice):
        client.force_login(alice)
        page = client.get(reverse("economy:year", args=[2026])).content.decode()
        assert "90.00" in page and "5.10" in page and "2.53" in page and "92.57" in page

    def test_the_csv_has_every_cell_and_the_sums(self, client, alice):
        client.force_login(alice)
        answer = client.get(reverse("economy:year_csv", args=[2026]))
        rows = list(csv.reader(io.StringIO(answer.content.decode())))
        assert rows[1] == ["2026-01", "OPENING", "", "", "", "", "90.00"]
        assert ["2026-01", "CORRECTION", "0.00", "0.03", "-0.03", "1", ""] in rows
        assert ["2026-03", "MONTH", "5.00", "2.50", "2.50", "2", "92.57"] in rows
        assert rows[-1] == ["2026", "YEAR", "5.10", "2.53", "2.57", "4", "92.57"]

    def test_mallory_sees_her_own_year(self, client, alice, join):
        client.force_login(join("mallory"))
        assert "92.57" not in client.get(reverse("economy:year", args=[2026])).content.decode()

    def test_years_that_make_no_sense_are_not_found(self, client, alice):
        client.force_login(alice)
        for number in ("1969", "2024", "2027", "9999", "0000", "２０２６", "20260"):
            assert client.get(f"/wallet/year/{number}/").status_code == 404

    def test_visitors_sign_in_first(self, client):
        for name in ("year", "year_csv"):
            assert client.get(reverse(f"economy:{name}", args=[2026]))["Location"].startswith("/signin/")
