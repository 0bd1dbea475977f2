"""Gifts through `economy.ledger.operations.give`, beside pgbench doing the same in bare SQL, and beside plain Django."""

import random
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from benchmarks import community
from benchmarks.crowd import Crowd, crowd
from benchmarks.options import Options
from benchmarks.place import REFERENCE, pgbench, server
from benchmarks.results import RATE, Result, alternate

PEOPLE = 8


def run(options: Options) -> Iterator[Result]:
    """1 client and 8 clients; in each round all variants take their turn."""
    server().psql(REFERENCE / "ledger.sql")
    with crowd(PEOPLE) as people:
        for clients in (1, PEOPLE):
            found = alternate(_variants(options, people, clients), rounds=options.rounds)
            many = f"{clients} client" if clients == 1 else f"{clients} processes"
            yield Result("gift, " + many, "bare SQL, pgbench", RATE, 0.6, ours=found["ours"], theirs=found["bare"])
            yield Result(
                "ledger_move alone, " + many, "bare SQL, pgbench", RATE, ours=found["function"], theirs=found["bare"]
            )
            yield Result("gift, " + many, "plain Django", RATE, 5, ours=found["ours"], theirs=found["django"])


def _variants(options: Options, people: Crowd, clients: int) -> dict[str, Callable[[], float]]:
    def bare(script: str) -> Callable[[], float]:
        return lambda: pgbench(REFERENCE / script, clients=clients, seconds=options.seconds, members=options.members)

    def python(errand: Any) -> Callable[[], float]:
        return lambda: people.work(errand, options.members, seconds=options.seconds, people=clients).rate

    return {
        "bare": bare("give.pgbench"),
        "ours": python(gifts),
        "function": bare("ours.pgbench"),
        "django": python(plain_gifts),
    }


def pairs(number: int, members: int) -> Iterator[tuple[Any, Any, Decimal]]:
    """Givers, receivers and coins at random, made before the clock runs."""
    from accounts.members.models import User
    from accounts.wallets.models import Wallet

    def wallet(n: int) -> Wallet:
        member = User(id=community.numbered(community.MEMBER, n), status=User.Status.ACTIVE)
        return Wallet(id=community.numbered(community.WALLET, n), user=member)

    dice = random.Random()
    made = []
    for _ in range(5000):
        giver, receiver = dice.sample(range(1, members + 1), 2)
        made.append((wallet(giver), wallet(receiver), Decimal(dice.randint(1, 100)) / 100))
    while True:
        yield from made


def gifts(number: int, members: int) -> Callable[[], Any]:
    """Gifts as the API makes them, each under a key of its own."""
    from django.utils import timezone

    from economy.ledger.models import Transfer
    from economy.ledger.operations import give

    given = pairs(number, members)

    def act() -> None:
        giver, receiver, coins = next(given)
        give(
            giver=giver,
            receiver=receiver,
            coins=coins,
            memo="Thanks",
            key=str(uuid.uuid4()),
            channel=Transfer.Channel.API,
            at=timezone.now(),
        )

    return act


def plain_gifts(number: int, members: int) -> Callable[[], Any]:
    """The same rows as a tutorial would have them written: one transaction, two locks, objects made and saved."""
    from django.db import transaction
    from django.utils import timezone

    from accounts.wallets.models import Wallet
    from economy.ledger.models import Posting, Transfer, TransferKey, TransferKind

    given = pairs(number, members)

    @transaction.atomic
    def act() -> None:
        giver, receiver, coins = next(given)
        at = timezone.now()
        locked = {
            wallet.pk: wallet
            for pk in sorted((giver.pk, receiver.pk))
            for wallet in [Wallet.objects.select_for_update().get(pk=pk)]
        }
        payer, payee = locked[giver.pk], locked[receiver.pk]
        if payer.available < coins:
            raise ValueError("not enough coins")
        transfer = Transfer.objects.create(
            kind=TransferKind.GIFT,
            trigger="gift",
            channel="API",
            description="Thanks",
            actor_id=giver.user_id,
            created_at=at,
        )
        TransferKey.objects.create(
            owner_id=giver.user_id, key=str(uuid.uuid4()), fingerprint="", transfer_id=transfer.pk, created_at=at
        )
        payer.total_spent += coins
        payee.total_earned += coins
        for wallet, amount in ((payer, -coins), (payee, coins)):
            wallet.balance += amount
            wallet.lock_version += 1
            wallet.last_activity = at
            wallet.save()
            Posting.objects.create(
                created_at=at,
                transfer=transfer,
                wallet=wallet,
                kind=TransferKind.GIFT,
                amount=amount,
                balance_before=wallet.balance - amount,
                balance_after=wallet.balance,
                lock_version=wallet.lock_version,
            )

    return act
