"""`python -m benchmarks.pruning`: do reads look at no month of postings that they do not need? At 1,000,000 postings.

Fills twelve months by SQL, lets the product read (statement, taxes, hot feed, figures, the proof of the ledger), takes the
statements that it sends, asks PostgreSQL for the plan of each, and prints which months it looks at and how. Exit 1 when a
month that is not needed is touched, or one is read from end to end of which not all is needed.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any
from uuid import UUID

from benchmarks import community, place

MONTHS = [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13)]
JUNE, JULY = MONTHS[5], MONTHS[6]
LATE = datetime(2026, 12, 17, 12, tzinfo=UTC)  # a Thursday; the week began on the 14th
EVERY = frozenset(f"y2026m{month:02}" for month in range(1, 13))
_FILL = f"""
    WITH pair AS (
      SELECT civitas_uuid7(at) AS transfer, at, ('{community.WALLET}' || lpad((1 + n %% %s)::text, 12, '0'))::uuid AS wallet,
          n
        FROM generate_series(1, %s) AS n,
          LATERAL (SELECT '2026-01-01Z'::timestamptz + n * (interval '364 days' / %s) AS at) AS moment
    ), transfers AS (
      INSERT INTO economy_transfer (id, created_at, kind, trigger, channel, description, metadata, reference_type)
        SELECT transfer, at, 'TIP', 'tip', 'JOB', '', '{{}}', '' FROM pair
    )
    INSERT INTO economy_posting (id, created_at, transfer_id, wallet_id, fund, kind, amount, balance_before,
        balance_after, lock_version)
      SELECT civitas_uuid7_beside(transfer), at, transfer, wallet, NULL, 'TIP', -1, 1000000 - n, 1000000 - n - 1, 100 + n
        FROM pair WHERE n < 1000000
      UNION ALL
      SELECT civitas_uuid7_beside(transfer), at, transfer, NULL, 'content', 'TIP', 1, NULL, NULL, NULL
        FROM pair WHERE n < 1000000
"""
# Half of the posts are hot or warm; none has been tipped, so the order is that of their scores.
_SPREAD_POSTS = (
    "UPDATE social_post SET queue_level = abs(hashtext(id::text)) % 4, visibility_score = hashtext(id::text) % 100000"
)


@dataclass(frozen=True)
class Read:
    """One thing that the product reads: the months of postings that it needs, and whether it needs all of them whole."""

    name: str
    read: Callable[[], Any]
    needs: frozenset[str] = frozenset()
    is_whole: bool = False
    member: UUID | None = None  # behind whose wall
    functions: tuple[str, ...] = ()  # SQL functions whose own statements are looked at in place of the call


def main(arguments: list[str]) -> int:
    """Fill, look, say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pruning", description=__doc__)
    parser.add_argument("--postings", type=int, default=1_000_000, help="postings over twelve months (1,000,000)")
    parser.add_argument("--members", type=int, default=20_000, help="members who share them (20,000)")
    given = parser.parse_args(arguments)
    place.prepare()
    from django.utils import timezone

    from config import roles

    roles.make()
    community.begin_anew()
    community.make_months(MONTHS[0], timezone.now())
    community.make_months(MONTHS[0], MONTHS[-1])
    community.fill_members(given.members, at=timezone.now())
    community.fill_posts(given.members)
    place.execute(_SPREAD_POSTS)
    pairs = given.postings // 2
    place.execute(_FILL, given.members, pairs, pairs)
    place.settle_down()
    held = [_holds(read, *statement) for read in _reads() for statement in _statements(read)]
    print(f"{sum(held)} of {len(held)} statements hold")
    return int(not all(held))


