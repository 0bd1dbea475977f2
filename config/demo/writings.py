"""What a crowd writes, follows and tips, set-based: a million posts, millions of follows, their coins in the ledger.

Posts are spread over the weeks in order, by members who had joined by then; some members write, and are followed, far
more than others. Tips come from members who can afford them, through `ledger_move_many` like every chunk of movements,
and are settled by the operation that settles everybody's. The figures that rank are those that tip by tip would have
led to (`social/migrations/0004_feed.sql`), worked out from the sums.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from config.demo import wording
from economy.ledger import operations as ledger
from social.feed import operations as feed

_POSTS_AT_ONCE = 5_000
_FOLLOWS_AT_ONCE = 100_000
_TIPS_PER_POST = 0.5
# People join by chunks, at whose end they get their coins: nobody writes or tips before that.
_FIRST_PART = 0.15

# Everyone with a page, numbered in the order of joining: so that "who had joined by then" is a range of numbers.
_PEOPLE = """
    CREATE TEMP TABLE demo_people ON COMMIT PRESERVE ROWS AS
      SELECT row_number() OVER (ORDER BY u.created_at, u.id) AS number, u.id AS member, g.id AS page, w.id AS wallet,
          u.created_at AS joined
        FROM accounts_user u
        JOIN accounts_page g ON g.user_id = u.id AND g.is_primary
        JOIN accounts_wallet w ON w.user_id = u.id
        WHERE u.phone_number LIKE '+11_________' AND u.status = 'ACTIVE';
    CREATE UNIQUE INDEX ON demo_people (number);
    ANALYZE demo_people
"""

_POSTS = """
    WITH written AS (
      INSERT INTO social_post (id, created_at, updated_at, page_id, user_id, title, content, html, content_hash, status,
          total_tokens_received, unique_spenders_count, peak_token_percentage, queue_level, queue_entered_at,
          decay_rate, tokens_lost_to_decay, boost_count, visibility_score, engagement_velocity, comments_count,
          views_count, is_edited)
        SELECT civitas_uuid7(new.posted), new.posted, new.posted, who.page, who.member, text.title, text.content,
            text.html, text.hash, 'PUBLISHED', 0, 0, 0,
            CASE WHEN new.posted > %(now)s - interval '24 hours' THEN 0
              WHEN new.posted > %(now)s - interval '4 days' THEN 1
              WHEN new.posted > %(now)s - interval '18 days' THEN 2 ELSE 3 END,
            new.posted + CASE WHEN new.posted > %(now)s - interval '24 hours' THEN interval '0'
              WHEN new.posted > %(now)s - interval '4 days' THEN interval '24 hours'
              WHEN new.posted > %(now)s - interval '18 days' THEN interval '4 days' ELSE interval '18 days' END,
            0.02, 0, 0, social_visibility(0, 0, new.posted), 0, 0, floor(power(random(), 4) * 400)::bigint, false
          FROM (
            SELECT n, %(first)s + (%(last)s - %(first)s) * ((n - 1)::float / %(count)s) AS posted,
                1 + floor(power(random(), 2) * %(joined)s)::bigint AS author
              FROM generate_series(1, %(count)s) AS n OFFSET 0
          ) AS new
          JOIN demo_people who ON who.number = new.author
          JOIN unnest(%(titles)s::text[], %(contents)s::text[], %(htmls)s::text[], %(hashes)s::text[]) WITH ORDINALITY
            AS text(title, content, html, hash, place) ON text.place = 1 + new.n %% cardinality(%(titles)s::text[])
        RETURNING id, created_at, content_hash
    ), filed AS (
      INSERT INTO social_posttag (id, created_at, post_id, hashtag_id)
        SELECT civitas_uuid7(w.created_at), w.created_at, w.id, h.id
          FROM written w
          JOIN unnest(%(filed)s::text[], %(names)s::text[]) AS t(hash, name) ON t.hash = w.content_hash
          JOIN social_hashtag h ON h.name = t.name
    )
    SELECT id FROM written
"""

# A few posts get most of the tips.
_THOUGHTS = """
    CREATE TEMP TABLE demo_thoughts ON COMMIT DROP AS
      SELECT DISTINCT ON (one.post, who.wallet) one.post, who.member, who.page, who.wallet,
          (1 + floor(power(random(), 3) * 5))::numeric(18, 2) AS coins
        FROM (
          SELECT (%(posts)s::uuid[])[1 + floor(power(random(), 4) * %(count)s)::integer] AS post,
              1 + floor(random() * %(joined)s)::bigint AS spender
            FROM generate_series(1, %(tips)s) AS n OFFSET 0
        ) AS one
        JOIN demo_people who ON who.number = one.spender
"""
# What a wallet holds stays true until it is spent.
_LOCK = "SELECT ledger_lock_wallets(array_agg(DISTINCT wallet)) FROM demo_thoughts"
# Of a spender's tips those are given that they can afford.
_TIPS = """
    CREATE TEMP TABLE demo_tips ON COMMIT DROP AS
      SELECT civitas_uuid7(%(at)s) AS id, s.*, p.user_id AS recipient, p.page_id AS recipient_page,
          s.coins - 2 * trunc(s.coins * 0.2, 2) AS to_creator, trunc(s.coins * 0.2, 2) AS other_share
        FROM (
          SELECT t.*,
              w.balance - w.locked_balance - sum(t.coins) OVER (PARTITION BY t.wallet ORDER BY t.post) AS would_keep
            FROM demo_thoughts t JOIN accounts_wallet w ON w.id = t.wallet
        ) AS s
        JOIN social_post p ON p.id = s.post
        WHERE s.would_keep >= 0 AND p.user_id <> s.member
