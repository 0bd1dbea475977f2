"""A run of the queue over many posts of which one in a hundred is due, beside bare SQL, and beside fewer posts."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count

from benchmarks import community
from benchmarks.options import Options
from benchmarks.place import REFERENCE, execute, server, settle_down
from benchmarks.results import TIME, Result, alternate

POSTS = 10  # per member
DUE = 100  # one in so many
HOT = timedelta(hours=24)


def run(options: Options) -> Iterator[Result]:
    """Posts have entered the hot level evenly over a day; every turn is so much later that the same number is due."""
    posts = options.members * POSTS
    due = posts // DUE
    few = _measure(posts // 10, due, options, only_ours=True)
    found = _measure(posts, due, options)
    name = f"queue, {posts:,} posts, {due:,} due"
    yield Result(name, "bare SQL, psql", TIME, 1.5, ours=found["ours"], theirs=found["bare"])
    yield Result(name, f"{posts // 10:,} posts, {due:,} due", TIME, 1.2, ours=found["ours"], theirs=few["ours"])


def _measure(posts: int, due: int, options: Options, *, only_ours: bool = False) -> dict[str, list[float]]:
    began = _fill(options.members, posts)
    step = timedelta(days=1) * (due / posts)
    turns = count(1)

    def timed(turn: Callable[[datetime], None]) -> float:
        at = began + HOT + next(turns) * step
        settle_down()
        begin = time.perf_counter()
        turn(at)
        passed = time.perf_counter() - begin
        (left,) = execute(
            "SELECT count(*) FROM social_post WHERE deleted_at IS NULL AND queue_level = 0 AND queue_entered_at <= %s",
            at - HOT,
        )[0]
        if left:
            raise RuntimeError(f"{left} posts were left")
        return passed

    variants = {"ours": lambda: timed(_ours)}
    if not only_ours:
        variants["bare"] = lambda: timed(_bare)
    return alternate(variants, rounds=options.rounds)


def _ours(at: datetime) -> None:
    from social.feed.operations import run_queue

    run_queue(at=at)


def _bare(at: datetime) -> None:
    server().psql(REFERENCE / "queue_bare.sql", at=at.isoformat())


def _fill(members: int, posts: int) -> datetime:
    """Posts that entered the hot level one after the other within a day; every fourth has three tips of 2.00."""
    from django.utils import timezone

    community.begin_anew()
    now = timezone.now()
    community.fill_members(members, at=now)
    began = now - timedelta(days=3)
    execute(
        f"""
        INSERT INTO social_post (id, created_at, updated_at, page_id, user_id, title, content, content_hash, status,
            total_tokens_received, unique_spenders_count, peak_token_percentage, queue_level, queue_entered_at, decay_rate,
            tokens_lost_to_decay, boost_count, visibility_score, engagement_velocity, comments_count, views_count, is_edited)
          SELECT ('{community.POST}' || lpad(n::text, 12, '0'))::uuid, entered, entered, g.id, g.user_id, '', 'Post', md5(n::text),
              'PUBLISHED', 0, 0, 0, 0, entered, 0.02, 0, 0, social_visibility(0, 0, entered), 0, 0, 0, false
            FROM (SELECT n, %s + interval '1 day' * (n::float / %s) AS entered FROM generate_series(1, %s) AS n) AS new
            JOIN accounts_page g ON g.is_primary
              AND g.user_id = ('{community.MEMBER}' || lpad((1 + n %% %s)::text, 12, '0'))::uuid
        """,
        began,
        posts,
        posts,
        members,
    )
    execute("ALTER TABLE social_tip DISABLE TRIGGER social_tip_told")
    execute(
        f"""
        INSERT INTO social_tip (id, created_at, updated_at, spender_id, post_id, recipient_id, recipient_page_id, amount,
            to_creator, to_treasury, burned, transfer_id, can_unlike_until, settled_at)
          SELECT t.id, t.at, t.at, t.spender, t.post, t.recipient, t.page, 2.00, 1.20, 0.40, 0.40, t.id, t.at + interval '1 day',
              t.at + interval '1 day'
            FROM (
              SELECT civitas_uuid7(p.created_at) AS id, p.created_at + k * interval '1 hour' AS at, p.id AS post,
                  p.user_id AS recipient, p.page_id AS page,
                  ('{community.MEMBER}' || lpad((1 + (n + k * 7) %% %s)::text, 12, '0'))::uuid AS spender
                FROM (SELECT q.*, row_number() OVER (ORDER BY q.id) AS n FROM social_post q) AS p
                CROSS JOIN generate_series(1, 3) AS k
                WHERE p.n %% 4 = 0
            ) AS t WHERE t.spender <> t.recipient
        """,
        members,
    )
    execute("ALTER TABLE social_tip ENABLE TRIGGER social_tip_told")
    settle_down()
    return began
