"""Bounties and the weekly tax: what is promised is taxed as if it had stayed in the wallet."""

import random
from datetime import timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.db import connection

from economy.cycle.tests.weeks import AFTER, LONG_AGO, MIDDLE, MONDAY, WEEK, hold, move, wallet_of
from economy.ledger import operations as ledger
from economy.ledger.models import Lock
from economy.ledger.queries import violations
from economy.tax import queries
from economy.tax.models import TaxCollection
from economy.tax.operations import collect_taxes
from social.bounties import operations
from social.bounties.models import Bounty
from social.feed.operations import remove_post
from social.feed.tests.conftest import WEB, balance

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SUNDAY = MONDAY + 6 * DAY + 12 * HOUR
BOTH = pytest.mark.parametrize("basis", ["average", "closing"])


@pytest.fixture
def ana(join):
    return hold(join("ana", at=LONG_AGO), "1200.00")


@pytest.fixture
def ben(join):
    return hold(join("ben", at=LONG_AGO), "0.00")


@pytest.fixture
def award(say):
    """award(ana, post, ben, at) chooses a fresh answer of Ben's."""

    def choose(author, post, answerer, at):
        answer = say(answerer, post, f"An answer at {at}.", at=at)
        return operations.award_bounty(author=author, post_id=post.pk, comment_id=answer.pk, channel=WEB, at=at)

    return choose


def collect(at=AFTER):
    return collect_taxes(period=WEEK, end=WEEK.end, at=at)


def taxed(member):
    row = TaxCollection.objects.get(wallet__user=member)
    return row.base, row.tokens_taxed


@BOTH
def test_promised_on_sunday_and_back_on_monday_saves_nothing(ana, promise, figure, basis):
    """1,200.00 all week: 51.00, of which bounties of 1,000.00 take nothing away."""
    figure(TAX_BASE=basis)
    posts = [promise(ana, "500.00", at=SUNDAY + number * HOUR) for number in range(2)]
    assert balance(ana) == D("200.00")
    collect()
    assert taxed(ana) == (D("1200.00"), D("51.00"))
    for post in posts:
        remove_post(remover=ana, post_id=post.pk, at=AFTER + HOUR)
    assert balance(ana) == D("1149.00")
    assert violations() == []


@BOTH
@pytest.mark.parametrize("collected", [AFTER, AFTER + 20 * DAY])
def test_what_goes_back_changes_no_base(ana, promise, figure, basis, collected):
    """Before the week's end, after it, and whenever the run looks."""
    figure(TAX_BASE=basis)
    promise(ana, "300.00", days=5, at=MONDAY - 2 * DAY)
    promise(ana, "200.00", days=7, at=MIDDLE)
    operations.return_bounties(at=MONDAY + 4 * DAY)
    if collected > AFTER:
        operations.return_bounties(at=WEEK.end + 7 * DAY)
    collect(at=collected)
    assert taxed(ana) == (D("1200.00"), D("51.00"))


@pytest.mark.parametrize("offered", [MONDAY - 5 * DAY, MONDAY, MONDAY + DAY])
def test_an_award_leaves_the_base_when_it_is_made(ana, ben, promise, award, offered):
    """500.00 of 1,200.00 are awarded in the middle: 950.00 on average, 6.00 + 22.50; the other has 250.00: 1.00."""
    award(ana, promise(ana, "500.00", days=14, at=offered), ben, MIDDLE)
    collect()
    assert (taxed(ana), taxed(ben)) == ((D("950.00"), D("28.50")), (D("250.00"), D("1.00")))


def test_an_award_leaves_the_closing_base(ana, ben, promise, award, figure):
    """700.00 are left: 6.00 + 10.00; the other has 500.00: 6.00."""
    figure(TAX_BASE="closing")
    award(ana, promise(ana, "500.00", at=MONDAY), ben, MIDDLE)
    collect()
    assert (taxed(ana), taxed(ben)) == ((D("700.00"), D("16.00")), (D("500.00"), D("6.00")))


@BOTH
def test_an_award_after_the_end_is_of_the_next_week(ana, ben, promise, award, figure, basis):
    figure(TAX_BASE=basis)
    award(ana, promise(ana, "500.00", at=SUNDAY), ben, WEEK.end)
    collect()
    assert taxed(ana) == (D("1200.00"), D("51.00"))
    assert not TaxCollection.objects.filter(wallet__user=ben).exists()


def test_no_more_is_taken_than_the_wallet_can_spend(ana, promise):
    """As ever: 51.00 are due; 700.00 are there, 690.00 of them locked."""
    promise(ana, "500.00", at=SUNDAY)
    ledger.hold(wallet=ana.wallet, kind=Lock.Kind.STAKE, coins=D("690.00"), at=SUNDAY)
    assert queries.outlook(ana.wallet.pk, at=SUNDAY).takes == D("10.00")
    collect()
    row = TaxCollection.objects.get(wallet__user=ana)
    assert (row.base, row.tokens_taxed, row.balance_before, row.balance_after) == (
        D("1200.00"),
        D("10.00"),
        D("700.00"),
        D("690.00"),
    )
    assert wallet_of(ana).available == D("0.00")
    assert violations() == []


