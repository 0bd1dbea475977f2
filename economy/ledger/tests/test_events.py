"""What a stream tells of coins."""

from decimal import Decimal

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone

from accounts.notifications import events
from accounts.notifications.tests.streams import bearer, hearing, read
from economy.ledger.models import TransferKind
from economy.ledger.operations import move


@pytest.mark.django_db(transaction=True)
def test_coins_that_move_without_a_word_show_within_the_half_minute(alice, monkeypatch):
    monkeypatch.setattr(events, "LOOK_AGAIN", 0.2)
    given = bearer(alice)

    def spend():
        move(
            kind=TransferKind.POST_FEE,
            at=timezone.now(),
            wallets=[(alice.wallet.pk, Decimal("-3.00"))],
            funds=[("treasury", Decimal("3.00"))],
            actor=alice.pk,
            channel="WEB",
        )

    async def listen():
        async with hearing(headers=given) as chunks:
            await read(chunks, 2)
            await sync_to_async(spend)()
            return await read(chunks, 1)

    assert async_to_sync(listen)() == [("balance", {"balance": "97.00", "available": "97.00"})]
