"""Gifts between members of whom one has blocked the other."""

from decimal import Decimal as D
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.members.boundaries import Blocked, block
from economy.ledger import operations, queries
from economy.ledger.models import Transfer

pytestmark = pytest.mark.django_db
WEB = Transfer.Channel.WEB


def test_no_gift_passes_between_members_who_keep_apart(alice, bob, now):
    block(member=bob, page=alice.primary_page, at=now)
    for giver, receiver in ((alice, bob), (bob, alice)):
        with pytest.raises(Blocked):
            operations.give(
                giver=queries.wallet_of(giver),
                receiver=queries.wallet_of(receiver),
                coins=D("1.00"),
                memo="",
                key=None,
                channel=WEB,
                at=now,
            )
    assert queries.wallet_of(bob).balance == D("100.00")


def test_the_form_says_so_and_keeps_what_was_typed(client, api, alice, bob, now):
    block(member=bob, page=alice.primary_page, at=now)
    client.force_login(alice)
    gift = {"to": "bob", "amount": "2.00", "memo": "For you"}
    page = client.post(reverse("economy:send_gift"), {**gift, "key": uuid4().hex})
    assert page.status_code == 422
    assert "keep apart" in page.content.decode() and "For you" in page.content.decode()
    refused = api(alice).post("/api/v1/transfers", gift, headers={"Idempotency-Key": "k"})
    assert (refused.status_code, refused.json()["type"]) == (422, "blocked")
