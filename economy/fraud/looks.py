"""What each kind of signal looks for, as SQL: set-based, bounded by time, one row per matter.

Every statement answers with `key` (names the matter), `members` (their ids), `score` and `facts`. Coins in facts are
text.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import sql

from config.lib.periods import Period
from config.lib.runtime import figures
from economy.fraud.models import EconomySignal
from economy.stipend.queries import settled_tips

Kind = EconomySignal.Kind
Parameters = Callable[[datetime, Any], dict[str, Any]]


@dataclass(frozen=True)
class Look:
    """One kind's statement, and its parameters at a moment under the present settings."""

    kind: str
    statement: sql.Composable
    parameters: dict[str, Any]


# Rings of two to SIGNAL_RING_LONGEST members: each gave the next at least so many coins that were settled in the time,
# the last one gave the first. Walked from the member of the lowest id, so that each ring is found once.
_RING = """
    WITH RECURSIVE tips (giver, receiver, coins) AS ({tips}),
    edge AS (
      SELECT giver, receiver, sum(coins) AS coins FROM tips GROUP BY 1, 2 HAVING sum(coins) >= %(least)s
    ),
    path (start, last, members, smallest, total) AS (
      SELECT giver, receiver, ARRAY[giver, receiver], coins, coins FROM edge WHERE receiver > giver
      UNION ALL
      SELECT p.start, e.receiver, p.members || e.receiver, least(p.smallest, e.coins), p.total + e.coins
        FROM path p JOIN edge e ON e.giver = p.last
        WHERE e.receiver > p.start AND e.receiver <> ALL (p.members) AND cardinality(p.members) < %(longest)s
    ),
    ring AS (
      SELECT (SELECT array_agg(one ORDER BY one) FROM unnest(p.members) AS one) AS members,
          least(p.smallest, e.coins) AS smallest, p.total + e.coins AS total
        FROM path p JOIN edge e ON e.giver = p.last AND e.receiver = p.start
    )
    SELECT DISTINCT ON (members) md5(array_to_string(members, ',')) AS key, members,
        smallest * cardinality(members) AS score,
        jsonb_build_object('days', %(days)s::int, 'coins', total::text, 'smallest', smallest::text) AS facts
      FROM ring ORDER BY members, smallest DESC
"""

# Accounts that joined within a few days of each other and were signed in from one address (of IPv6, one /64).
_ADDRESS = """
    WITH seen AS (
      SELECT DISTINCT s.user_id, s.joined,
          CASE WHEN family(s.address) = 6 THEN network(set_masklen(s.address, 64))::text
            ELSE host(s.address) END AS block
        FROM (
          SELECT b.user_id, b.ip_address AS address, u.created_at AS joined
            FROM accounts_user u JOIN accounts_browsersession b ON b.user_id = u.id
            WHERE u.id >= civitas_first_id(%(since)s) AND u.status IN ('ACTIVE', 'SUSPENDED') AND u.role = 'USER'
              AND b.created_at <= %(at)s
          UNION ALL
          SELECT t.user_id, t.ip_address, u.created_at
            FROM accounts_user u JOIN accounts_tokenfamily t ON t.user_id = u.id
            WHERE u.id >= civitas_first_id(%(since)s) AND u.status IN ('ACTIVE', 'SUSPENDED') AND u.role = 'USER'
              AND t.created_at <= %(at)s
        ) AS s
        WHERE s.address IS NOT NULL
    ),
    near AS (
      SELECT block, count(*) OVER close AS accounts, array_agg(user_id) OVER close AS members,
          min(joined) OVER close AS first, max(joined) OVER close AS last
        FROM seen
        WINDOW close AS (
          PARTITION BY block ORDER BY joined RANGE BETWEEN CURRENT ROW AND %(span)s::interval FOLLOWING
        )
    )
    SELECT DISTINCT ON (block) md5(block) AS key, members, accounts::numeric AS score,
        jsonb_build_object('address', block, 'accounts', accounts, 'first', first, 'last', last) AS facts
      FROM near WHERE accounts >= %(least)s ORDER BY block, accounts DESC, first
"""

# Earned from others within the last hours: at least so many coins, and so many times the median of all who earned.
_EARNINGS = """
    WITH earned AS (
      SELECT w.user_id, sum(p.amount) AS coins
        FROM economy_posting p JOIN accounts_wallet w ON w.id = p.wallet_id
        WHERE p.id >= civitas_first_id(%(since)s) AND p.id < civitas_first_id(%(at)s) AND p.amount > 0
          AND p.kind IN ('TIP_SETTLEMENT', 'BOUNTY_AWARD', 'COMMENT_FEE', 'GIFT', 'SALE_SETTLEMENT')
        GROUP BY w.user_id
    ),
    middle AS (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY coins) AS median, count(*) AS earners FROM earned)
    SELECT md5(e.user_id::text) AS key, ARRAY[e.user_id] AS members, round(e.coins / m.median, 2) AS score,
        jsonb_build_object('hours', %(hours)s::int, 'coins', e.coins::text, 'median', m.median::text,
          'earners', m.earners) AS facts
      FROM earned e CROSS JOIN middle m
      WHERE e.coins >= %(least)s AND e.coins >= m.median * %(times)s
"""

