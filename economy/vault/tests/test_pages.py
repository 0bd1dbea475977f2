"""The vault on its page, in the API, in the admin, in a copy of one's data, and in notices."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.departures import parts
from accounts.notifications.models import Notification
from accounts.notifications.operations import gather
from economy.vault import operations
from economy.vault.models import VaultDeposit
from economy.vault.tests.test_operations import sell

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(alice):
    client = Client()
    client.force_login(alice)
    return client


def test_the_page_shows_what_waits_and_what_is_next(page, alice, bob, now):
    sell(alice, "85.00", now - timedelta(days=15))
    sell(alice, "40.00", now - timedelta(days=40))
    sell(bob, "777.00", now)
    operations.open_vault(at=now)
    shown = page.get("/wallet/vault/").content.decode()
    for words in ("8.50", "4.00", "Sale settled", "free since", "14 d"):
        assert words in shown, words
    assert "77.70" not in shown


def test_an_empty_vault_says_how_it_fills(page):
    assert "Your vault is empty" in page.get("/wallet/vault/").content.decode()


def test_the_page_costs_as_many_queries_with_many_deposits(page, alice, now, django_assert_max_num_queries):
    for number in range(25):
        sell(alice, "10.00", now - timedelta(minutes=number))
    page.get("/wallet/vault/")
    with django_assert_max_num_queries(14):
        assert "cursor=" in page.get("/wallet/vault/").content.decode()


def test_the_api_lists_deposits_with_what_is_next(api, alice, bob, now):
    sell(alice, "85.00", now - timedelta(days=1))
    sell(bob, "40.00", now)
    told = api(alice).get("/api/v1/me/vault").json()
    assert (told["locked"], told["next_amount"]) == ("8.50", "8.50")
    deposit = VaultDeposit.objects.get(wallet=alice.wallet)
    assert [(one["id"], one["amount"], one["is_unlocked"]) for one in told["results"]] == [
        (str(deposit.pk), "8.50", False)
    ]
    assert (told["next"], told["previous"]) == (None, None)
    empty = api(bob).get("/api/v1/me/vault").json()
    assert empty["locked"] == "4.00"


def test_a_copy_of_ones_data_holds_ones_own_deposits(alice, bob, now):
    sell(alice, "85.00", now)
    part = next(part for part in parts.parts() if part.name == "vault")
    assert [row["amount"] for row in part.rows(alice)] == [D("8.50")]
    assert list(part.rows(bob)) == []


def test_the_notice_adds_up_what_came_free(alice, now):
    for coins in ("20.00", "40.00"):
        sell(alice, coins, now - timedelta(days=30))
    operations.open_vault(at=now)
    gather(at=timezone.now())
    told = Notification.objects.get(user=alice, type="vault")
    assert told.title == "6.00 coins from your vault are free"


def test_staff_look_at_deposits_and_change_none(admin_member, moderator, alice, now):
    sell(alice, "85.00", now)
    deposit = VaultDeposit.objects.get()
    for staff in (admin_member, moderator):
        desk = Client()
        desk.force_login(staff)
        assert b"8.50" in desk.get(reverse("admin:economy_vaultdeposit_changelist")).content
        where = reverse("admin:economy_vaultdeposit_change", args=[deposit.pk])
        assert desk.post(where, {"amount": "0.01"}).status_code == 403