def _reads() -> list[Read]:
    from django.contrib.auth.models import AnonymousUser

    from accounts.members.models import Page, User
    from accounts.wallets.models import Wallet
    from config.lib.pagination import Keyset
    from economy.ledger import queries, years
    from economy.observatory import queries as figures
    from economy.tax import queries as tax
    from social.feed import queries as feed

    mine = Wallet.objects.select_related("user").get(pk=community.numbered(community.WALLET, 7))
    other = Page.objects.get(user=community.numbered(community.MEMBER, 8))
    me, june = mine.user_id, frozenset({"y2026m06"})
    lines = list(queries.statement(wallet=mine, since=JUNE, until=JULY).order_by("-lock_version")[:20])
    newest = Keyset("-lock_version")
    asked: dict[str, Any] = {"member": me}
    found = [
        Read("statement, newest first", lambda: newest.slice(queries.statement(wallet=mine)), EVERY, **asked),
        Read(
            "statement of a month",
            lambda: newest.slice(queries.statement(wallet=mine, since=JUNE, until=JULY)),
            june,
            **asked,
        ),
        Read(
            "statement as CSV, a piece",
            lambda: next(queries.in_pieces(queries.statement(wallet=mine), size=1000)),
            EVERY,
            **asked,
        ),
        Read(
            "statement with a member, of a month",
            lambda: newest.slice(queries.statement(wallet=mine, page=other, since=JUNE, until=JULY)),
            june,
            **asked,
        ),
        Read(
            "who stood on the other side",
            lambda: queries._other_members(mine, lines),
            june,
            functions=("economy_other_wallets",),
            **asked,
        ),
        Read("one movement", lambda: queries.line_of(mine, lines[0].transfer_id), june, **asked),
        Read(
            "sums of a month by kind", lambda: queries.moved_by_kind(wallet=mine, since=JUNE, until=JULY), june, **asked
        ),
        Read("a year", lambda: years.year_of(mine, mine.created_at.year, at=LATE), EVERY, **asked),
        Read("this week's average", lambda: tax.outlook(mine.pk, at=LATE), frozenset({"y2026m12"}), **asked),
        Read("hot feed of a visitor", lambda: feed.HOT.slice(feed.hot_feed(AnonymousUser()))),
        Read("hot feed of a member", lambda: feed.HOT.slice(feed.hot_feed(User.objects.get(pk=me)))),
        # Of these months every posting of the span is needed; an index may still be cheaper than the whole month.
        Read("flows of a day", lambda: figures.flows_of(JUNE.date()), june, is_whole=True),
        Read(
            "taxable averages of a week",
            _tax_bases,
            frozenset({"y2026m12"}),
            is_whole=True,
            functions=("economy_tax_bases",),
        ),
    ]
    found += [
        Read(f"check {number}: {says[:44]}", partial(place.execute, sql), EVERY, is_whole=True)
        for number, says, sql in queries._CHECKS
        if re.search(r"(FROM|JOIN) economy_posting\b", sql)
    ]
    return found


def _tax_bases() -> None:
    place.execute(
        "SELECT count(*) FROM economy_tax_bases(%s, %s, %s)",
        LATE.replace(day=14, hour=0),
        LATE.replace(day=14, hour=0) + timedelta(days=7),
        "average",
    )


def _statements(read: Read) -> Iterator[tuple[str, Any, bool]]:
    """What a read sends to the database about postings or posts: statement, values, and whether behind the wall."""
    from django.db import connection

    sent: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        sent.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(listen):
        read.read()
    for sql, values in sent:
        called = [name for name in read.functions if f"{name}(" in sql]
        if called:
            yield *_body(called[0], values), False
        elif re.search(r"\b(economy_posting|social_post)\b", sql):
            yield sql, values, read.member is not None


def _body(function: str, values: Any) -> tuple[str, dict[str, Any]]:
    """The statement inside of a function of one, with the values that it was called with."""
    ((body, names),) = place.execute("SELECT prosrc, proargnames FROM pg_proc WHERE proname = %s", function)
    given = dict(zip(names, values, strict=False))
    return re.sub(r"\b(p_\w+)\b", r"%(\1)s", body.replace("%", "%%")), given


def _holds(read: Read, statement: str, values: Any, is_walled: bool) -> bool:
    from django.db import connection

    from config.lib.walls import seen_by

    with seen_by(read.member) if is_walled else nullcontext(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS OFF) {statement}", values)
        lines = [row[0] for row in cursor.fetchall()]
    plan = "\n".join(line for line in lines if "never executed" not in line)
    looked_at = set(re.findall(r"economy_(?:posting|transfer)_(y\d+m\d+)", plan)) - _empty()
    read_whole = set(re.findall(r"Seq Scan on economy_(?:posting|transfer)_(y\d+m\d+)", plan)) - _empty()
    spent = re.search(r"Execution Time: ([\d.]+) ms", plan)
    holds = looked_at <= read.needs and (read.is_whole or not read_whole) and "Seq Scan on social_post" not in plan
    print(
        f"{'holds ' if holds else 'BROKEN'}  {read.name:52} {len(looked_at):>2} months, {len(read_whole):>2} from end to"
        f" end, {spent[1] if spent else '?':>9} ms"
    )
    if not holds:
        print("\n".join(lines))
    return holds


@cache
def _empty() -> frozenset[str]:
    """Months without a row, made ahead: reading them costs nothing, so PostgreSQL does not care how."""
    found = place.execute(
        "SELECT replace(relid::text, 'economy_posting_', '') FROM pg_partition_tree('economy_posting')"
        " JOIN pg_class c ON c.oid = relid WHERE isleaf AND c.reltuples <= 0"
    )
    return frozenset(name for (name,) in found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
