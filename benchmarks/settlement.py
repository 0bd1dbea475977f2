"""Settlement of 100,000 tips through `social.feed.operations.settle_tips`, beside bare SQL in one transaction."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count

from benchmarks.community import MEMBER, populate
from benchmarks.options import Options
from benchmarks.place import REFERENCE, execute, server, settle_down
from benchmarks.results import TIME, Result, alternate

TIPS = 100_000
WINDOW = timedelta(hours=24)


def run(options: Options) -> Iterator[Result]:
    """Every turn settles tips of its own, which nobody has settled before."""
    tips = min(TIPS, options.members)
    populate(options.members)
    moments = _moments()
    found = alternate(
        {
            "ours": lambda: _timed(_ours, next(moments), tips, options.members),
            "bare": lambda: _timed(_bare, next(moments), tips, options.members),
        },
        rounds=options.rounds,
    )
    yield Result(
        f"settlement of {tips:,} tips", "bare SQL in one go, psql", TIME, 1.5, ours=found["ours"], theirs=found["bare"]
    )


def _moments() -> Iterator[datetime]:
    """When tips were given, each turn a minute later than the one before."""
    from django.utils import timezone

    first = timezone.now() - WINDOW - timedelta(hours=2)
    for number in count():
        yield first + timedelta(minutes=number)


def _give(tips: int, members: int, at: datetime) -> None:
    """Tips of 1.00 to 10.00 from anybody to posts at random, coins and all, set-based."""
    execute(
        f"""
        WITH post AS (SELECT p.id, p.user_id, p.page_id, row_number() OVER () AS place FROM social_post p),
        many AS (SELECT max(place) AS posts FROM post),
        tip AS (
          SELECT civitas_uuid7(%s) AS id, ('{MEMBER}' || lpad((1 + floor(random() * %s))::int::text, 12, '0'))::uuid AS spender,
              1 + floor(random() * posts)::int AS place, 1 + floor(random() * 10)::numeric AS coins
            FROM generate_series(1, %s), many
        )
        INSERT INTO social_tip (id, created_at, updated_at, spender_id, spender_page_id, post_id, recipient_id, recipient_page_id,
            amount, to_creator, to_treasury, burned, transfer_id, can_unlike_until)
          SELECT t.id, %s, %s, t.spender, g.id, p.id, p.user_id, p.page_id, t.coins, t.coins * 0.6, t.coins * 0.2, t.coins * 0.2,
              t.id, %s
            FROM tip t JOIN post p USING (place) JOIN accounts_page g ON g.user_id = t.spender AND g.is_primary
            WHERE t.spender <> p.user_id
        """,
        at,
        members,
        tips,
        at,
        at,
        at + WINDOW,
    )
    # Where their coins wait. That each spender had them is not what is measured.
    execute(
        "INSERT INTO economy_fundentry (fund, amount)"
        " SELECT u.fund, u.amount FROM (SELECT sum(amount) AS coins FROM social_tip WHERE settled_at IS NULL) AS s"
        " CROSS JOIN LATERAL (VALUES ('content', s.coins), ('issuance', -s.coins)) AS u(fund, amount)"
    )


def _timed(settle: Callable[[datetime], None], given_at: datetime, tips: int, members: int) -> float:
    execute("ALTER TABLE social_tip DISABLE TRIGGER social_tip_told")  # nobody reads these notices
    _give(tips, members, given_at)
    execute("ALTER TABLE social_tip ENABLE TRIGGER social_tip_told")
    settle_down()
    begin = time.perf_counter()
    settle(given_at + WINDOW)
    passed = time.perf_counter() - begin
    (waiting,) = execute("SELECT count(*) FROM social_tip WHERE settled_at IS NULL")[0]
    if waiting:
        raise RuntimeError(f"{waiting} tips were left unsettled")
    return passed


def _ours(at: datetime) -> None:
    from social.feed.operations import settle_tips

    settle_tips(at=at)


def _bare(at: datetime) -> None:
    server().psql(REFERENCE / "settle_bare.sql", at=at.isoformat())
