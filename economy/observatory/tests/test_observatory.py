"""The state of the economy and its snapshots."""

from decimal import Decimal as D

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from economy.ledger import operations as ledger
from economy.ledger.models import Transfer
from economy.observatory import operations, queries, rules
from economy.observatory.models import EconomySnapshot, SystemState


def curve_of(balances):
    total = sum(balances)
    points, coins = [(0.0, 0.0)], 0.0
    for place, balance in enumerate(sorted(balances), start=1):
        coins += balance
        points.append((place / len(balances), coins / total))
    return points


def test_gini_of_equals_is_nothing():
    assert rules.gini(curve_of([5.0] * 10)) == D("0.00000")


def test_gini_when_one_of_four_has_all_is_three_quarters():
    assert rules.gini(curve_of([0.0, 0.0, 0.0, 8.0])) == D("0.75000")


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=40))
def test_gini_lies_between_0_and_1(balances):
    assert 0 <= rules.gini(curve_of(balances)) < 1


def test_the_state_adds_up_to_all_coins_ever_created(alice, bob, now):
    state = queries.state(now)
    assert (state.ever_created, state.in_wallets) == (D("200.00"), D("200.00"))
    held = state.in_wallets + state.on_content + state.in_orders + state.treasury + state.burned + state.paid_out
    assert held == state.ever_created
    assert state.members == 2


def test_the_lorenz_curve_of_two_equals_is_straight(alice, bob):
    assert queries.lorenz() == [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)]


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


def test_the_largest_wallets_leave_out_who_hides(alice, bob):
    bob.profile.preferences = {"show_on_leaderboards": False}
    bob.profile.save()
    assert [wallet.page.username for wallet in queries.richest(most=10)] == ["alice"]


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