def test_a_wallet_emptied_by_promises_has_its_row(join, promise):
    eve = hold(join("eve", at=LONG_AGO), "300.00")
    promise(eve, "300.00", at=SUNDAY)
    collect()
    assert taxed(eve) == (D("300.00"), D("0.00"))


@BOTH
def test_forecast_and_dry_run_say_what_is_collected(ana, ben, promise, award, figure, basis):
    figure(TAX_BASE=basis)
    award(ana, promise(ana, "33.33", at=MONDAY - DAY), ben, MIDDLE + timedelta(minutes=7))
    promise(ana, "400.00", at=MIDDLE)
    forecast = queries.outlook(ana.wallet.pk, at=WEEK.end - timedelta(seconds=1))
    seen = queries.preview(period=WEEK, end=WEEK.end, basis=basis)
    run = collect()
    assert (forecast.base, forecast.takes) == taxed(ana)
    assert (seen.base, seen.tax) == (run.total_base, run.total_tax)
    assert forecast.set_aside == queries.set_aside_in(run, ana.wallet.pk)


def test_its_pages_say_what_is_set_aside(client, api, ana, promise):
    """400.00 from the middle on: 200.00 of the average of 1,200.00 were not in the wallet."""
    promise(ana, "400.00", at=MIDDLE)
    with time_machine.travel(SUNDAY, tick=False):
        client.force_login(ana)
        assert "200.00 coins are in bounties" in client.get("/wallet/taxes/").content.decode()
        forecast = api(ana).get("/api/v1/me/taxes").json()["forecast"]
    assert (forecast["base"], forecast["set_aside"], forecast["tax"]) == ("1200.00", "200.00", "51.00")
    assert forecast["average_so_far"] == "1200.00"
    collect()
    page = client.get(f"/economy/runs/{WEEK.key}/").content.decode()
    assert "you had 1,200.00 coins on average" in page
    assert "200.00 coins were in bounties" in page


def test_without_a_bounty_nothing_is_said(client, ana):
    collect()
    client.force_login(ana)
    for address in ("/wallet/taxes/", f"/economy/runs/{WEEK.key}/"):
        assert "in bounties" not in client.get(address).content.decode()


def bases(basis):
    with connection.cursor() as cursor:
        cursor.execute("SELECT wallet, base FROM economy_tax_bases(%s, %s, %s)", [WEEK.start, WEEK.end, basis])
        return dict(cursor.fetchall())


@pytest.mark.parametrize("seed", range(6))
def test_who_promises_is_taxed_like_a_twin_who_does_not(join, promise, award, figure, ben, seed):
    """Whatever is promised, awarded and brought back, and whenever: the twin's coins leave with the awards alone."""
    figure(FREE_COMMENTS_PER_DAY=1000)
    chance = random.Random(seed)
    ana, twin = (hold(join(name, at=LONG_AGO), "2500.00") for name in ("ana", "twin"))
    moment = MONDAY - 3 * DAY
    waiting = []
    for _step in range(14):
        moment += timedelta(minutes=chance.randint(60, 2000), microseconds=chance.randint(0, 999_999))
        what = chance.choice(["promise", "promise", "award", "remove", "spend"])
        if what == "promise":
            waiting.append(promise(ana, f"{chance.randint(100, 15_000) / 100:.2f}", days=30, at=moment))
        elif what == "spend":
            for member in (ana, twin):
                move(member, "-12.34", moment)
        elif waiting:
            post = waiting.pop(chance.randrange(len(waiting)))
            if what == "remove":
                remove_post(remover=ana, post_id=post.pk, at=moment)
            else:
                move(twin, f"-{award(ana, post, ben, moment).amount}", moment)
        for basis in ("average", "closing"):
            found = bases(basis)
            assert found[ana.wallet.pk] == found[twin.wallet.pk]
            if WEEK.start <= moment < WEEK.end:
                figure(TAX_BASE=basis)
                hers, twins = (queries.outlook(one.wallet.pk, at=moment) for one in (ana, twin))
                assert (hers.so_far, hers.base, hers.assessment) == (twins.so_far, twins.base, twins.assessment)
                assert hers.base == found[ana.wallet.pk]
    assert Bounty.objects.count() > 2


def test_what_is_set_aside_is_looked_up_once_for_all(ana, promise):
    """One pass, with no look for each wallet: the function of the tax takes in that of the bounties."""
    promise(ana, "5.00", at=MIDDLE)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT * FROM economy_tax_bases(%s, %s, 'average')", [WEEK.start, WEEK.end])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert " on social_bounty" in plan
    assert "SubPlan" not in plan and "Function Scan" not in plan
