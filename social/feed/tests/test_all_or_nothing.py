"""An error at any statement of an operation leaves nothing behind: neither a row, nor a coin, nor a count."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from config.lib.periods import Period
from social.feed import operations
from social.feed.models import Tip
from social.feed.tests.conftest import WEB, books_are_right

DAY = timedelta(hours=24)
TABLES = [
    "accounts_page",
    "accounts_user",
    "accounts_wallet",
    "economy_fundentry",
    "economy_posting",
    "economy_transfer",
    "economy_transferkey",
    "social_comment",
    "social_decayevent",
    "social_decayrun",
    "social_follow",
    "social_post",
    "social_tip",
    "social_uncountedtip",
]


class Cut(DatabaseError):
    """The connection broke here."""


def everything() -> dict[str, str]:
    """A digest of every table that the feed may touch."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(row::text, '|' ORDER BY row::text), '')) FROM {table} AS row"
            )
            found[table] = cursor.fetchone()[0]
    return found


@contextmanager
def sabotaged(table: str) -> Iterator[None]:
    """Every write to a table fails, in the midst of whichever function it stands in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION test_sabotage() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'sabotaged'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER test_sabotage BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION test_sabotage()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER test_sabotage ON {table}; DROP FUNCTION test_sabotage()")


@pytest.fixture
def stage(alice, bob, mallory, moderator, write, say, tip, noon) -> dict[str, Callable[[], Any]]:
    """One of each kind of operation, ready to be carried out, on rows that give it everything to do."""
    old, busy, bare = write(alice, at=noon - 9 * DAY), write(alice, at=noon), write(alice, at=noon + DAY)
    tip(bob, old, "10.00", at=noon - 9 * DAY)
    given = tip(bob, busy, "3.33")
    tip(mallory, busy, "5.00")
    comment = say(bob, busy)
    tip(mallory, comment, "2.00")
    say(bob, busy)
    return {
        "tip_post": lambda: tip(mallory, bare, "1.00", key="k"),
        "tip_comment": lambda: tip(mallory, comment, "1.00", key="k"),
        "take_back": lambda: operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon),
        "settle_tips": lambda: operations.settle_tips(at=noon),
        "remove_post": lambda: operations.remove_post(remover=moderator, post_id=busy.pk, at=noon),
        "remove_comment": lambda: operations.remove_comment(remover=bob, comment_id=comment.pk, at=noon),
        "write_post": lambda: write(alice, "Rapidly.", at=noon + DAY + timedelta(minutes=1), key="w"),
        "write_comment": lambda: say(bob, busy, "The third.", parent_id=comment.pk, key="w"),
        "free_comment": lambda: say(mallory, busy, "The first."),
        "follow": lambda: operations.follow(follower=bob, page=alice.primary_page, at=noon),
        "apply_decay": lambda: operations.apply_decay(period=Period.of(noon), end=noon, at=noon),
    }


# Which tables an operation writes; each of them is where it may break.
WRITES = {
    "tip_post": [
        "economy_transferkey",
        "accounts_wallet",
        "economy_transfer",
        "economy_posting",
        "economy_fundentry",
        "social_tip",
        "social_post",
    ],
    "tip_comment": ["accounts_wallet", "economy_transfer", "economy_posting", "social_tip", "social_comment"],
    "take_back": [
        "accounts_wallet",
        "economy_transfer",
        "economy_posting",
        "economy_fundentry",
        "social_tip",
        "social_post",
    ],
    "settle_tips": [
        "accounts_wallet",
        "economy_transfer",
        "economy_posting",
        "economy_fundentry",
        "social_tip",
        "accounts_page",
    ],
    "remove_post": [
        "accounts_wallet",
        "economy_transfer",
        "economy_posting",
        "economy_fundentry",
        "social_tip",
        "social_post",
        "accounts_page",
    ],
    "remove_comment": ["accounts_wallet", "economy_transfer", "social_tip", "social_comment", "social_post"],
    "write_post": [
        "accounts_wallet",
        "economy_transfer",
        "economy_posting",
        "social_post",
        "accounts_user",
        "accounts_page",
    ],
    "write_comment": [
        "accounts_wallet",
        "economy_transfer",
        "economy_posting",
        "social_comment",
        "accounts_user",
        "social_post",
    ],
    "free_comment": ["accounts_user", "social_comment", "social_post"],
    "follow": ["social_follow", "accounts_page"],
    "apply_decay": ["social_decayevent", "social_post"],
}


# Jobs are several transactions: what is done stays done, and the next run goes on from there.
JOBS = {"settle_tips", "apply_decay"}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "table"), [(name, table) for name, tables in WRITES.items() for table in tables])
def test_an_error_at_any_write_leaves_nothing(stage, name, table):
    before = everything()
    with sabotaged(table), pytest.raises(DatabaseError, match="sabotaged"), transaction.atomic():
        stage[name]()
    assert everything() == before
    stage[name]()
    assert everything() != before
    assert books_are_right()


@pytest.mark.django_db
@pytest.mark.parametrize("name", list(WRITES))
def test_a_connection_cut_before_any_statement_leaves_nothing(stage, name):
    """Statement by statement: the operation is cut before its first, its second and so on, until it gets through."""
    before = everything()
    for cut_at in range(1, 40):
        seen = 0

        def cut(execute, sql, params, many, context, cut_at=cut_at):
            nonlocal seen
            seen += 1
            if seen == cut_at:
                raise Cut
            return execute(sql, params, many, context)

        with connection.execute_wrapper(cut):
            try:
                with transaction.atomic():
                    stage[name]()
                break
            except Cut:
                pass
        if name not in JOBS:
            assert everything() == before, cut_at
        assert books_are_right()
    else:
        pytest.fail("it never got through")
    assert everything() != before
    assert books_are_right()


@pytest.mark.django_db(transaction=True)
def test_a_busy_posts_coins_stay_moved_when_its_figures_fail(alice, bob, mallory, write, tip):
    post = write(alice)
    tip(bob, post, "1.00")
    with sabotaged("social_post"):
        given = tip(mallory, post, "1.00")
    assert Tip.objects.get(pk=given.pk).amount == D("1.00")
    assert books_are_right()
