"""The next stipend as things stand, and the page and endpoint that tell it."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.urls import reverse
from psycopg import sql

from accounts.members.models import User
from economy.cycle.tests.weeks import AFTER, LONG_AGO, MIDDLE, MONDAY, WEEK, fill_treasury, was_active
from economy.stipend import queries
from economy.stipend.operations import pay_stipends

PAGE, API = "/wallet/stipends/", "/api/v1/me/stipends"


def in_the_run(member, period=WEEK):
    """What the run itself would write down for a member: base, engagement, new member, tips."""
    statement, parameters = queries.wanted(start=period.start, end=period.end)
    with connection.cursor() as cursor:
        cursor.execute(
            statement + sql.SQL("SELECT base, engagement, new_member, coins FROM wanted WHERE wallet = %(wallet)s"),
            {**parameters, "wallet": member.wallet.pk},
        )
        return cursor.fetchone()


def forecast(member):
    outlook = queries.outlook(member, at=MIDDLE)
    wanted = outlook.wanted
    return (wanted.base, wanted.engagement, wanted.new_member, outlook.tips)


def test_it_is_what_the_run_would_write_down(member, tips):
    alice, bob, carol, dora = member("alice"), member("bob"), member("carol"), member("dora", at=MONDAY)
    tips(bob, alice, "30.00")  # a pair counts up to 10.00
    tips(carol, alice, "4.00")
    tips(alice, carol, "1.50")  # mutual tips cancel out
    tips(dora, alice, "0.33")
    for one in (alice, bob, carol, dora):
        assert forecast(one) == in_the_run(one), one
    assert forecast(alice) == (D("10.00"), D("1.28"), D("0.00"), D("12.83"))
    assert forecast(dora) == (D("10.00"), D("0.00"), D("5.00"), D("0.00"))


def test_tips_of_other_weeks_and_of_others_do_not_count(member, tips):
    alice, bob, carol = member("alice"), member("bob"), member("carol")
    tips(bob, alice, "5.00", at=MONDAY - timedelta(seconds=1))
    tips(bob, carol, "5.00")
    assert forecast(alice) == (D("10.00"), D("0.00"), D("0.00"), D("0.00"))


def test_who_was_not_here_is_not_in_the_run(join, member, tips):
    away, here = join("away", at=LONG_AGO), member("here")
    assert not queries.outlook(away, at=MIDDLE).is_eligible
    assert queries.outlook(here, at=MIDDLE).is_eligible
    here.status = User.Status.SUSPENDED
    assert not queries.outlook(here, at=MIDDLE).is_eligible


def test_the_last_scale_is_told(member, tips):
    alice = member("alice")
    assert queries.outlook(alice, at=MIDDLE).last_scale is None
    fill_treasury("10.00")
    pay_stipends(period=WEEK, end=WEEK.end, at=AFTER)
    assert queries.outlook(alice, at=AFTER).last_scale == D("0.5")


@pytest.mark.parametrize("givers", [1, 12])
def test_a_forecast_costs_the_same_however_many_tip(member, tips, givers, django_assert_num_queries):
    alice = member("alice")
    for _ in range(givers):
        tips(member(), alice, "1.00")
    with django_assert_num_queries(3):
        queries.outlook(alice, at=MIDDLE)


class TestDoors:
    """The page and the API; one's own alone."""

    @pytest.fixture
    def alice(self, member, tips):
        alice = member("alice")
        fill_treasury("100.00")
        pay_stipends(period=WEEK, end=WEEK.end, at=AFTER)
        return alice

    def test_the_page_tells_forecast_and_history(self, client, alice):
        client.force_login(alice)
        page = client.get(PAGE).content.decode()
        assert "The next run" in page and f"/economy/runs/{WEEK.key}/#mine" in page and "10.00" in page

    def test_before_the_first_run_it_says_what_to_do(self, client, join):
        client.force_login(join("new"))
        assert "No stipend yet" in client.get(PAGE).content.decode()

    def test_the_api_tells_the_same(self, api, alice):
        body = api(alice).get(API).json()
        week = body["results"][0]
        assert (week["period"], week["base"], week["total"], week["scale"]) == (
            "2026-W46",
            "10.00",
            "10.00",
            "1.000000000000",
        )
        assert body["total"] == "10.00"
        assert (body["forecast"]["base"], body["forecast"]["wanted"]) == ("10.00", "10.00")

    def test_mallory_sees_nothing_of_it(self, api, alice, join):
        assert api(join("mallory")).get(API).json()["results"] == []

    @pytest.mark.parametrize("weeks", [1, 8])
    def test_queries_do_not_grow(self, client, alice, weeks, django_assert_max_num_queries):
        week = WEEK.next
        for _ in range(weeks):
            was_active(alice, at=week.start)
            pay_stipends(period=week, end=week.end, at=week.end)
            week = week.next
        client.force_login(alice)
        assert client.get(PAGE).content.decode().count("#mine") == weeks + 1
        with django_assert_max_num_queries(12):
            client.get(PAGE)

    def test_visitors_have_no_stipends(self, api, client):
        assert api().get(API).status_code == 401
        assert client.get(reverse("economy:stipends"))["Location"].startswith("/signin/")