"""
_MOVE = """
    SELECT ledger_move_many('TIP', %(at)s, 'JOB', '', 'post', tips.ids, tips.posts, legs.ids, legs.wallets, legs.funds,
        legs.coins)
      FROM (SELECT array_agg(id ORDER BY id) AS ids, array_agg(post ORDER BY id) AS posts FROM demo_tips) AS tips,
        (
          SELECT array_agg(leg.id) AS ids, array_agg(leg.wallet) AS wallets, array_agg(leg.fund) AS funds,
              array_agg(leg.coins) AS coins
            FROM demo_tips t CROSS JOIN LATERAL (
              VALUES (t.id, t.wallet, NULL, -t.coins), (t.id, NULL::uuid, 'content', t.coins)
            ) AS leg(id, wallet, fund, coins)
        ) AS legs
      WHERE tips.ids IS NOT NULL
"""
_WRITE_TIPS = """
    INSERT INTO social_tip (id, created_at, updated_at, spender_id, spender_page_id, post_id, recipient_id,
        recipient_page_id, amount, to_creator, to_treasury, burned, transfer_id, can_unlike_until)
      SELECT id, %(at)s, %(at)s, member, page, post, recipient, recipient_page, coins, to_creator, other_share,
          other_share, id, %(at)s + interval '24 hours'
        FROM demo_tips
"""
# All of them given at one moment: what Σ a/τ · e^0 comes to.
_COUNT = """
    UPDATE social_post p SET
        total_tokens_received = given.coins,
        unique_spenders_count = given.spenders,
        last_token_received_at = %(at)s,
        visibility_score = social_visibility(given.coins, p.comments_count, p.created_at),
        engagement_velocity = social_velocity(0, NULL, given.coins, %(at)s),
        velocity_at = %(at)s
      FROM (SELECT post, sum(coins) AS coins, count(*) AS spenders FROM demo_tips GROUP BY post) AS given
      WHERE p.id = given.post
"""

_FOLLOWS = """
    INSERT INTO social_follow (id, created_at, follower_id, page_id)
      SELECT civitas_uuid7(%(at)s), %(at)s, one.member, other.page
        FROM (
          SELECT 1 + floor(random() * %(people)s)::bigint AS follower,
              1 + floor(power(random(), 3) * %(people)s)::bigint AS followed
            FROM generate_series(1, %(count)s) AS n OFFSET 0
        ) AS new
        JOIN demo_people one ON one.number = new.follower
        JOIN demo_people other ON other.number = new.followed AND other.member <> one.member
      ON CONFLICT DO NOTHING
"""


def write(
    *,
    posts: int,
    follows: int,
    weeks: int,
    seed: int,
    now: datetime,
    progress: Callable[[float], None] = lambda part: None,
) -> None:
    """Add posts with tips, and follows, of the crowd that is there; in chunks, each a transaction."""
    start = now - timedelta(weeks=weeks)
    all_of_it = posts + follows / 10 or 1  # a follow takes about a tenth of a post's time
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [1 / (1 + abs(seed))])
        cursor.execute("DROP TABLE IF EXISTS pg_temp.demo_people")
        for statement in _PEOPLE.split(";"):
            cursor.execute(statement)
        cursor.execute("SELECT count(*) FROM demo_people")
        people = cursor.fetchone()[0]
    if not people:
        return
    for done in range(0, follows, _FOLLOWS_AT_ONCE):
        count = min(_FOLLOWS_AT_ONCE, follows - done)
        with connection.cursor() as cursor:
            cursor.execute(_FOLLOWS, {"people": people, "count": count, "at": start + (now - start) * (done / follows)})
        progress((done + count) / 10 / all_of_it)
    # The tips of a chunk are of one moment: two chunks a day at least, so that the days differ.
    chunk = min(_POSTS_AT_ONCE, max(1, posts // (weeks * 14)))
    for done in range(0, posts, chunk):
        count = min(chunk, posts - done)
        parts = [_FIRST_PART + (1 - _FIRST_PART) * part / posts for part in (done, done + count)]
        first, last = (start + (now - start) * part for part in parts)
        joined = max(2, int(people * (parts[0] - _FIRST_PART * 0.8)))
        _write_some(count=count, joined=joined, first=first, last=last, now=now)
        feed.settle_tips(at=last)
        progress((follows / 10 + done + count) / all_of_it)
    ledger.roll_up_funds()
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE social_post, social_tip, social_follow, accounts_page, economy_transfer, economy_posting"
        )


def _write_some(*, count: int, joined: int, first: datetime, last: datetime, now: datetime) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        new = {"first": first, "last": last, "now": now, "count": count, "joined": joined}
        cursor.execute(_POSTS, wording.columns(at=now) | new)
        written = [row[0] for row in cursor.fetchall()]
        given: dict[str, Any] = {
            "posts": written,
            "count": len(written),
            "joined": joined,
            "tips": int(len(written) * _TIPS_PER_POST),
            "at": last,
        }
        # Quiet members cannot sign in: nobody would read that they were tipped.
        cursor.execute("ALTER TABLE social_tip DISABLE TRIGGER social_tip_told")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.demo_thoughts, pg_temp.demo_tips")
        for statement in (_THOUGHTS, _LOCK, _TIPS, _MOVE, _WRITE_TIPS, _COUNT):
            cursor.execute(statement, given)
        # The table can only be changed when no check of it is waiting for the commit.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE social_tip ENABLE TRIGGER social_tip_told")
