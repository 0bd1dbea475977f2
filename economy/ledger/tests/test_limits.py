"""How many gifts a member may give in a minute, and coins that stay after a way of signing in has changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from constance.test import override_config
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts.members.models import User
from config.lib.refusals import NotAllowed, Refused
from economy.ledger import operations
from economy.ledger.models import Transfer, TransferKind
from economy.ledger.slowly import NewMemberLimit

pytestmark = pytest.mark.django_db


@pytest.fixture
def give(alice: Any, bob: Any, now: datetime) -> Any:
    """give("1.00") is a gift of alice to bob."""

    def given(coins: str = "1.00", *, giver: Any = alice, receiver: Any = bob, **more: Any) -> Any:
        return operations.give(
            giver=giver.wallet,
            receiver=receiver.wallet,
            coins=D(coins),
            **{"memo": "", "key": None, "channel": Transfer.Channel.WEB, "at": now, **more},
        )

    return given


def test_ten_gifts_a_minute(give, alice, bob):
    for _number in range(10):
        give()
    with pytest.raises(operations.TooManyGifts) as refused:
        give()
    assert (refused.value.status, refused.value.slug) == (429, "too-many-gifts")
    give(giver=bob, receiver=alice)


def test_a_gift_that_was_refused_does_not_count(give):
    with override_config(GIFTS_PER_MINUTE=1):
        for _number in range(5):
            with pytest.raises(operations.NotEnoughCoins):
                give("400.00")
        give()


def test_a_gift_found_again_under_its_key_does_not_count(give):
    with override_config(GIFTS_PER_MINUTE=2):
        for _number in range(10):
            give(key="one")
        give()
        with pytest.raises(operations.TooManyGifts):
            give()
    assert Transfer.objects.filter(kind=TransferKind.GIFT).count() == 2


def test_gifts_of_a_burst_count_in_one_minute_in_whatever_order_they_arrive(give, now):
    for number in range(10):
        give(at=now - timedelta(milliseconds=number))
    with pytest.raises(operations.TooManyGifts):
        give(at=now - timedelta(milliseconds=10))
    give(at=now - timedelta(minutes=2))  # a clock that was set back shuts nobody out for long


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_ten_pass(give):
    def one(_number: int) -> bool:
        try:
            give()
        except operations.TooManyGifts:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(one, range(20))) == 10
    assert Transfer.objects.filter(kind=TransferKind.GIFT).count() == 10


@override_config(GIFTS_PER_MINUTE=1)
def test_the_api_refuses_with_a_problem_that_says_when(alice, bob):
    client = APIClient()
    client.force_login(alice)
    gift = {"to": "bob", "amount": "1.00"}
    answers = [client.post("/api/v1/transfers", gift) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [201, 429]
    assert answers[1].json()["type"] == "too-many-gifts"
    assert 0 < int(answers[1].headers["Retry-After"]) <= 60


@override_config(GIFTS_PER_MINUTE=1)
def test_a_retry_with_its_key_gets_the_first_answer_and_is_not_counted(alice, bob):
    client = APIClient()
    client.force_login(alice)
    gift = {"to": "bob", "amount": "1.00"}
    answers = [client.post("/api/v1/transfers", gift, headers={"Idempotency-Key": "k"}) for _again in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert answers[2].headers["Idempotent-Replayed"] == "true"
    # A refusal for the limit is not kept under a key: later the same command may pass.
    late = client.post("/api/v1/transfers", gift, headers={"Idempotency-Key": "l"})
    assert late.status_code == 429
    with override_config(GIFTS_PER_MINUTE=2):
        assert client.post("/api/v1/transfers", gift, headers={"Idempotency-Key": "l"}).status_code == 201


@override_config(GIFTS_PER_MINUTE=0)
def test_the_page_says_it_kindly_and_keeps_what_was_typed(alice, bob):
    client = Client()
    client.force_login(alice)
    shown = client.get("/wallet/gift/").context["form"]
    typed = {"to": "bob", "amount": "1.00", "memo": "For the bread", "key": shown["key"].value()}
    refused = client.post("/wallet/gift/", typed)
    assert refused.status_code == 429
    assert "You can give the next one in" in refused.content.decode()
    assert "For the bread" in refused.content.decode()


# -- Coins that stay ------------------------------------------------------------------------------


def test_no_gift_leaves_while_coins_are_held(give, alice, now):
    alice.coins_held_until = now + timedelta(hours=72)
    with pytest.raises(operations.CoinsHeld) as refused:
        give()
    assert (refused.value.status, refused.value.slug) == (422, "coins-held")
    assert "3 days" in str(refused.value)
    assert give(at=now + timedelta(hours=72))


def test_held_coins_do_not_keep_gifts_from_coming_in(give, alice, bob, now):
    alice.coins_held_until = now + timedelta(hours=72)
    assert give(giver=bob, receiver=alice)


def test_the_api_says_until_when(alice, bob, now):
    User.objects.filter(pk=alice.pk).update(coins_held_until=now + timedelta(hours=1))
    client = APIClient()
    client.force_login(alice)
    refused = client.post("/api/v1/transfers", {"to": "bob", "amount": "1.00"})
    assert (refused.status_code, refused.json()["type"]) == (422, "coins-held")
    assert datetime.fromisoformat(refused.json()["until"]) == now + timedelta(hours=1)


def test_the_suspended_hear_of_that_first(give, alice, now):
    alice.coins_held_until = now + timedelta(hours=72)
    alice.status = User.Status.SUSPENDED
    with pytest.raises(Refused) as refused:
        give()
    assert isinstance(refused.value, NotAllowed) or refused.value.slug == "account-suspended"


# -- New members ----------------------------------------------------------------------------------


@override_config(NEW_MEMBER_HOURS=72)
def test_a_new_member_carries_fifty_coins_away_in_a_day(give, alice, now):
    give("49.99", at=alice.created_at)
    with pytest.raises(NewMemberLimit) as refused:
        give("0.02", at=alice.created_at)
    assert (refused.value.status, refused.value.slug) == (429, "new-member-limit")
    assert "at most 50.00 coins a day" in str(refused.value)
    give("0.01", at=alice.created_at)
    give("0.02", at=alice.created_at + timedelta(hours=72))


@override_config(NEW_MEMBER_HOURS=72, NEW_MEMBER_TIP_COINS_PER_DAY=D("200.00"))
def test_what_a_new_member_could_not_give_does_not_count(give, alice):
    with pytest.raises(operations.NotEnoughCoins):
        give("150.00", at=alice.created_at)
    give("60.00", at=alice.created_at)


@override_config(NEW_MEMBER_HOURS=72)
def test_the_same_gift_under_its_key_counts_once(give, alice):
    first = give("20.00", key="k", at=alice.created_at)
    assert give("20.00", key="k", at=alice.created_at).transfer_id == first.transfer_id
    give("30.00", at=alice.created_at)
