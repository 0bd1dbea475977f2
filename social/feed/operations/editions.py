"""Editing what one has read, and nothing newer: both doors say which edition of the words they had before them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction

from config.lib.etags import edition_of
from config.lib.refusals import StaleVersion
from social.feed.models import Comment, Post
from social.feed.operations.writing import one_at_a_time


def edition(row: Post | Comment) -> str:
    """The edition of a post's or comment's words; tips and comments on it do not change it."""
    return edition_of(row.pk, row.edited_at)


@contextmanager
def while_unchanged(row: Post | Comment, *, is_read: Callable[[str], bool]) -> Iterator[None]:
    """A transaction in which nobody else edits the row. `is_read` says whether the present edition is the one that was
    read; if not, refuses with StaleVersion.
    """
    with transaction.atomic():
        # Only its writer edits a row, so the writer's lock is enough; it is the one that editing itself takes first.
        one_at_a_time(row.user)
        row.refresh_from_db(fields=["edited_at"])
        if not is_read(edition(row)):
            raise StaleVersion()
        yield
