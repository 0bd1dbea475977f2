"""Tables of members: kept by a job, and nobody in them who does not want to be."""

from decimal import Decimal as D

import pytest
from django.urls import reverse

from accounts.members.models import User
from config.lib.periods import Period
from economy.ledger import operations as ledger
from economy.ledger.models import Fund, Transfer, TransferKind
from economy.observatory import operations, queries
from economy.observatory.models import Leader

WALLETS, EARNERS = Leader.Board.WALLETS, Leader.Board.EARNERS
BOARD = "/api/v1/economy/leaderboard"


def earn(member, coins, at, kind=TransferKind.REWARD):
    ledger.move(
        kind=kind,
        at=at,
        wallets=[(member.wallet.pk, D(coins))],
        funds=[(Fund.ISSUANCE, -D(coins))],
        actor=None,
        channel=Transfer.Channel.JOB,
    )


def names(board, most=10):
    return [(one.place, one.page.username, one.amount) for one in queries.leaders(board, most=most).places]


def prefer(member, **choice):
    member.profile.preferences = choice
    member.profile.save()


def test_the_largest_wallets_come_first(alice, bob, mallory, now):
    earn(bob, "50.00", now)
    earn(mallory, "20.00", now)
    operations.refresh_leaders(at=now)
    assert names(WALLETS) == [(1, "bob", D("150.00")), (2, "mallory", D("120.00")), (3, "alice", D("100.00"))]
    assert queries.leaders(WALLETS, most=2).as_of == now


def test_earners_are_ranked_by_what_they_earned_since_monday(alice, bob, mallory):
    monday = Period.parse("2026-W47").start
    earn(alice, "5.00", monday)
    earn(alice, "7.00", monday.replace(hour=5))
    earn(bob, "9.00", monday)
    earn(mallory, "90.00", monday.replace(day=15, hour=23))  # a moment of the week before
    operations.refresh_leaders(at=monday.replace(hour=12))
    assert names(EARNERS) == [(1, "alice", D("12.00")), (2, "bob", D("9.00"))]


def test_gifts_grants_and_stipends_are_no_earnings(alice, bob, now):
    ledger.give(
        giver=alice.wallet, receiver=bob.wallet, coins=D("9"), memo="", key=None, channel=Transfer.Channel.WEB, at=now
    )
    earn(alice, "5.00", now, TransferKind.STAFF_GRANT)
    earn(alice, "5.00", now, TransferKind.STIPEND)
    operations.refresh_leaders(at=now)
    assert names(EARNERS) == []


@pytest.mark.parametrize("choice", [{"on_leaderboards": False}, {"hide_balance": True}])
class TestOptingOut:
    """The preference of accounts/members/preferences.py, at once and at the next run of the job."""

    def test_who_hides_is_out_before_the_job_runs_again(self, alice, bob, now, choice):
        earn(bob, "50.00", now)
        operations.refresh_leaders(at=now)
        prefer(bob, **choice)
        assert names(WALLETS) == [(1, "alice", D("100.00"))]
        assert names(EARNERS) == []

    def test_who_hides_is_not_even_kept(self, alice, bob, now, choice):
        prefer(bob, **choice)
        operations.refresh_leaders(at=now)
        assert not Leader.objects.filter(wallet=bob.wallet).exists()
        assert names(WALLETS) == [(1, "alice", D("100.00"))]

    def test_who_changes_their_mind_is_back_with_the_next_run(self, alice, bob, now, choice):
        prefer(bob, **choice)
        operations.refresh_leaders(at=now)
        prefer(bob)
        operations.refresh_leaders(at=now)
        assert len(names(WALLETS)) == 2


@pytest.mark.parametrize("status", ["SUSPENDED", "BANNED", "CLOSED"])
def test_who_is_not_active_is_out_at_once(alice, bob, now, status):
    operations.refresh_leaders(at=now)
    User.objects.filter(pk=bob.pk).update(status=status)
    assert [name for _place, name, _amount in names(WALLETS)] == ["alice"]


def test_refreshing_twice_leaves_one_row_each(alice, bob, now):
    operations.refresh_leaders(at=now)
    assert operations.refresh_leaders(at=now) == Leader.objects.count() == 2


@pytest.mark.parametrize("members", [3, 30])
def test_a_table_is_two_queries_however_long(join, now, members, django_assert_num_queries):
    for number in range(members):
        join(f"member_{number}")
    operations.refresh_leaders(at=now)
    with django_assert_num_queries(2):
        queries.leaders(WALLETS, most=100)


class TestDoors:
    """The page and the API, for everyone."""

    def test_the_api_tells_places_and_when_they_were_looked_at(self, api, alice, bob, now):
        earn(bob, "0.01", now)
        operations.refresh_leaders(at=now)
        body = api().get(BOARD).json()
        assert body["board"] == "wallets"
        assert body["results"][0] == {"place": 1, "username": "bob", "display_name": "Bob", "amount": "100.01"}
        assert api().get(f"{BOARD}?board=earners").json()["results"][0]["amount"] == "0.01"
        assert len(api().get(f"{BOARD}?page_size=1").json()["results"]) == 1

    def test_before_the_first_run_it_is_empty(self, api, alice):
        assert api().get(BOARD).json() == {"board": "wallets", "as_of": None, "results": []}

    @pytest.mark.parametrize("query", ["board=poorest", "page_size=0", "page_size=1000000000", "page_size=x", "of=me"])
    def test_what_makes_no_sense_is_malformed(self, api, query):
        response = api().get(f"{BOARD}?{query}")
        assert (response.status_code, response.json()["type"]) == (400, "malformed")

    def test_the_page_shows_both_tables(self, client, alice, now):
        operations.refresh_leaders(at=now)
        page = client.get(reverse("economy:observatory")).content.decode()
        assert "Largest wallets" in page and "@alice" in page
        assert "Nobody has earned anything since Monday." in page
