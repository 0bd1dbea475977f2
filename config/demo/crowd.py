"""Any number of quiet members, set-based: for benchmarks, and to see the site when it is full.

They have what everyone who joins has (account, page, profile, wallet, welcome grant), the last days' activity, coins
spread widely, and one in five has posted. Coins come and go by `ledger_move_many`, like the weekly runs do. Their phone
numbers cannot exist (no area code of North America begins with 1), so nobody is called and nobody signs in as them.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from config.demo import history
from config.demo.texts import texts
from config.lib import partitions
from config.lib.ids import uuid7_at
from config.lib.money import CENT
from config.lib.runtime import figures
from economy.ledger import operations as ledger
from economy.observatory import operations as observatory
from social.feed import rules as feed_rules
from social.feed.operations.words import understand

CHUNK = 10_000
_REDRAWN = 100_000  # up to so many the charts of the days before are drawn anew; it takes a scan a day
_ACTIVE_DAYS = 10  # activity is kept for the last days only
_SPREAD = 1.6  # sigma of the log-normal spread: about one in a thousand has a hundred times the middle
_MIDDLE = 4.0  # its mu: half of those who get more than the welcome get more than e^4 = 55 on top

_MEMBERS = """
    WITH new AS (
      SELECT number, civitas_uuid7(joined) AS id, joined
        FROM (SELECT n AS number, %(first)s + (%(last)s - %(first)s) * ((n - %(from)s)::float / %(count)s) AS joined
          FROM generate_series(%(from)s::bigint, %(from)s + %(count)s - 1) AS n) AS one
    ), members AS (
      INSERT INTO accounts_user (id, created_at, updated_at, password, phone_number, phone_verified_at, last_active_at,
          email_verified, first_name, last_name, role, status, auth_provider, status_reason, two_factor_secret,
          two_factor_step, token_version, is_early_adopter, daily_comments_free_remaining, posts_created_count,
          comments_created_count)
        SELECT id, joined, joined, '!' || md5(id::text), '+11' || lpad(number::text, 9, '0'), joined, joined, false, '',
            '', 'USER', 'ACTIVE', 'PHONE', '', '', 0, 1, false, 0, 0, 0
          FROM new
    ), pages AS (
      INSERT INTO accounts_page (id, created_at, updated_at, user_id, username, display_name, bio, avatar, is_primary,
          is_active, followers_count, posts_count, total_tokens_earned)
        SELECT civitas_uuid7(joined), joined, joined, id,
            (%(words)s::text[])[1 + number %% %(many)s] || '_' || number,
            initcap((%(words)s::text[])[1 + number %% %(many)s]) || ' ' || number, '', '', true, true, 0, 0, 0
          FROM new
    ), profiles AS (
      INSERT INTO accounts_profile (id, created_at, updated_at, user_id, location, website, twitter, discord, telegram,
          social_links, experience, interests, preferences)
        SELECT civitas_uuid7(joined), joined, joined, id, '', '', '', '', '', '{}', '', '[]', '{}' FROM new
    ), activity AS (
      INSERT INTO accounts_useractivity (id, created_at, user_id, day)
        SELECT civitas_uuid7(joined), joined, new.id, day::date
          FROM new, generate_series(greatest(joined, %(active_from)s), %(now)s, interval '1 day') AS day
          WHERE (number * 7 + extract(day FROM day)::int) %% 5 < 2
    )
    INSERT INTO accounts_wallet (id, created_at, updated_at, user_id)
      SELECT civitas_uuid7(joined), joined, joined, id FROM new RETURNING id
"""

_HASHTAGS = """
    INSERT INTO social_hashtag (id, created_at, name)
      SELECT civitas_uuid7(%(now)s), %(now)s, name FROM unnest(%(names)s::text[]) AS name ORDER BY name
      ON CONFLICT (name) DO NOTHING
"""

_POSTS = """
    WITH written AS (
      INSERT INTO social_post (id, created_at, updated_at, page_id, user_id, title, content, html, content_hash, status,
          total_tokens_received, unique_spenders_count, peak_token_percentage, queue_level, queue_entered_at,
          decay_rate, tokens_lost_to_decay, boost_count, visibility_score, engagement_velocity, comments_count,
          views_count, is_edited)
        SELECT civitas_uuid7(posted), posted, posted, page.id, page.user_id, text.title, text.content, text.html,
            text.hash, 'PUBLISHED', 0, 0, 0,
            CASE WHEN posted > %(now)s - interval '24 hours' THEN 0 WHEN posted > %(now)s - interval '4 days' THEN 1
              WHEN posted > %(now)s - interval '18 days' THEN 2 ELSE 3 END,
            posted, 0.02, 0, 0, social_visibility(0, 0, posted), 0, 0, 0, false
          FROM (
            SELECT g.id, g.user_id, row_number() OVER () AS place,
                w.created_at + (%(now)s - w.created_at) * random() AS posted
              FROM accounts_wallet w JOIN accounts_page g ON g.user_id = w.user_id
              WHERE w.id = ANY (%(wallets)s)
          ) AS page
          JOIN unnest(%(titles)s::text[], %(contents)s::text[], %(htmls)s::text[], %(hashes)s::text[]) WITH ORDINALITY
            AS text(title, content, html, hash, place) ON text.place = 1 + page.place %% cardinality(%(titles)s::text[])
          WHERE page.place %% 5 = 0
        RETURNING id, created_at, content_hash
    )
    INSERT INTO social_posttag (id, created_at, post_id, hashtag_id)
      SELECT civitas_uuid7(w.created_at), w.created_at, w.id, h.id
        FROM written w
        JOIN unnest(%(filed)s::text[], %(names)s::text[]) AS t(hash, name) ON t.hash = w.content_hash
        JOIN social_hashtag h ON h.name = t.name
