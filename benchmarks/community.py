"""Members by the hundred thousand, written set-based. Ids can be told from numbers, for pgbench's sake."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks.place import execute, settle_down

if TYPE_CHECKING:
    from accounts.members.models import User
    from accounts.wallets.models import Wallet

WALLET = "01900000-0000-7000-8000-"
MEMBER = "01900000-0000-7000-9000-"
POST = "01900000-0000-7000-a000-"

# Long enough ago that nobody counts as new: new members go slowly, and each of their movements is counted apart.
JOINED_AGO = timedelta(days=10)
MEMBERS_PER_POST = 10


def numbered(prefix: str, number: int) -> UUID:
    """The id of what has a number, counted from 1; SQL: (prefix || lpad(n::text, 12, '0'))::uuid."""
    return UUID(f"{prefix}{number:012d}")


def member(number: int, *, at: datetime) -> "User":
    """A member as a door hands them to an operation, known to have joined `JOINED_AGO` before a moment."""
    from accounts.members.models import User

    return User(id=numbered(MEMBER, number), status=User.Status.ACTIVE, created_at=at - JOINED_AGO)


def wallet(number: int, *, at: datetime) -> "Wallet":
    """A member's wallet, likewise."""
    from accounts.wallets.models import Wallet

    return Wallet(id=numbered(WALLET, number), user=member(number, at=at))


def posts(members: int) -> int:
    """How many posts `fill_posts` writes."""
    return -(-members // MEMBERS_PER_POST)


def author(post: int) -> int:
    """The number of the member who wrote a post."""
    return 1 + (post - 1) * MEMBERS_PER_POST


def make_months(first: datetime, last: datetime) -> None:
    """Make the ledger's months between two moments, where missing."""
    execute(
        "SELECT civitas_make_month(t.name, m.first AT TIME ZONE 'UTC', (m.first + interval '1 month') AT TIME ZONE 'UTC')"
        " FROM (VALUES ('economy_transfer'), ('economy_posting')) AS t(name), generate_series("
        "date_trunc('month', %s::timestamptz AT TIME ZONE 'UTC'), %s::timestamptz AT TIME ZONE 'UTC', '1 month') AS m(first)",
        first,
        last,
    )


def fill_members(count: int, *, at: datetime) -> None:
    """Members who have been here for a while at a moment and hold 50 to 6,000 coins each, most of them little."""
    joined = at - JOINED_AGO
    make_months(joined, joined)
    execute("SELECT setseed(0.4711)")
    execute(
        f"""
        INSERT INTO accounts_user (id, password, created_at, updated_at, phone_number, phone_verified_at, email_verified,
            first_name, last_name, role, status, auth_provider, status_reason, two_factor_secret, two_factor_step, token_version,
            is_early_adopter, daily_comments_free_remaining, posts_created_count, comments_created_count)
          SELECT ('{MEMBER}' || lpad(n::text, 12, '0'))::uuid, '!', %s, %s, '+4917' || lpad(n::text, 9, '0'), %s, false,
              '', '', 'USER', 'ACTIVE', 'PHONE', '', '', 0, 1, false, 0, 0, 0
            FROM generate_series(1, %s) AS n
        """,
        joined,
        joined,
        joined,
        count,
    )
    execute(
        f"""
        INSERT INTO accounts_page (id, created_at, updated_at, user_id, username, display_name, bio, avatar, is_primary,
            is_active, followers_count, posts_count, total_tokens_earned)
          SELECT civitas_uuid7(%s), %s, %s, ('{MEMBER}' || lpad(n::text, 12, '0'))::uuid, 'member_' || n, 'Member ' || n,
              '', '', true, true, 0, 0, 0
            FROM generate_series(1, %s) AS n
        """,
        joined,
        joined,
        joined,
        count,
    )
    execute(
        f"""
        INSERT INTO accounts_wallet (id, created_at, updated_at, user_id)
          SELECT ('{WALLET}' || lpad(n::text, 12, '0'))::uuid, %s, %s, ('{MEMBER}' || lpad(n::text, 12, '0'))::uuid
            FROM generate_series(1, %s) AS n
        """,
        joined,
        joined,
        count,
    )
    for first in range(1, count + 1, 10_000):
        execute(
            f"""
            WITH leg AS (
              SELECT ('{WALLET}' || lpad(n::text, 12, '0'))::uuid AS wallet,
                  round((50 * power(120, power(random(), 2)))::numeric, 2) AS coins
                FROM generate_series(%s, %s) AS n
            ), transfer AS (SELECT civitas_uuid7(%s) AS id)
            SELECT ledger_move_many('STAFF_GRANT', %s, 'ADMIN', '', '', array_agg(DISTINCT t.id), ARRAY[NULL]::uuid[],
                array_agg(t.id) || min(t.id::text)::uuid, array_agg(leg.wallet) || NULL::uuid,
                array_agg(NULL::text) || 'issuance'::text, array_agg(leg.coins) || -sum(leg.coins))
              FROM leg CROSS JOIN transfer AS t
            """,
            first,
            min(first + 9_999, count),
            joined,
            joined,
        )
    settle_down()


def fill_posts(members: int) -> None:
    """One post by every tenth member, without tips."""
    execute(
        f"""
        INSERT INTO social_post (id, created_at, updated_at, page_id, user_id, title, content, content_hash, status,
            total_tokens_received, unique_spenders_count, peak_token_percentage, queue_level, queue_entered_at, decay_rate,
            tokens_lost_to_decay, boost_count, visibility_score, engagement_velocity, comments_count, views_count, is_edited)
          SELECT ('{POST}' || lpad(n::text, 12, '0'))::uuid, now(), now(), g.id, g.user_id, '', 'Post', md5(n::text),
              'PUBLISHED', 0, 0, 0, 0, now(), 0.02, 0, 0, 0, 0, 0, 0, false
            FROM generate_series(1, %s) AS n
            JOIN accounts_page g ON g.is_primary
              AND g.user_id = ('{MEMBER}' || lpad((1 + (n - 1) * %s)::text, 12, '0'))::uuid
        """,
        posts(members),
        MEMBERS_PER_POST,
    )


def begin_anew(members: int) -> None:
    """Members, and nothing that earlier benchmarks have left behind."""
    from django.utils import timezone

    empty()
    fill_members(members, at=timezone.now())


def empty() -> None:
    """The ledger lets itself be emptied by a session that says it is a test."""
    execute("SET civitas.is_for_tests = 'yes'")
    execute("DROP SCHEMA IF EXISTS bench CASCADE")
    execute(
        "TRUNCATE accounts_user, economy_fundentry, economy_fundbalance, economy_taxrun, economy_stipendrun CASCADE"
    )
    execute("RESET civitas.is_for_tests")
