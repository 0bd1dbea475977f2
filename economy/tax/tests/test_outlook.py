"""The next tax as things stand, and the pages and endpoint that tell it."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
import time_machine
from constance.test import override_config
from django.urls import reverse

from economy.cycle.tests.weeks import AFTER, LONG_AGO, MIDDLE, MONDAY, WEEK, hold, move
from economy.ledger import operations as ledger
from economy.ledger.models import Lock
from economy.tax import queries
from economy.tax.operations import collect_taxes

PAGE, API = "/wallet/taxes/", "/api/v1/me/taxes"


@pytest.fixture
def alice(join):
    return hold(join("alice", at=LONG_AGO), "1200.00")


def test_held_all_week_it_is_the_example(alice):
    outlook = queries.outlook(alice.wallet.pk, at=MIDDLE)
    assert (outlook.so_far, outlook.base, outlook.takes) == (D("1200.00"), D("1200.00"), D("51.00"))
    assert (outlook.period, outlook.assessment.bracket) == (WEEK, "high")


def test_given_away_in_the_middle_it_is_the_other_example(alice):
    # 1,200.00 until the middle of the week and 200.00 after: base 700.00 → 16.00.
    move(alice, "-1000.00", MIDDLE)
    outlook = queries.outlook(alice.wallet.pk, at=MIDDLE)
    assert (outlook.so_far, outlook.base, outlook.takes) == (D("1200.00"), D("700.00"), D("16.00"))


def test_what_came_half_way_to_now_counts_half_so_far(alice):
    move(alice, "100.00", MONDAY + timedelta(days=1))
    outlook = queries.outlook(alice.wallet.pk, at=MONDAY + timedelta(days=2))
    assert outlook.so_far == D("1250.00")
    assert outlook.base == D("1285.71")  # 1,300.00 − 100.00 / 7


def test_the_forecast_is_what_the_run_takes_when_nothing_moves(alice):
    move(alice, "33.33", MIDDLE + timedelta(minutes=7))
    forecast = queries.outlook(alice.wallet.pk, at=WEEK.end - timedelta(seconds=1))
    collect_taxes(period=WEEK, end=WEEK.end, at=AFTER)
    collection = queries.collections_of(alice.wallet).get()
    assert (forecast.base, forecast.takes) == (collection.base, collection.tokens_taxed)
    assert (forecast.assessment.bracket, forecast.assessment.rate) == (collection.tax_bracket, collection.tax_rate)


def test_at_the_first_moment_of_a_week_the_average_is_the_balance(alice):
    assert queries.outlook(alice.wallet.pk, at=MONDAY).so_far == D("1200.00")


def test_no_more_is_forecast_than_is_available(alice):
    ledger.hold(wallet=alice.wallet, kind=Lock.Kind.STAKE, coins=D("1190.00"), at=LONG_AGO)
    assert queries.outlook(alice.wallet.pk, at=MIDDLE).takes == D("10.00")


@override_config(TAX_BASE="closing")
def test_by_closing_balances_the_balance_of_now_is_the_base(alice):
    move(alice, "-1000.00", MIDDLE)
    assert queries.outlook(alice.wallet.pk, at=MIDDLE).base == D("200.00")


class TestDoors:
    """The page and the API; one's own alone."""

    def test_the_page_tells_forecast_place_and_history(self, client, alice):
        collect_taxes(period=WEEK, end=WEEK.end, at=AFTER)
        client.force_login(alice)
        page = client.get(PAGE).content.decode()
        assert "You are here" in page and f"/economy/runs/{WEEK.key}/#mine" in page and "51.00" in page

    def test_before_the_first_run_it_says_what_will_come(self, client, join):
        client.force_login(join("new"))
        page = client.get(PAGE).content.decode()
        assert "No week has been taxed yet" in page and "The next run" in page

    def test_the_api_tells_the_same(self, api, alice):
        collect_taxes(period=WEEK, end=WEEK.end, at=AFTER)
        with time_machine.travel(WEEK.end + timedelta(days=3, hours=12), tick=False):
            body = api(alice).get(API).json()
        assert body["results"][0] == {
            "period": "2026-W46",
            "base": "1200.00",
            "balance_before": "1200.00",
            "tax": "51.00",
            "balance_after": "1149.00",
            "bracket": "high",
            "rate": "0.0425",
            "transfer": body["results"][0]["transfer"],
            "collected_at": "2026-11-16T00:05:00Z",
        }
        assert (body["total"], body["next"], body["previous"]) == ("51.00", None, None)
        forecast = body["forecast"]
        assert (forecast["period"], forecast["collected_at"]) == ("2026-W47", "2026-11-23T00:00:00Z")
        assert (forecast["base"], forecast["tax"], forecast["bracket"]) == ("1149.02", "45.90", "high")

    def test_mallory_sees_nothing_of_it(self, api, client, alice, join):
        collect_taxes(period=WEEK, end=WEEK.end, at=AFTER)
        mallory = join("mallory")
        assert api(mallory).get(API).json()["results"] == []
        client.force_login(mallory)
        assert "51.00" not in client.get(PAGE).content.decode()

    def test_visitors_have_no_taxes(self, api, client):
        assert api().get(API).status_code == 401
        assert client.get(PAGE)["Location"].startswith("/signin/")

    @pytest.mark.parametrize("query", ["cursor=garbage", "page_size=0"])
    def test_odd_pages_are_malformed(self, api, alice, query):
        assert api(alice).get(f"{API}?{query}").status_code == 400

    @pytest.mark.parametrize("weeks", [1, 8])
    def test_queries_do_not_grow(self, client, alice, weeks, django_assert_max_num_queries):
        week = WEEK
        for _ in range(weeks):
            collect_taxes(period=week, end=week.end, at=week.end)
            week = week.next
        client.force_login(alice)
        client.get(reverse("economy:taxes"))
        with django_assert_max_num_queries(12 + 2):
            client.get(reverse("economy:taxes"))
