"""Pages of a list by key: nothing twice, nothing left out, both ways."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.lib.answers import IdempotentAnswer
from config.lib.ids import uuid7
from config.lib.pagination import BadCursor, Keyset

ORDER = Keyset("key", "-status", "-id")


def answer(key, status):
    return IdempotentAnswer(member_id=uuid7(), key=key, fingerprint="", status=status, body={})


def walk(rows, keyset, size):
    seen, cursor, last = [], "", None
    while cursor is not None:
        last = keyset.slice(rows, cursor=cursor, size=size)
        seen.append([row.pk for row in last.rows])
        cursor = last.next
    return seen, last


@pytest.fixture
def entries(db):
    IdempotentAnswer.objects.bulk_create(
        answer(key, status) for key in ("burned", "content") for status in (1, 1, 2, 3, 3, 3)
    )
    return IdempotentAnswer.objects.all()


@pytest.mark.parametrize("size", [1, 2, 5, 12, 50])
def test_every_row_is_seen_once_in_mixed_order(entries, size):
    pages, _last = walk(entries, ORDER, size)
    assert [pk for page in pages for pk in page] == list(
        entries.order_by("key", "-status", "-id").values_list("pk", flat=True)
    )


def test_the_way_back_shows_the_pages_before(entries):
    pages, last = walk(entries, ORDER, 5)
    back = ORDER.slice(entries, cursor=last.previous, size=5)
    assert [row.pk for row in back.rows] == pages[-2]
    first = ORDER.slice(entries, cursor=back.previous, size=5)
    assert [row.pk for row in first.rows] == pages[0]
    assert first.previous is None


def test_a_row_added_above_is_not_shown_twice_below(entries):
    first = Keyset("-id").slice(entries, size=3)
    answer("burned", 9).save()
    second = Keyset("-id").slice(entries, cursor=first.next, size=3)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


def test_an_empty_list_has_no_neighbours(db):
    empty = ORDER.slice(IdempotentAnswer.objects.all())
    assert (empty.rows, empty.next, empty.previous) == ([], None, None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(min_size=1, max_size=60))
def test_a_cursor_that_is_not_ours_is_refused_whatever_it_is(db, cursor):
    with pytest.raises(BadCursor):
        ORDER.slice(IdempotentAnswer.objects.all(), cursor=cursor)
