"""The public page of a week, and what it was for whoever looks."""

from decimal import Decimal as D

import pytest
from constance.test import override_config
from django.urls import reverse

from economy.cycle.tests.weeks import AFTER, LONG_AGO, WEEK, fill_treasury, hold, was_active
from economy.ledger import operations as ledger
from economy.ledger.models import Lock, Transfer, TransferKind
from economy.observatory import runs
from economy.stipend.models import StipendRun
from economy.stipend.operations import pay_stipends
from economy.tax.models import TaxRun
from economy.tax.operations import collect_taxes

PAGE = f"/economy/runs/{WEEK.key}/"


@pytest.fixture
def rich(join):
    """Held 1,200.00 all week: 51.00 of tax, by the example of economy.md."""
    return hold(join("rich", at=LONG_AGO), "1200.00")


@pytest.fixture
def week(rich, join):
    """A week that was run: one of 1,200.00, one of 100.00, one without a coin, all but the last one here in it."""
    poor, empty = join("poor", at=LONG_AGO), hold(join("empty", at=LONG_AGO), "0.00")
    assert empty.wallet.pk
    was_active(rich, poor)
    fill_treasury("9.00")
    collect_taxes(period=WEEK, end=WEEK.end, at=AFTER)
    pay_stipends(period=WEEK, end=WEEK.end, at=AFTER)
    return runs.week_of(WEEK.key)


def test_a_run_keeps_its_members_by_bracket(week):
    # "empty" was taxed on what it held before it gave all away long ago: nothing, so it has no row.
    assert week.tax.by_bracket == {"free": 1, "high": 1}
    assert runs.members_by_bracket(week.tax) == [("free", 2), ("low", 0), ("middle", 0), ("high", 1), ("top", 0)]


def test_a_run_keeps_what_the_stipends_are_made_of(week):
    # Treasury 9.00 + 51.00 + what "empty" left is more than enough or scaled: either way the parts make the whole.
    run = week.stipend
    assert run.total_base + run.total_engagement + run.total_new_member == run.total_paid > 0


def test_my_figures_are_the_formula_filled_in(week, rich):
    own = runs.own_figures(week, rich.wallet)
    assert [(step.bracket.name, step.part, step.tax) for step in own.steps] == [
        ("free", D("200.00"), D("0.00")),
        ("low", D("300.00"), D("6.00")),
        ("middle", D("500.00"), D("25.00")),
        ("high", D("200.00"), D("20.00")),
    ]
    assert (own.assessed, own.collection.tokens_taxed, own.was_capped) == (D("51.00"), D("51.00"), False)


def test_a_week_without_a_run_is_not_found(client, db):
    for key in ("2026-W45", "2026-W54", "1", "W", "2026-w46", "0000-W01", "９９９９-W01"):
        assert client.get(f"/economy/runs/{key}/").status_code == 404


@pytest.mark.parametrize("reader", [None, "poor", "rich"])
def test_the_page_is_public_and_mine_is_mine_alone(client, week, rich, reader):
    if reader:
        client.force_login(type(rich).objects.get(pages__username=reader))
    page = client.get(PAGE).content.decode()
    assert "51.00" in page  # the revenue
    assert ("Your week" in page) == bool(reader)
    assert ("500.00 × 5%" in page) == (reader == "rich")


def test_a_run_that_is_not_complete_says_so(client, db):
    TaxRun.objects.create(period=WEEK.key, period_start=WEEK.start, period_end=WEEK.end, brackets=[])
    page = client.get(PAGE).content.decode()
    assert "not complete yet" in page and "No stipend was paid for this week yet." in page


def test_the_list_holds_a_year_and_leads_to_its_weeks(client, week):
    page = client.get(reverse("economy:weekly_runs")).content.decode()
    assert PAGE in page
    assert client.get(reverse("economy:weekly_runs") + "?year=2026").status_code == 200
    for year in ("1999", "x", "２０２６", "99999999999"):
        assert client.get(reverse("economy:weekly_runs") + f"?year={year}").status_code == 404


def test_before_the_first_week_the_list_says_what_will_come(client, db):
    assert "No week has ended yet" in client.get(reverse("economy:weekly_runs")).content.decode()


def test_the_api_tells_the_same(api, week):
    body = api().get(f"/api/v1/economy/runs/{WEEK.key}").json()
    assert body["period"] == WEEK.key
    assert (body["tax"]["revenue"], body["tax"]["payers"], body["tax"]["by_bracket"]) == (
        "51.00",
        1,
        {"free": 1, "high": 1},
    )
    assert body["stipend"]["paid"] == str(week.stipend.total_paid)
    assert api().get("/api/v1/economy/runs/2026-W01").status_code == 404


@pytest.mark.parametrize("members", [2, 20])
def test_queries_of_a_week_do_not_grow(client, rich, join, members, django_assert_max_num_queries):
    people = [join(f"member_{number}", at=LONG_AGO) for number in range(members)]
    was_active(*people)
    collect_taxes(period=WEEK, end=WEEK.end, at=AFTER)
    pay_stipends(period=WEEK, end=WEEK.end, at=AFTER)
    with django_assert_max_num_queries(3):
        client.get(PAGE)


@pytest.mark.parametrize("weeks", [1, 9])
def test_queries_of_the_list_do_not_grow(client, rich, weeks, django_assert_max_num_queries):
    week = WEEK
    for _ in range(weeks):
        collect_taxes(period=week, end=week.end, at=week.end)
        week = week.next
    with django_assert_max_num_queries(4):
        client.get(reverse("economy:weekly_runs") + "?year=2026")


@pytest.mark.parametrize("year", ["2019", "x", "-1", "２０２６", "%00", "9" * 400])
def test_years_without_runs_are_not_found(client, week, year):
    assert client.get(f"{reverse('economy:weekly_runs')}?year={year}").status_code == 404


@pytest.mark.parametrize("key", ["2026-W54", "2026-W00", "2026", "２０２６-W46", "x" * 300, "2026-W46%00"])
def test_keys_that_are_no_weeks_are_not_found(client, api, week, key):
    assert client.get(f"/economy/runs/{key}/").status_code == 404
    assert api().get(f"/api/v1/economy/runs/{key}").status_code == 404


def test_tax_that_was_capped_says_so(client, rich):
    ledger.hold(wallet=rich.wallet, kind=Lock.Kind.STAKE, coins=D("1180.00"), at=LONG_AGO)
    collect_taxes(period=WEEK, end=WEEK.end, at=AFTER)
    client.force_login(rich)
    page = client.get(PAGE).content.decode()
    assert "Only 20.00 coins were taken" in page


def test_the_statement_leads_to_the_week(client, week, rich):
    client.force_login(rich)
    page = client.get(reverse("economy:wallet")).content.decode()
    assert page.count(f"{PAGE}#mine") == 2
    assert Transfer.objects.filter(kind=TransferKind.TAX).count() == 1


@override_config(TAX_BASE="closing")
def test_a_run_on_closing_balances_says_so(client, rich):
    collect_taxes(period=WEEK, end=WEEK.end, at=AFTER)
    assert "balances at the week's end" in client.get(PAGE).content.decode()
    assert not StipendRun.objects.exists()
