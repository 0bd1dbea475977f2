"""Editions of words: what late changes leave behind, and editing what one has read and nothing newer.

Both doors say which edition of the words they had before them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from config.lib.etags import edition_of
from config.lib.ids import uuid7_at
from config.lib.refusals import StaleVersion
from config.lib.runtime import figures
from social.feed.models import Comment, CommentEdition, Post, PostEdition
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


def keep_edition(row: Post | Comment, *, at: datetime) -> bool:
    """Keep the words as they are, before a change; not in the first EDIT_FREE_MINUTES. Whether they were kept."""
    if at - row.created_at < timedelta(minutes=figures().EDIT_FREE_MINUTES):
        return False
    given = {"id": uuid7_at(at), "created_at": at, "content": row.content}
    if isinstance(row, Post):
        PostEdition.objects.create(post=row, title=row.title, **given)
    else:
        CommentEdition.objects.create(comment=row, **given)
    return True
