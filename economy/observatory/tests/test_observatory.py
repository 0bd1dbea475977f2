"""The state of the economy and its snapshots."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.members.models import User
from accounts.wallets.models import Wallet
from economy.cycle.tests.weeks import AFTER, LONG_AGO, WEEK, fill_treasury, hold, was_active
from economy.ledger import operations as ledger
from economy.ledger.models import Transfer
from economy.observatory import operations, queries, rules
from economy.observatory.models import EconomySnapshot, SystemState
from economy.stipend.models import StipendRun
from economy.stipend.operations import pay_stipends
from economy.tax.models import TaxRun
from economy.tax.operations import collect_taxes

NIGHT = datetime(2026, 11, 17, 20, tzinfo=UTC)


def gini_of(balances):
    """The coefficient as `rules.gini` gives it for balances in any order."""
    ordered = sorted(balances)
    weighted = sum((place * balance for place, balance in enumerate(ordered, start=1)), D(0))
    return rules.gini(members=len(ordered), total=sum(ordered, D(0)), weighted=weighted)


def naive_gini(balances):
    """Half the mean difference of all pairs over the mean, as a textbook has it."""
    count, total = len(balances), sum(balances)
    return sum(abs(one - other) for one in balances for other in balances) / (2 * count * total)


def test_gini_of_equals_is_nothing():
    assert gini_of([D(5)] * 10) == D("0.00000")


def test_gini_when_one_of_four_has_all_is_three_quarters():
    assert gini_of([D(0), D(0), D(0), D(8)]) == D("0.75000")


def test_gini_of_nobody_and_of_nothing_is_nothing():
    assert gini_of([]) == gini_of([D(0), D(0)]) == D("0.00000")


@given(st.lists(st.decimals("0.01", "1000000", places=2), min_size=1, max_size=40))
def test_gini_is_what_the_textbook_says(balances):
    assert 0 <= gini_of(balances) < 1
    assert abs(gini_of(balances) - naive_gini(balances)) <= D("0.00001")


def test_velocity_is_what_moved_in_a_week_over_the_mean_supply():
    days = [(D(10), D(100))] * 6 + [(D(80), D(100)), (D(10), D(450))]
    # Seven days: 6 × 10 + 80 = 140 of 100 each; then 5 × 10 + 80 + 10 = 140 of a mean of (6 × 100 + 450) / 7 = 150.
    assert rules.velocity(days) == [None] * 6 + [D("1.40"), D("0.9333")]


def test_velocity_of_nothing_is_unknown():
    assert rules.velocity([]) == []
    assert rules.velocity([(D(0), D(0))] * 7)[-1] is None


def test_the_state_adds_up_to_all_coins_ever_created(alice, bob, now):
    state = queries.state(now)
    assert (state.ever_created, state.in_wallets) == (D("200.00"), D("200.00"))
    held = state.in_wallets + state.on_content + state.in_orders + state.treasury + state.burned + state.paid_out
    assert held == state.ever_created
    assert state.members == 2


def test_the_lorenz_curve_of_two_equals_is_straight(alice, bob):
    assert queries.spread() == queries.Spread(gini=D("0.00000"), lorenz=[(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)])


def test_the_spread_is_exact_for_more_wallets_than_the_curve_has_points(join, now):
    people = [join(f"member_{number}") for number in range(120)]
    for number, member in enumerate(people[1:], start=1):
        coins = D(number % 7 * 13) + D(number) / 100
        ledger.move(
            kind="STAFF_GRANT",
            at=now,
            wallets=[(member.wallet.pk, coins)],
            funds=[("issuance", -coins)],
            actor=None,
            channel=Transfer.Channel.ADMIN,
        )
    balances = list(Wallet.objects.order_by("balance").values_list("balance", flat=True))
    spread = queries.spread()
    assert abs(spread.gini - naive_gini(balances)) <= D("0.00001")
    assert len(spread.lorenz) == queries.LORENZ_POINTS + 1
    assert spread.lorenz[-1] == (1.0, 1.0)
    for members, coins in spread.lorenz:
        poorest = balances[: round(members * 120)]
        assert coins == pytest.approx(float(sum(poorest) / sum(balances)))


def test_erased_members_do_not_count_as_poor(alice, bob):
    User.objects.filter(pk=bob.pk).update(status=User.Status.ERASED)
    assert queries.spread().lorenz == [(0.0, 0.0), (1.0, 1.0)]


def test_a_snapshot_keeps_one_row_a_day(alice, bob, now):
    operations.take_snapshot(at=now)
    ledger.give(
        giver=alice.wallet, receiver=bob.wallet, coins=D("50"), memo="", key=None, channel=Transfer.Channel.WEB, at=now
    )
    operations.take_snapshot(at=now)
    snapshot = EconomySnapshot.objects.get()
    assert snapshot.moved == D("50.00")
    assert snapshot.gini == D("0.25000")
    assert SystemState.objects.get().last_analytics_update_at == now


def test_refreshing_writes_the_one_row(alice, now):
    operations.refresh_state(at=now)
    operations.refresh_state(at=now)
    assert SystemState.objects.get().in_wallets == D("100.00")


def test_the_first_snapshot_of_a_day_finishes_the_one_before(alice, bob, now):
    noon = datetime(2026, 11, 18, 12, tzinfo=UTC)
    operations.take_snapshot(at=noon)
    ledger.give(
        giver=alice.wallet,
        receiver=bob.wallet,
        coins=D("3.00"),
        memo="",
        key=None,
        channel=Transfer.Channel.WEB,
        at=noon + timedelta(hours=11),
    )
    operations.take_snapshot(at=noon + timedelta(hours=13))
    before, after = EconomySnapshot.objects.order_by("day")
    assert (before.moved, after.moved) == (D("3.00"), D("0.00"))


def test_a_snapshot_keeps_tax_and_stipend_of_its_day(join):
    was_active(hold(join("alice", at=LONG_AGO), "1200.00"))
    collect_taxes(period=WEEK, end=WEEK.end, at=AFTER)
    pay_stipends(period=WEEK, end=WEEK.end, at=AFTER)
    snapshot = operations.take_snapshot(at=AFTER)
    paid = StipendRun.objects.get().total_paid
    assert (snapshot.tax, snapshot.stipend) == (TaxRun.objects.get().total_tax, paid)
    assert paid > 0


def test_the_state_is_the_one_last_written_while_that_is_young(alice, bob, now):
    operations.refresh_state(at=now)
    ledger.give(
        giver=alice.wallet, receiver=bob.wallet, coins=D("5"), memo="", key=None, channel=Transfer.Channel.WEB, at=now
    )
    User.objects.filter(pk=bob.pk).update(status=User.Status.CLOSED)
    assert queries.latest_state(now + timedelta(minutes=2))[0].members == 2
    assert queries.latest_state(now + timedelta(minutes=4))[0].members == 1


class TestDoors:
    """Page and API; both public."""

    def test_the_state_is_public(self, api, alice):
        body = api().get("/api/v1/economy/state").json()
        assert (body["ever_created"], body["supply"], body["members"]) == ("100.00", "100.00", 1)
        assert body["jobs"]["last_tax_collection_at"] is None

    def test_history_and_brackets_are_public(self, api, alice, now):
        operations.take_snapshot(at=now)
        assert api().get("/api/v1/economy/history").json()["results"][0]["day"] == now.date().isoformat()
        assert [row["rate"] for row in api().get("/api/v1/economy/brackets").json()][-1] == "0.1500"

    @pytest.mark.parametrize("members", [0, 3])
    def test_the_page_shows_with_and_without_members(self, client, join, now, members):
        for number in range(members):
            join(f"member_{number}")
            operations.take_snapshot(at=now)
        assert client.get(reverse("economy:observatory")).status_code == 200

    @pytest.mark.parametrize("members", [2, 30])
    def test_queries_of_the_page_do_not_grow(self, client, join, now, members, django_assert_max_num_queries):
        for number in range(members):
            join(f"member_{number}")
        operations.refresh_state(at=now)
        operations.refresh_leaders(at=now)
        operations.take_snapshot(at=now)
        with django_assert_max_num_queries(14):
            client.get(reverse("economy:observatory"))

    def test_the_page_says_what_changed_since_yesterday(self, client, alice, bob):
        with time_machine.travel(NIGHT, tick=False):
            operations.take_snapshot(at=NIGHT)
            page = client.get(reverse("economy:observatory")).content.decode()
            assert "since yesterday" not in page  # today's own picture is not yesterday's
        morning = NIGHT + timedelta(hours=12)
        with time_machine.travel(morning, tick=False):
            hold(alice, "112.50", at=morning)
            fill_treasury("3.00", at=morning)
            page = client.get(reverse("economy:observatory")).content.decode()
        assert "+15.50 since yesterday" in page and "+3.00 since yesterday" in page

    def test_a_day_without_a_picture_is_no_yesterday(self, client, alice):
        operations.take_snapshot(at=NIGHT)
        with time_machine.travel(NIGHT + timedelta(days=2), tick=False):
            assert "since yesterday" not in client.get(reverse("economy:observatory")).content.decode()

    def test_every_chart_of_the_house_is_there_with_its_numbers(self, client, alice, bob):
        for day in range(9):
            operations.take_snapshot(at=NIGHT + timedelta(days=day))
        operations.refresh_leaders(at=NIGHT + timedelta(days=8))
        with time_machine.travel(NIGHT + timedelta(days=8), tick=False):
            page = client.get(reverse("economy:observatory")).content.decode()
        for name in (
            "Where the coins are",
            "Supply over time",
            "Treasury",
            "How lively coins are",
            "How equal, over time",
            "How equal",
            "Members",
            "Tax per week",
            "Stipends per week",
            "Largest wallets",
        ):
            assert re.search(rf"<h2[^>]*>{name}</h2>", page), name
        assert page.count("The numbers as a table") == 6  # five lines and the curve; bars have their values beside them

    def test_history_tells_tax_and_stipend(self, api, alice, now):
        operations.take_snapshot(at=now)
        day = api().get("/api/v1/economy/history").json()["results"][0]
        assert (day["tax"], day["stipend"], day["moved"]) == ("0.00", "0.00", "0.00")
