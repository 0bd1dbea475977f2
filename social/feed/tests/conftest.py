"""What the feed's tests share: ways to say who does what, and threads that start together."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from constance.test import override_config
from django.db import connection

from accounts.wallets.models import Wallet
from economy.ledger.models import Fund, Transfer, TransferKind
from economy.ledger.operations import move
from economy.ledger.queries import fund_balances, violations
from social.feed import operations

WEB = Transfer.Channel.WEB


@pytest.fixture
def noon() -> datetime:
    """A Wednesday noon, so that an hour more or less stays within the day and the week."""
    return datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


@pytest.fixture
def write(noon: datetime) -> Callable[..., Any]:
    """write(alice, "words") publishes a post; at noon, and each further one late enough to be free."""
    numbers = iter(range(100_000))
    written: Counter[Any] = Counter()

    def make(author: Any, content: str | None = None, *, at: datetime | None = None, **given: Any) -> Any:
        content = content if content is not None else f"Words, number {next(numbers)}."
        at = at or noon + written[author] * timedelta(minutes=10)
        written[author] += 1
        return operations.write_post(author=author, content=content, channel=WEB, at=at, **given)

    return make


@pytest.fixture
def say(noon: datetime) -> Callable[..., Any]:
    """say(bob, post) comments on it."""

    def make(author: Any, post: Any, content: str = "Well said.", *, at: datetime | None = None, **given: Any) -> Any:
        return operations.write_comment(
            author=author, post_id=post.pk, content=content, channel=WEB, at=at or noon, **given
        )

    return make


@pytest.fixture
def tip(noon: datetime) -> Callable[..., Any]:
    """tip(bob, post, "3.33") tips a post or a comment."""

    def give(spender: Any, target: Any, coins: str, *, at: datetime | None = None, **given: Any) -> Any:
        act = operations.tip_comment if hasattr(target, "post_id") else operations.tip_post
        name = "comment_id" if hasattr(target, "post_id") else "post_id"
        return act(spender=spender, coins=Decimal(coins), channel=WEB, at=at or noon, **{name: target.pk}, **given)

    return give


def balance(member: Any) -> Decimal:
    return Wallet.objects.get(user=member).balance


def fund(name: str) -> Decimal:
    return fund_balances()[name]


def drain(member: Any, *, to: str, at: datetime) -> None:
    """Leaves a wallet with `to` coins; the rest goes to the treasury."""
    rest = balance(member) - Decimal(to)
    move(
        kind=TransferKind.CORRECTION,
        at=at,
        wallets=[(member.wallet.pk, -rest)],
        funds=[(Fund.TREASURY, rest)],
        actor=None,
        channel=Transfer.Channel.JOB,
    )


def books_are_right() -> bool:
    return violations() == []


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Runs calls in threads that start at once, each on a connection of its own; their results or errors, in order."""
    start = threading.Barrier(len(calls))
    outcomes: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            outcomes[place] = call()
        except Exception as error:  # handed to the test, which looks at each
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def figure() -> Iterator[Callable[..., None]]:
    """figure(COMMENT_FEE=…) sets runtime settings for one test."""
    with ExitStack() as undo:

        def set_to(**figures: Any) -> None:
            undo.enter_context(override_config(**figures))

        yield set_to


@pytest.fixture
def rewritten() -> Callable[..., Any]:
    """with rewritten("function", ("old", "new"), …): … — for controls: the function without one of its locks."""

    @contextmanager
    def meanwhile(name: str, *changes: tuple[str, str]) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [name])
            (original,) = cursor.fetchone()
            changed = original
            for old, new in changes:
                assert old in changed, old
                changed = changed.replace(old, new)
            cursor.execute(changed.replace("%", "%%"), [])
            try:
                yield
            finally:
                cursor.execute(original.replace("%", "%%"), [])

    return meanwhile


@pytest.fixture
def leave_uncounted() -> Callable[[], Any]:
    """with leave_uncounted(): … — no figures can be written meanwhile, as in a crash between a tip and its figures."""

    @contextmanager
    def meanwhile() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION test_crash() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'crashed'; END $$;"
                "CREATE TRIGGER test_crash BEFORE UPDATE ON social_post EXECUTE FUNCTION test_crash()"
            )
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER test_crash ON social_post; DROP FUNCTION test_crash()")

    return meanwhile
