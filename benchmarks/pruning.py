"""`python -m benchmarks.pruning`: do the ledger's reads look at no month that they do not need? At 1,000,000 postings.

Fills twelve months by SQL, asks PostgreSQL for the plan of each read, and prints which months it looks at and how. Exit 1
when a month that is not needed is touched, or one is read from end to end.
"""

import argparse
import re
import sys
from datetime import UTC, datetime

from benchmarks import community, place

MONTHS = [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13)]
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


def main(arguments: list[str]) -> int:
    """Fill, look, say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pruning", description=__doc__)
    parser.add_argument("--postings", type=int, default=1_000_000, help="postings over twelve months (1,000,000)")
    parser.add_argument("--members", type=int, default=2_000, help="members who share them (2,000)")
    given = parser.parse_args(arguments)
    place.prepare()
    from django.utils import timezone

    community.begin_anew()
    community.make_months(MONTHS[0], timezone.now())
    community.make_months(MONTHS[0], MONTHS[-1])
    community.fill_members(given.members, at=timezone.now())
    pairs = given.postings // 2
    place.execute(_FILL, given.members, pairs, pairs)
    place.settle_down()
    return int(not all([_holds(*read) for read in _reads()]))  # noqa: C419 - each says its line


def _reads() -> list[tuple[str, str, list[object], set[str]]]:
    """Name, statement, values and the months that it needs, of each read."""
    from config.lib.ids import first_id_at
    from economy.ledger import queries

    june, july = MONTHS[5], MONTHS[6]
    wallet = community.numbered(community.WALLET, 7)
    every = {f"y2026m{month:02}" for month in range(1, 13)}
    from accounts.wallets.models import Wallet

    rows = queries.statement(wallet=Wallet(pk=wallet), since=june, until=july).order_by("-lock_version")
    of_month, values = rows[:50].query.sql_with_params()
    whole, all_values = (
        queries.statement(wallet=Wallet(pk=wallet)).order_by("-lock_version")[:50].query.sql_with_params()
    )
    return [
        ("statement of a month", of_month, list(values), {"y2026m06"}),
        ("statement, newest first", whole, list(all_values), every),
        (
            "gifts of a day (the daily limit)",
            "SELECT sum(amount) FROM economy_posting WHERE wallet_id = %s AND kind = 'GIFT' AND amount < 0"
            " AND id >= %s AND id < %s",
            [wallet, first_id_at(june), first_id_at(june.replace(day=2))],
            {"y2026m06"},
        ),
        (
            "one transfer's postings by its id",
            "SELECT * FROM economy_posting WHERE transfer_id = %s",
            [community.numbered(community.WALLET, 1)],
            every,
        ),
        (
            "a fund's movements of a month",
            "SELECT id, amount FROM economy_posting WHERE fund = 'treasury' AND id >= %s AND id < %s",
            [first_id_at(june), first_id_at(july)],
            {"y2026m06"},
        ),
    ]


def _holds(name: str, statement: str, values: list[object], needed: set[str]) -> bool:
    plan = "\n".join(row[0] for row in place.execute(f"EXPLAIN (ANALYZE, BUFFERS OFF) {statement}", *values))
    looked_at = set(re.findall(r"economy_posting_(y\d+m\d+)", plan))
    read_whole = re.findall(r"Seq Scan on economy_posting_(y\d+m\d+)", plan)
    spent = re.search(r"Execution Time: ([\d.]+) ms", plan)
    holds = looked_at <= needed | _empty() and not set(read_whole) - _empty()
    print(
        f"{'holds ' if holds else 'BROKEN'}  {name:36} {len(looked_at):>2} months, {len(read_whole)} from end to end,"
        f" {spent[1] if spent else '?'} ms"
    )
    if not holds:
        print(plan)
    return holds


def _empty() -> set[str]:
    """Months without a row, made ahead: reading them costs nothing, so PostgreSQL does not care how."""
    found = place.execute(
        "SELECT replace(relid::text, 'economy_posting_', '') FROM pg_partition_tree('economy_posting')"
        " JOIN pg_class c ON c.oid = relid WHERE isleaf AND c.reltuples <= 0"
    )
    return {name for (name,) in found}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
