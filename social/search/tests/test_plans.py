"""With many rows: words are looked up in their index, whatever the table's size, and nothing reads all of it."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from social.search import rules
from social.search.kinds import kind_named
from social.search.queries import matching

pytestmark = pytest.mark.django_db

MANY = 20_000

_MEMBER = "('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid"
_COPIES = {
    "accounts_user": {"id": _MEMBER, "phone_number": "'+4917' || lpad(n::text, 9, '0')", "email": "NULL"},
    "social_post": {"content": "'Words ' || n || CASE WHEN n % 100 = 0 THEN ' rain' ELSE ' dry' END", "key": "NULL"},
    "social_comment": {"content": "'Said ' || n || CASE WHEN n % 100 = 0 THEN ' rain' ELSE ' dry' END", "key": "NULL"},
    "accounts_page": {"username": "'page_' || n", "display_name": "'Name' || n", "user_id": _MEMBER},
}


@pytest.fixture
def many(alice, bob, write, say):
    """Members, posts, comments, pages and hashtags by the thousand; "rain" is in every hundredth, "needle" in one."""
    post = write(alice, "A sea of needles", title="Haystack")
    comment = say(bob, post, "The needle of the sea")
    with connection.cursor() as cursor:
        for row in (alice, post, comment, alice.primary_page):
            table = row._meta.db_table
            changes = {"id": "civitas_uuid7(now() - interval '1 minute' * n)", **_COPIES[table]}
            columns = [field.column for field in row._meta.concrete_fields]
            made = ", ".join(changes.get(column, f"r.{column}") for column in columns)
            sql = (
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {made} FROM {table} r, generate_series(1, {MANY}) n"
            )
            cursor.execute(f"{sql} WHERE r.id = '{row.pk}'")
        cursor.execute(
            "INSERT INTO social_hashtag (id, name, posts_count, created_at)"
            f" SELECT gen_random_uuid(), 'tag' || n, 1, now() FROM generate_series(1, {MANY}) n"
        )
        cursor.execute(
            "INSERT INTO social_posttag (id, created_at, post_id, hashtag_id)"
            " SELECT gen_random_uuid(), now(), p.id, h.id"
            " FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM social_post) p"
            " JOIN (SELECT id, substr(name, 4)::integer AS n FROM social_hashtag WHERE name LIKE 'tag%') h USING (n)"
        )
        for table in ("postwords", "commentwords", "pagewords"):
            cursor.execute(f"SELECT gin_clean_pending_list('social_{table}_words')")  # as vacuum does
        cursor.execute(
            "ANALYZE accounts_user, social_post, social_comment, accounts_page, social_hashtag, social_posttag,"
            " social_postwords, social_commentwords, social_pagewords"
        )


def plan_of(kind, text):
    """Every node of the plan of the query that finds rows, which is the first that ranks or orders any."""
    with CaptureQueriesContext(connection) as asked:
        kind_named(kind).find(rules.parse(text), AnonymousUser(), by_beginning=kind == "pages")
    return nodes_of(asked.captured_queries)


def nodes_of(asked):
    """Every node of the plans of queries that were made."""
    nodes = []
    for query in asked:
        if query["sql"].startswith("EXPLAIN"):
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) " + query["sql"])
            found = cursor.fetchone()[0]
        nodes += _nodes((found if isinstance(found, list) else json.loads(found))[0]["Plan"])
    return nodes


def _nodes(plan):
    return [plan, *(node for below in plan.get("Plans", []) for node in _nodes(below))]


def whole(nodes):
    """Tables of which more was read than can be shown."""
    read = {}
    for node in nodes:
        if "Relation Name" in node:
            rows = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
            read[node["Relation Name"]] = max(rows, read.get(node["Relation Name"], 0))
    return {table: rows for table, rows in read.items() if rows > MANY / 2}


def test_words_are_looked_up_in_their_index_and_nothing_reads_a_whole_table(many, monkeypatch):
    # Of these rows what a thousand are of a million; and small tables are cheaper to read whole.
    monkeypatch.setattr(matching, "MOST", 20)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_mergejoin = off; SET LOCAL random_page_cost = 1.1"
        )
    faults = []
    for kind, text, index in [
        ("posts", "needles", "social_postwords_words"),
        ("posts", "needle haystack -rain", "social_postwords_words"),
        ("posts", '"sea of needles" @alice', "social_postwords_words"),
        ("posts", "rain", None),
        ("posts", "dry", None),
        ("posts", "@alice", None),
        ("comments", "needle", "social_commentwords_words"),
        ("comments", "dry", None),
        ("pages", "name123", "social_pagewords_words"),
        ("pages", "@page_1", None),
        ("hashtags", "tag12", None),
        ("hashtags", "#tag12", None),
    ]:
        nodes = plan_of(kind, text)
        if index and index not in {node.get("Index Name") for node in nodes}:
            faults.append((kind, text, {node.get("Index Name") for node in nodes}))
        if whole(nodes):
            shape = [(node["Node Type"], node.get("Index Name"), node["Actual Rows"]) for node in nodes]
            faults.append((kind, text, whole(nodes), shape))
    assert faults == [], "\n".join(map(str, faults))
