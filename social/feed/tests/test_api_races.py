"""Two programs at the same moment."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from social.feed import operations
from social.feed.api import reading
from social.feed.operations.editions import edition
from social.feed.tests.over_http import API, written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
EDITORS = 6


def edits_at_once(api: Callable[..., Any], author: Any, address: str, etag: str) -> list[int]:
    """The statuses of as many edits of one edition, released together."""
    start, statuses = threading.Barrier(EDITORS), []

    def edit(number: int) -> None:
        client = api(author)
        start.wait()
        response = client.patch(address, {"content": f"Words {number}."}, headers={"If-Match": etag})
        statuses.append(response.status_code)
        connection.close()

    threads = [threading.Thread(target=edit, args=[number]) for number in range(EDITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def test_of_many_editors_of_one_edition_one_wins(api: Callable[..., Any], alice: Any) -> None:
    post = written(alice)
    address = f"{API}/posts/{post.pk}"
    comment = operations.write_comment(author=alice, post_id=post.pk, content="Hm.", channel="WEB", at=timezone.now())
    for row_address, etag in (
        (address, api(alice).get(address)["ETag"]),
        (f"{API}/comments/{comment.pk}", f'"{edition(comment)}"'),
    ):
        assert edits_at_once(api, alice, row_address, etag) == [200] + [412] * (EDITORS - 1)


def test_control_without_the_writers_lock_more_than_one_wins(
    api: Callable[..., Any], alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(EDITORS)

    @contextmanager
    def unlocked(row: Any, *, is_read: Callable[[str], bool]) -> Any:
        with transaction.atomic():
            row.refresh_from_db(fields=["edited_at"])
            assert is_read(edition(row))
            together.wait(timeout=10)
            yield

    monkeypatch.setattr(reading, "while_unchanged", unlocked)
    post = written(alice)
    address = f"{API}/posts/{post.pk}"
    statuses = edits_at_once(api, alice, address, api(alice).get(address)["ETag"])
    assert statuses.count(200) > 1
