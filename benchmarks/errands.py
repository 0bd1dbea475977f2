"""What the processes of a crowd do: gifts, sales and tips through the product's own operations, each under a key of its own."""

import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from benchmarks import community

# Made before the clock runs; enough that one turn seldom comes round to the same again.
MADE = 5000
FEE = Decimal("0.15")


def pairs(members: int) -> Iterator[tuple[Any, Any]]:
    """Wallets of two members each, at random, with their members."""
    from django.utils import timezone

    now, dice = timezone.now(), random.Random()
    made = []
    for _ in range(MADE):
        one, other = dice.sample(range(1, members + 1), 2)
        made.append((community.wallet(one, at=now), community.wallet(other, at=now)))
    while True:
        yield from made


def spenders(members: int, *, post: int | None = None) -> Iterator[tuple[Any, uuid.UUID]]:
    """Members and the post that each of them tips, at random or always the same one; never their own."""
    from django.utils import timezone

    now, dice = timezone.now(), random.Random()
    made = []
    for _ in range(MADE):
        tipped = post or dice.randint(1, community.posts(members))
        spender = 1 + (community.author(tipped) - 1 + dice.randint(1, members - 1)) % members
        made.append((community.member(spender, at=now), community.numbered(community.POST, tipped)))
    while True:
        yield from made


def coins(least: int, most: int) -> Decimal:
    """An amount between two numbers of cents."""
    return Decimal(random.randint(least, most)) / 100


def gifts(number: int, members: int) -> Callable[[], Any]:
    """Gifts as the API makes them."""
    from django.utils import timezone

    from economy.ledger.models import Transfer
    from economy.ledger.operations import give

    given = pairs(members)

    def act() -> None:
        giver, receiver = next(given)
        give(
            giver=giver,
            receiver=receiver,
            coins=coins(1, 100),
            memo="Thanks",
            key=str(uuid.uuid4()),
            channel=Transfer.Channel.API,
            at=timezone.now(),
        )

    return act


def sales(number: int, members: int) -> Callable[[], Any]:
    """One transfer of three: the buyer pays, the seller gets 85 %, the treasury the rest."""
    return _three_ways(members, lambda: None)


def sales_for_any_fund(number: int, members: int) -> Callable[[], Any]:
    """The same rows with another fund in the treasury's place each time."""
    from economy.ledger.models import Fund

    return _three_ways(members, lambda: None, funds=[fund for fund in Fund if fund != Fund.ISSUANCE])


def sales_between_three(number: int, members: int) -> Callable[[], Any]:
    """The same with a third member in the place of the treasury, somebody else each time."""
    from accounts.wallets.models import Wallet

    def anybody() -> Wallet:
        return next(third)[0]

    third = pairs(members)
    return _three_ways(members, anybody)


def _three_ways(members: int, third: Callable[[], Any], *, funds: Sequence[Any] = ("treasury",)) -> Callable[[], Any]:
    from django.utils import timezone

    from economy.ledger.models import Transfer, TransferKind
    from economy.ledger.operations import move

    given = pairs(members)

    def act() -> None:
        buyer, seller = next(given)
        price = coins(100, 200)
        fee = (price * FEE).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
        other = third()
        while other is not None and other.pk in (buyer.pk, seller.pk):
            other = third()
        wallets = [(buyer.pk, -price), (seller.pk, price - fee)]
        move(
            kind=TransferKind.PURCHASE,
            at=timezone.now(),
            wallets=wallets if other is None else [*wallets, (other.pk, fee)],
            funds=[(random.choice(funds), fee)] if other is None else [],
            actor=buyer.user_id,
            channel=Transfer.Channel.API,
            key=str(uuid.uuid4()),
        )

    return act


def tips(number: int, members: int) -> Callable[[], Any]:
    """Tips on posts at random, as the API makes them, with all that belongs to one."""
    return _tips(spenders(members))


def tips_on_one(number: int, members: int, post: int) -> Callable[[], Any]:
    """The same, all of them on one post."""
    return _tips(spenders(members, post=post))


def gifts_or_tips(number: int, members: int) -> Callable[[], Any]:
    """Every other process gives, the others tip."""
    return (gifts if number % 2 else tips)(number, members)


def _tips(given: Iterator[tuple[Any, uuid.UUID]]) -> Callable[[], Any]:
    from django.utils import timezone

    from economy.ledger.models import Transfer
    from social.feed.operations import TipLimitReached, tip_post

    def act() -> None:
        spender, post_id = next(given)
        try:
            tip_post(
                spender=spender,
                post_id=post_id,
                coins=coins(100, 200),
                channel=Transfer.Channel.API,
                key=str(uuid.uuid4()),
                at=timezone.now(),
            )
        except TipLimitReached:
            act()  # chance has brought the two together too often; somebody else tips

    return act