"""

_MOVE_MANY = """
    SELECT ledger_move_many(%s, %s, 'JOB', %s, '', %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[],
      %s::numeric[])
"""

_Leg = tuple[UUID | None, str | None, Decimal]  # a wallet or a fund, and what it gains

_WORDS = ["acorn", "birch", "clover", "dove", "ember", "fern", "hazel", "ivy", "lark", "maple", "otter", "reed", "wren"]


def make(
    *,
    members: int,
    weeks: int,
    seed: int,
    now: datetime,
    progress: Callable[[float], None] = lambda part: None,
) -> None:
    """Add so many members in chunks, each of them a transaction; they join over the weeks, in order."""
    start = now - timedelta(weeks=weeks)
    partitions.make_months(first=start - timedelta(days=1), last=now)
    chance = random.Random(f"crowd-{seed}")
    number = _next_number()
    # A small crowd comes every day or two, so that the charts rise instead of leaping.
    chunk = min(CHUNK, max(500, members // (weeks * 7)))
    for done in range(0, members, chunk):
        count = min(chunk, members - done)
        first, last = (start + (now - start) * (part / members) for part in (done, done + count))
        with transaction.atomic():
            _join(chance, number=number + done, count=count, first=first, last=last, now=now)
        progress((done + count) / members)
    ledger.roll_up_funds()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_user, accounts_page, accounts_wallet, accounts_useractivity, social_post")
        cursor.execute("ANALYZE economy_transfer, economy_posting")
    if members <= _REDRAWN:
        history.redraw(until=now)
    # The public figures are of everyone, not of those alone who were here before the crowd.
    observatory.refresh_state(at=now)
    observatory.take_snapshot(at=now)
    observatory.refresh_leaders(at=now)


def _next_number() -> int:
    """The first number that no earlier crowd has taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(phone_number) FROM accounts_user WHERE phone_number LIKE '+11_________'")
        highest = cursor.fetchone()[0]
    return int(highest[3:]) + 1 if highest else 0


def _join(chance: random.Random, *, number: int, count: int, first: datetime, last: datetime, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _MEMBERS,
            {
                "from": number,
                "count": count,
                "first": first,
                "last": last,
                "now": now,
                "active_from": now - timedelta(days=_ACTIVE_DAYS),
                "words": _WORDS,
                "many": len(_WORDS),
            },
        )
        wallets = [row[0] for row in cursor.fetchall()]
        all_texts = texts()
        words = [understand(text.content) for text in all_texts]
        hashes = [feed_rules.hash_of(text.content) for text in all_texts]
        under = [(sign, name) for sign, each in zip(hashes, words, strict=True) for name in sorted(each.hashtags)]
        cursor.execute(_HASHTAGS, {"now": now, "names": sorted({name for _sign, name in under})})
        cursor.execute(
            _POSTS,
            {
                "wallets": wallets,
                "now": now,
                "titles": [text.title for text in all_texts],
                "contents": [text.content for text in all_texts],
                "htmls": [each.html for each in words],
                "hashes": hashes,
                "filed": [sign for sign, _name in under],
                "names": [name for _sign, name in under],
            },
        )
    # Like the weekly runs: one transfer for the chunk, a line per member.
    welcome = figures().SIGNUP_GRANT
    _move("SIGNUP_GRANT", "", last, [_issued([(wallet, welcome) for wallet in wallets])])
    richer = [(wallet, _coins(chance.lognormvariate(_MIDDLE, _SPREAD))) for wallet in wallets[::3]]
    _move("STAFF_GRANT", "Deposits", last, [_issued(richer)])
    gifts: list[list[_Leg]] = []
    for giver, receiver in zip(wallets[1::6], wallets[2::6], strict=False):
        coins = _coins(float(welcome) * chance.random())
        gifts.append([(giver, None, -coins), (receiver, None, coins)])
    _move("GIFT", "", last, gifts)


def _issued(gains: list[tuple[UUID, Decimal]]) -> list[_Leg]:
    """The legs of a transfer in which wallets gain what the issuance gives."""
    total = sum((coins for _wallet, coins in gains), Decimal(0))
    return [*((wallet, None, coins) for wallet, coins in gains), (None, "issuance", -total)]


def _coins(amount: float) -> Decimal:
    return max(Decimal(amount).quantize(CENT), CENT)


def _move(kind: str, description: str, at: datetime, transfers: list[list[_Leg]]) -> None:
    """One transfer per list of legs."""
    ids = [uuid7_at(at) for _transfer in transfers]
    legs = [(transfer, *leg) for transfer, lines in zip(ids, transfers, strict=True) for leg in lines]
    if not legs:
        return
    columns = [list(column) for column in zip(*legs, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_MANY, [kind, at, description, ids, [None] * len(ids), *columns])