# Given away shortly before the week's end and back shortly after it: gifts between two members, and tips that their
# giver took back. The lesser of the two sums is what was only away.
_AWAY = """
    WITH gift AS (
      SELECT o.wallet_id AS giver, i.wallet_id AS receiver, i.amount AS coins, o.created_at < %(end)s AS is_before
        FROM economy_posting o
        JOIN economy_posting i ON i.transfer_id = o.transfer_id AND i.amount > 0 AND i.wallet_id IS NOT NULL
          AND i.id >= civitas_first_id(%(since)s) AND i.id < civitas_first_id(%(until)s)
        WHERE o.kind = 'GIFT' AND o.amount < 0
          AND o.id >= civitas_first_id(%(since)s) AND o.id < civitas_first_id(%(until)s)
    ),
    there AS (SELECT giver, receiver, sum(coins) AS coins FROM gift WHERE is_before GROUP BY 1, 2),
    back AS (SELECT giver, receiver, sum(coins) AS coins FROM gift WHERE NOT is_before GROUP BY 1, 2),
    tip_back AS (
      SELECT r.wallet_id AS giver, sum(r.amount) AS coins
        FROM economy_posting r
        JOIN economy_transfer t ON t.id = r.transfer_id
          AND t.id >= civitas_first_id(%(end)s) AND t.id < civitas_first_id(%(until)s)
        WHERE r.kind = 'TIP_REFUND' AND r.wallet_id IS NOT NULL
          AND r.id >= civitas_first_id(%(end)s) AND r.id < civitas_first_id(%(until)s)
          AND t.actor_id = (SELECT w.user_id FROM accounts_wallet w WHERE w.id = r.wallet_id)
          AND t.reverses_id >= civitas_first_id(%(since)s) AND t.reverses_id < civitas_first_id(%(end)s)
        GROUP BY 1
    ),
    away (owner, other, coins) AS (
      SELECT a.giver, a.receiver, least(a.coins, b.coins)
        FROM there a JOIN back b ON b.giver = a.receiver AND b.receiver = a.giver
      UNION ALL
      SELECT giver, giver, coins FROM tip_back
    ),
    found AS (
      SELECT ARRAY(SELECT DISTINCT o.user_id FROM accounts_wallet o WHERE o.id IN (away.owner, away.other) ORDER BY 1)
            AS members,
          w.user_id AS owner, away.coins
        FROM away JOIN accounts_wallet w ON w.id = away.owner WHERE away.coins >= %(least)s
    )
    SELECT DISTINCT ON (members) md5(array_to_string(members, ',')) AS key, members, coins AS score,
        jsonb_build_object('week', %(week)s::text, 'coins', coins::text, 'owner', owner) AS facts
      FROM found ORDER BY members, coins DESC
"""


def looks(at: datetime) -> list[Look]:
    """All of them, under the settings of now."""
    now = figures()
    week = Period.last_full(at)
    return [
        Look(
            Kind.RING,
            sql.SQL(_RING).format(tips=settled_tips()),
            {
                "start": at - timedelta(days=now.SIGNAL_RING_DAYS),
                "end": at,
                "days": now.SIGNAL_RING_DAYS,
                "least": now.SIGNAL_RING_COINS,
                "longest": now.SIGNAL_RING_LONGEST,
            },
        ),
        Look(
            Kind.ADDRESS,
            sql.SQL(_ADDRESS),
            {
                "at": at,
                "since": at - timedelta(days=now.SIGNAL_ADDRESS_LOOK_BACK_DAYS),
                "span": timedelta(days=now.SIGNAL_ADDRESS_DAYS),
                "least": max(now.SIGNAL_ADDRESS_ACCOUNTS, 2),
            },
        ),
        Look(
            Kind.EARNINGS,
            sql.SQL(_EARNINGS),
            {
                "at": at,
                "since": at - timedelta(hours=now.SIGNAL_EARNINGS_HOURS),
                "hours": now.SIGNAL_EARNINGS_HOURS,
                "least": now.SIGNAL_EARNINGS_COINS,
                "times": now.SIGNAL_EARNINGS_TIMES,
            },
        ),
        Look(
            Kind.AWAY,
            sql.SQL(_AWAY),
            {
                "since": week.end - timedelta(hours=now.SIGNAL_AWAY_BEFORE_HOURS),
                "end": week.end,
                "until": min(at, week.end + timedelta(hours=now.SIGNAL_AWAY_AFTER_HOURS)),
                "least": now.SIGNAL_AWAY_COINS,
                "week": week.key,
            },
        ),
    ]
