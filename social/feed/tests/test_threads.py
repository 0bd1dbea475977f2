"""Threads page by page: sorts, bounds, links to one comment; on the page and in the API."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from accounts.members import boundaries
from config.lib.ids import uuid7_at
from social.feed import operations, threads
from social.feed.addresses import address_of_comment
from social.feed.models import Comment
from social.feed.threads import ANSWERS, Conversation

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


@pytest.fixture
def post(alice, write):
    return write(alice)


@pytest.fixture
def grow(post, bob, noon):
    """grow(12, below=comment) writes as many comments, a second apart; in bulk, as an import would."""
    seconds = iter(range(100_000))

    def make(count, *, below=None):
        rows = []
        for _number in range(count):
            place = next(seconds)
            at = noon + timedelta(seconds=place)
            rows.append(
                Comment(
                    id=uuid7_at(at),
                    created_at=at,
                    post=post,
                    page=bob.primary_page,
                    user=bob,
                    parent=below,
                    thread_depth=0 if below is None else below.thread_depth + 1,
                    content=f"Number {place}.",
                )
            )
        return Comment.objects.bulk_create(rows)

    return make


def words(rows):
    return [row.content for row in rows]


def outline(rows):
    """The lists as the page opens and closes them: a(b c(d)) e."""
    text = ""
    for row in rows:
        text += row.content + ("(" if row.opens else " ") + ")" * len(row.closes)
    return text.replace(" )", ")").strip()


# -- What is kept -------------------------------------------------------------------------------------------------


def test_an_answer_belongs_to_the_thread_of_what_it_answers(post, bob, say, grow):
    root = say(bob, post, "Root.")
    answer = say(bob, post, "Answer.", parent_id=root.pk)
    deeper = say(bob, post, "Deeper.", parent_id=answer.pk)
    assert (root.root_id, answer.root_id, deeper.root_id) == (None, root.pk, root.pk)
    (from_elsewhere,) = grow(1, below=deeper)
    from_elsewhere.refresh_from_db()
    assert from_elsewhere.root_id == root.pk


def test_the_database_knows_no_answer_without_a_thread(post, bob, say):
    root = say(bob, post, "Root.")
    answer = say(bob, post, "Answer.", parent_id=root.pk)
    for which, value in ((answer, None), (root, answer)):
        with pytest.raises(IntegrityError, match="social_comment_rooted"), transaction.atomic():
            Comment.objects.filter(pk=which.pk).update(root=value)


def test_answers_of_old_find_their_thread(post, bob, say, django_assert_num_queries):
    import importlib

    chain = [say(bob, post, "0")]
    for number in range(1, 8):
        chain.append(say(bob, post, str(number), parent_id=chain[-1].pk))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE social_comment DROP CONSTRAINT social_comment_rooted")
    Comment.objects.update(root=None)
    migration = importlib.import_module("social.migrations.0051_threads_of_old")
    migration._AT_ONCE = 3  # several chunks, and ids of one millisecond in any order
    with connection.schema_editor(atomic=False) as editor:
        migration.find_roots(None, editor)
    assert set(Comment.objects.exclude(parent=None).values_list("root", flat=True)) == {chain[0].pk}
    assert Comment.objects.get(pk=chain[0].pk).root_id is None


# -- Pages of threads ---------------------------------------------------------------------------------------------


def test_threads_are_sorted_by_tips_or_by_time(post, alice, mallory, say, tip, grow):
    first, second, _third = grow(3)
    grow(1, below=first)
    tip(alice, second, "2.00")
    tip(mallory, first, "1.00")
    expected = {"top": [1, 0, 3, 2], "new": [2, 1, 0, 3], "old": [0, 3, 1, 2]}
    for sort, places in expected.items():
        assert words(Conversation(post, NOBODY).page(sort=sort).rows) == [f"Number {place}." for place in places]


def test_lists_open_and_close_as_the_tree_does(post, bob, say, noon):
    def at(place):
        return noon + timedelta(seconds=place)

    a = say(bob, post, "a", at=at(0))
    b = say(bob, post, "b", at=at(1), parent_id=a.pk)
    say(bob, post, "c", at=at(2), parent_id=b.pk)
    say(bob, post, "d", at=at(3), parent_id=a.pk)
    say(bob, post, "e", at=at(4))
    rows = Conversation(post, NOBODY).page(sort="old").rows
    assert outline(rows) == "a(b(c)d)e"
    assert [row.answers_shown for row in rows] == [3, 1, 0, 0, 0]


def test_pages_of_threads_follow_each_other_whatever_is_written_meanwhile(post, grow):
    grow(70)
    seen, cursor = [], ""
    for _page in range(3):
        page = Conversation(post, NOBODY).page(sort="new", cursor=cursor)
        seen += words(page.rows)
        cursor = page.next
        grow(1)
    assert seen == [f"Number {place}." for place in reversed(range(70))]
    assert page.next is None


def test_of_a_long_thread_the_first_answers_are_shown_and_the_others_on_its_own_page(post, grow):
    (root,) = grow(1)
    grow(ANSWERS + 90, below=root)
    grow(1)
    page = Conversation(post, NOBODY).page(sort="old")
    assert words(page.rows) == [f"Number {place}." for place in (*range(ANSWERS + 1), ANSWERS + 91)]
    cursor = page.rows[0].more_after
    alone = Conversation(post, NOBODY).thread(str(root.pk), cursor=cursor)
    assert words(alone.rows) == ["Number 0.", *[f"Number {place}." for place in range(ANSWERS + 1, ANSWERS + 91)]]
    assert (alone.alone, alone.rows[0].has_earlier, alone.rows[0].more_after) == (root, True, "")
    grow(1, below=root)
    first = Conversation(post, NOBODY).thread(str(root.pk))
    assert len(first.rows) == 101
    assert first.rows[0].more_after
    assert Conversation(post, NOBODY).thread(str(alone.rows[1].pk)) is None  # not the root of one


def test_removed_answers_of_mallory_push_nobody_out_of_sight(post, mallory, grow):
    (root,) = grow(1)
    Comment.objects.filter(pk__in=[row.pk for row in grow(60, below=root)]).update(deleted_at=post.created_at)
    grow(1, below=root)
    assert words(Conversation(post, NOBODY).page().rows) == ["Number 0.", "Number 61."]


def test_an_answer_that_stands_apart_names_what_it_answers(post, bob, alice, say, noon, grow):
    (root,) = grow(1)
    first = grow(ANSWERS + 1, below=root)[0]
    say(alice, post, "Late.", at=noon + timedelta(hours=1), parent_id=first.pk)
    cursor = Conversation(post, NOBODY).page().rows[0].more_after
    rows = Conversation(post, NOBODY).thread(str(root.pk), cursor=cursor).rows
    assert [(row.content, row.is_adrift) for row in rows[1:]] == [
        (f"Number {ANSWERS + 1}.", False),
        ("Late.", True),
    ]
    assert rows[-1].answered_page.username == "bob"
    boundaries.block(member=alice, page=bob.primary_page, at=noon)
    assert Conversation(post, alice).thread(str(root.pk), cursor=cursor).rows[-1].answered_page is None


def test_very_deep_answers_stand_beside_what_they_answer(post, bob, say, noon):
    first = last = say(bob, post, "0")
    for place in range(1, 20):
        last = say(bob, post, f"{place}", at=noon + timedelta(seconds=place), parent_id=last.pk)
    rows = Conversation(post, NOBODY).thread(str(first.pk)).rows
    assert [row.level for row in rows] == [*range(13), *[12] * 7]
    assert [row.is_adrift for row in rows] == [False] * 13 + [True] * 7
    assert len(rows[-1].closes) == 12


# -- A link to one comment ----------------------------------------------------------------------------------------


def test_a_link_brings_the_thread_that_is_on_another_page(post, client, grow):
    (old,) = grow(1)
    (answer,) = grow(1, below=old)
    grow(40)
    page = client.get(address_of_comment(post.pk, answer.pk)).content.decode()
    assert page.count(f'id="comment-{answer.pk}"') == page.count(f'id="comment-{old.pk}"') == 1
    assert page.index(f'id="comment-{old.pk}"') < page.index(">Number 41.<") if ">Number 41.<" in page else True
    assert f'id="comment-{old.pk}"' not in client.get(f"/p/{post.pk}/").content.decode()


def test_a_link_brings_an_answer_from_deep_within_a_long_thread(post, client, grow):
    (root,) = grow(1)
    answers = grow(130, below=root)
    page = client.get(address_of_comment(post.pk, answers[99].pk)).content.decode()
    assert f'id="comment-{answers[99].pk}"' in page
    assert "Earlier answers" in page
    rows = Conversation(post, NOBODY).page(wanted=str(answers[99].pk)).rows
    assert words(rows) == [f"Number {place}." for place in (0, *range(100, 100 + ANSWERS))]


@pytest.mark.parametrize("said", ["", "x", "\x00", "9" * 400, "019a0000-0000-7000-8000-000000000000"])
@pytest.mark.parametrize("name", ["comment", "thread", "sort", "cursor"])
def test_addresses_that_lead_nowhere_show_the_first_page(post, client, grow, name, said):
    grow(2)
    page = client.get(f"/p/{post.pk}/", {name: said})
    assert page.status_code == 200
    assert "Number 0." in page.content.decode()


def test_a_comment_of_another_post_is_not_brought_here(post, alice, bob, write, say, client):
    elsewhere = say(bob, write(alice), "Elsewhere.")
    for name in ("comment", "thread"):
        assert "Elsewhere." not in client.get(f"/p/{post.pk}/", {name: str(elsewhere.pk)}).content.decode()


def test_mallory_does_not_read_by_a_link_what_she_may_not(post, bob, mallory, say, noon):
    words_of_bob = say(bob, post, "Not for Mallory.")
    boundaries.block(member=bob, page=mallory.primary_page, at=noon)
    removed = say(bob, post, "Removed.")
    operations.remove_comment(remover=bob, comment_id=removed.pk, at=noon)
    for comment in (words_of_bob, removed):
        for rows in (
            Conversation(post, mallory).page(wanted=str(comment.pk)).rows,
            Conversation(post, mallory).thread(str(comment.pk)).rows,
        ):
            assert not any(row.content for row in rows)


# -- What it costs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_member", [False, True])
def test_a_long_conversation_takes_no_more_queries_than_a_short_one(
    post, mallory, client, grow, is_member, django_assert_max_num_queries
):
    if is_member:
        client.force_login(mallory)
    roots = grow(4)
    grow(3, below=roots[0])

    def queries():
        with django_assert_max_num_queries(30) as counted:
            client.get(f"/p/{post.pk}/", {"comment": str(roots[0].pk)})
        return len(counted)

    client.get(f"/p/{post.pk}/")
    few = queries()
    for root in roots:
        grow(200, below=root)
    grow(1200)
    assert queries() <= few + 1  # the wanted thread is on another page now


def test_pages_of_threads_are_read_along_their_indexes(post, grow):
    roots = grow(300)
    for root in roots[:5]:
        grow(100, below=root)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE social_comment, social_post, accounts_page, accounts_user")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + threads._FIRST_ANSWERS, [[row.pk for row in roots[:30]], uuid4(), 51])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "social_comment_root" in plan
    top = Conversation(post, NOBODY).roots().order_by("-total_tokens_received", "-id")[:31]
    assert "social_comment_top" in top.explain()


# -- Pages and API ------------------------------------------------------------------------------------------------


def test_the_page_nests_its_lists_well(post, client, grow):
    from html.parser import HTMLParser

    roots = grow(3)
    child = grow(1, below=roots[0])[0]
    grow(60, below=child)

    class Balance(HTMLParser):
        def __init__(self):
            super().__init__()
            self.open = []

        def handle_starttag(self, tag, attrs):
            if tag in ("ol", "li", "details", "ul", "section", "div"):
                self.open.append(tag)

        def handle_endtag(self, tag):
            if tag in ("ol", "li", "details", "ul", "section", "div"):
                assert self.open.pop() == tag

    parser = Balance()
    parser.feed(client.get(f"/p/{post.pk}/").content.decode())
    assert parser.open == []


def test_a_new_comment_is_shown_in_place_whatever_the_sort(post, mallory, client, grow):
    grow(40)
    client.force_login(mallory)
    sent = {"content": "Brand new.", "key": str(uuid4()), "sort": "old"}
    fragment = client.post(f"/p/{post.pk}/comments/", sent, headers={"HX-Request": "true"}).content.decode()
    assert fragment.count("Brand new.") == 1
    assert 'id="sort-old" aria-current="true"' in fragment


def test_the_api_sorts_threads_and_reads_one_in_full(post, api, alice, tip, grow):
    roots = grow(3)
    grow(60, below=roots[0])
    tip(alice, roots[1], "1.00")
    address = f"/api/v1/posts/{post.pk}/comments"
    page = api().get(address, {"sort": "top", "page_size": 2}).json()
    assert [row["content"] for row in page["results"]] == ["Number 1.", "Number 2."]
    page = api().get(page["next"]).json()
    assert (page["next"], len(page["results"])) == (None, 1 + ANSWERS)
    root, answer = page["results"][:2]
    assert (root["thread"], root["has_more_answers"]) == (None, True)
    assert (answer["thread"], answer["has_more_answers"]) == (str(roots[0].pk), False)
    whole = api().get(address, {"thread": str(roots[0].pk), "page_size": 100}).json()["results"]
    assert len(whole) == 61


@pytest.mark.parametrize("asked", [{"sort": "best"}, {"sort": ""}, {"thread": "x"}, {"sort": "new", "cursor": "x"}])
def test_the_api_refuses_what_it_does_not_know(post, api, asked):
    answer = api().get(f"/api/v1/posts/{post.pk}/comments", asked)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
