"""Members doing everything at once while clocks jump, replies are lost and jobs crash: the books stay right.

Looked at after each step.
`make chaos` takes 10,000 steps (CHAOS_STEPS); `make test` fewer.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.badges.models import UserActivity
from accounts.members.operations import join
from accounts.wallets.models import Wallet
from config.lib import cycle, limits
from config.lib.refusals import Refused
from economy.ledger.models import Fund, Lock, Posting, Transfer, TransferKind
from economy.ledger.operations import give, hold, move, release, roll_up_funds
from economy.ledger.queries import fund_balances, violations
from economy.stipend import operations as stipend
from economy.stipend.models import StipendDistribution
from economy.tax import operations as tax
from economy.tax.models import TaxCollection
from social.feed import operations as feed
from social.feed.models import Comment, Post, Tip

STEPS = int(os.environ.get("CHAOS_STEPS", "150"))
PER_STORY = 50  # steps of one community, from its first members to its end
WEB = Transfer.Channel.WEB
BEGIN = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # a Monday

someone = st.integers(0, 3)
cents = st.one_of(st.integers(1, 500), st.integers(1, 20_000)).map(lambda n: Decimal(n) / 100)
tips = st.integers(90, 1_010).map(lambda n: Decimal(n) / 100)
which = st.integers(0, 40)
# Back an hour, on within a window, past the end of one, past a week, past two. Drawn from a list: numbers drawn from a
# wide span are mostly small, and then no week would ever end.
JUMPS = [timedelta(hours=hours) for hours in (-1, 0, 1, 23, 25, 72, 7 * 24, 15 * 24)]


class Crash(BaseException):
    """The process that ran a job is gone; nothing in the house may catch it."""


@contextmanager
def crashing(after: int | None) -> Iterator[None]:
    """The connection is cut before the next statement but `after`; None: never."""
    left = after

    def count(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if left is not None:
            if left == 0:
                raise Crash()
            left -= 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


class Community(RuleBasedStateMachine):
    """One community, in a transaction that is rolled back at its end; steps of it commit as savepoints."""

    looks = 0  # of all stories

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        limits.forget_all()
        self.at = BEGIN
        self.members: list[Any] = []
        self.said: list[tuple[Callable[[], Any], Any]] = []
        self.created = Decimal(0)
        self.numbers = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    @initialize()
    def people_join(self) -> None:
        for number in range(4):
            self.members.append(
                join(phone_number=f"+4917055512{number:02}", username=f"chaos_{number}", display_name="C", at=self.at)
            )
        # Enough to be taxed in every bracket, a treasury that can pay, and words to tip: else little would happen.
        coins = [Decimal(250), Decimal(900), Decimal(4_000), Decimal(9_000)]
        move(
            kind=TransferKind.STAFF_GRANT,
            at=self.at,
            wallets=[(member.wallet.pk, some) for member, some in zip(self.members, coins, strict=True)],
            funds=[(Fund.ISSUANCE, -sum(coins) - 1_000), (Fund.TREASURY, Decimal(1_000))],
            actor=None,
            channel=Transfer.Channel.ADMIN,
        )
        for member in self.members:
            feed.write_post(author=member, content=f"The first words of {member.pk}", channel=WEB, at=self.at)
            UserActivity.objects.get_or_create(user=member, day=self.at.date())
        self.created = -fund_balances()[Fund.ISSUANCE]

    def key(self) -> str:
        self.numbers += 1
        return f"chaos-{self.numbers}"

    def attempt(self, act: Callable[[], Any], *, dies_after: int | None = None) -> Any:
        """Do something that may be refused, or cut off in the middle: then nothing of it may be left in part."""
        try:
            with transaction.atomic(), crashing(dies_after):
                return act()
        except (Refused, Crash):
            return None

    def command(self, act: Callable[[], Any], who: Any, dies_after: int | None) -> None:
        """A command with a key: its reply may be lost, so it is kept, to be said again."""
        done = self.attempt(act, dies_after=dies_after)
        self.said.append((act, getattr(done, "transfer_id", getattr(done, "pk", None))))

    @rule(giver=someone, receiver=someone, coins=cents, dies=st.none() | st.integers(0, 8))
    def give(self, giver: int, receiver: int, coins: Decimal, dies: int | None) -> None:
        one, other, key, at = self.members[giver], self.members[receiver], self.key(), self.at
        self.command(
            lambda: give(
                giver=Wallet.objects.select_related("user").get(user=one),
                receiver=Wallet.objects.select_related("user").get(user=other),
                coins=coins, memo="", key=key, channel=WEB, at=at,
            ),
            one,
            dies,
        )  # fmt: skip

    @rule(author=someone, dies=st.none() | st.integers(0, 12))
    def write(self, author: int, dies: int | None) -> None:
        member, key, at = self.members[author], self.key(), self.at
        self.command(
            lambda: feed.write_post(author=member, content=f"Words {key}", channel=WEB, at=at, key=key), member, dies
        )

    @rule(author=someone, place=which, dies=st.none() | st.integers(0, 12))
    def comment(self, author: int, place: int, dies: int | None) -> None:
        member, post, key, at = self.members[author], self.pick(Post, place), self.key(), self.at
        self.command(
            lambda: feed.write_comment(
                author=member, post_id=post, content=f"Words {key}", channel=WEB, at=at, key=key
            ),
            member,
            dies,
        )

    @rule(spender=someone, place=which, coins=tips, dies=st.none() | st.integers(0, 6))
    def tip(self, spender: int, place: int, coins: Decimal, dies: int | None) -> None:
        member, key, at = self.members[spender], self.key(), self.at
        act: Callable[..., Any]
        comments = Comment.objects.exists()
        if comments and place % 2:
            act, given = feed.tip_comment, {"comment_id": self.pick(Comment, place)}
        else:
            act, given = feed.tip_post, {"post_id": self.pick(Post, place)}
        self.command(lambda: act(spender=member, coins=coins, channel=WEB, at=at, key=key, **given), member, dies)

    @rule(spender=someone, place=which)
    def take_back(self, spender: int, place: int) -> None:
        tip = self.pick(Tip, place)
        self.attempt(lambda: feed.take_back(spender=self.members[spender], tip_id=tip, channel=WEB, at=self.at))

    @rule(remover=someone, place=which)
    def remove(self, remover: int, place: int) -> None:
        post = self.pick(Post, place)
        self.attempt(lambda: feed.remove_post(remover=self.members[remover], post_id=post, at=self.at))

    @rule(owner=someone, coins=cents, opens=st.booleans(), place=which)
    def tie_up_or_untie(self, owner: int, coins: Decimal, opens: bool, place: int) -> None:
        if opens and Lock.objects.exists():
            lock = self.pick(Lock, place)
            self.attempt(lambda: release(lock_id=lock, at=self.at))
        else:
            wallet = Wallet.objects.get(user=self.members[owner])
            self.attempt(lambda: hold(wallet=wallet, kind=Lock.Kind.STAKE, coins=coins, at=self.at))

    @rule(receiver=someone, coins=cents)
    def new_coins(self, receiver: int, coins: Decimal) -> None:
        wallet = Wallet.objects.get(user=self.members[receiver])
        made = self.attempt(
            lambda: move(
                kind=TransferKind.STAFF_GRANT, at=self.at, wallets=[(wallet.pk, coins)],
                funds=[(Fund.ISSUANCE, -coins)], actor=None, channel=Transfer.Channel.ADMIN,
            )
        )  # fmt: skip
        self.created += coins if made is not None else 0

    @rule(place=which)
    def say_again(self, place: int) -> None:
        """A retry finds what the first attempt did, under its key and with its clock, and moves nothing."""
        if not self.said:
            return
        spot = place % len(self.said)
        act, first = self.said[spot]
        before = Posting.objects.count()
        again = self.attempt(act)
        if first is not None:
            assert again is None or getattr(again, "transfer_id", getattr(again, "pk", None)) == first
            assert Posting.objects.count() == before, "a retry moved coins"
        elif again is not None:
            self.said[spot] = (act, getattr(again, "transfer_id", getattr(again, "pk", None)))

    @rule(
        later=st.sampled_from(JUMPS),
        settling_dies=st.none() | st.integers(0, 10),
        cycle_dies=st.none() | st.integers(0, 120),
        rolling_dies=st.none() | st.integers(0, 3),
    )
    def the_beat_ticks(
        self, later: timedelta, settling_dies: int | None, cycle_dies: int | None, rolling_dies: int | None
    ) -> None:
        """The clock jumps, and the jobs run that are due then; any of them may be cut off."""
        self.at += later
        limits.forget_all()
        for member in self.members:
            UserActivity.objects.get_or_create(user=member, day=self.at.date())
        self.job(lambda: feed.settle_tips(at=self.at, chunk=2), settling_dies)
        self.job(lambda: cycle.run(periods=cycle.due_periods(self.at), at=self.at), cycle_dies)
        self.job(roll_up_funds, rolling_dies)

    @rule(later=st.sampled_from(JUMPS[3:]))
    def the_beat_ticks_late(self, later: timedelta) -> None:
        self.the_beat_ticks(later, None, None, None)

    def job(self, run: Callable[[], Any], dies: int | None) -> None:
        """A job commits in parts: what was done before a crash stays. Run twice it has nothing to do."""
        try:
            with crashing(dies):
                run()
        except Crash:
            return
        before = Posting.objects.count()
        run()
        assert Posting.objects.count() == before, "a job that had ended did something again"

    def pick(self, model: Any, number: int) -> Any:
        """The id of one of the rows; of nothing where there is none, which is then refused as not there.

        What is drawn must not depend on the rows, or a story could not be told again to shorten it.
        """
        ids = list(model.objects.order_by("pk").values_list("pk", flat=True))
        return ids[number % len(ids)] if ids else UUID(int=0)

    @invariant()
    def the_books_are_right(self) -> None:
        with connection.cursor() as cursor:  # what is checked at commit, now
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert violations() == []
        Community.looks += 1

    @invariant()
    def no_coin_is_made_or_lost(self) -> None:
        held = sum(Wallet.objects.values_list("balance", flat=True), Decimal(0))
        funds = fund_balances()
        assert -funds[Fund.ISSUANCE] == self.created
        assert held + sum(coins for fund, coins in funds.items() if fund != Fund.ISSUANCE) == self.created
        assert min(funds[Fund.TREASURY], funds[Fund.CONTENT], funds[Fund.BURNED]) >= 0

    @invariant()
    def each_is_taxed_and_paid_once_a_week(self) -> None:
        paid = StipendDistribution.objects.filter(paid_at__isnull=False, total_stipend__gt=0)
        for kind, rows, coins in (
            (TransferKind.TAX, TaxCollection.objects.filter(tokens_taxed__gt=0), "tokens_taxed"),
            (TransferKind.STIPEND, paid, "total_stipend"),
        ):  # fmt: skip
            written = sorted(rows.values_list("wallet_id", coins))
            moved = sorted(
                (wallet, abs(amount))
                for wallet, amount in Posting.objects.filter(kind=kind, wallet__isnull=False).values_list(
                    "wallet_id", "amount"
                )
            )
            assert written == moved


@pytest.mark.django_db
def test_whatever_members_clocks_and_crashes_do_the_books_are_right_after_each_step(monkeypatch):
    for room in (tax, stipend):  # a crash must find a run in its middle, and four members are one chunk
        monkeypatch.setattr(room, "CHUNK", 1)
    # A story may end before its last step, so what counts is how often the books were looked at.
    Community.looks = 0
    while Community.looks < STEPS:
        run_state_machine_as_test(
            Community,
            settings=settings(
                max_examples=ceil((STEPS - Community.looks) / PER_STORY),
                stateful_step_count=PER_STORY,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink],
            ),
        )
