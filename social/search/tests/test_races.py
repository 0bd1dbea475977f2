"""Words of before are gathered beside those who remove what they belong to."""

import threading
import time

import pytest
from django.db import connection, transaction

from social.feed.models import Post
from social.feed.tests.conftest import together
from social.search.models import PostWords

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

_NONE = "00000000-0000-0000-0000-000000000000"


def gathered_while_removed(post):
    """Gather words while a removal is under way; whether the removed post has any then."""
    PostWords.objects.all().delete()
    is_removed = threading.Event()

    def remove():
        with transaction.atomic():
            Post.objects.filter(pk=post.pk).update(deleted_at=post.created_at)
            is_removed.set()
            time.sleep(0.5)

    def gather():
        is_removed.wait(10)
        with connection.cursor() as cursor:
            cursor.execute("SELECT social_find_posts(%s::uuid, 100)", [_NONE])

    assert together(remove, gather) == [None, None]
    return PostWords.objects.filter(post=post).exists()


def test_a_post_that_is_removed_meanwhile_gets_no_words(alice, write):
    assert not gathered_while_removed(write(alice, "Rain"))


def test_without_sharing_the_rows_it_would(alice, write, rewritten):
    with rewritten("social_find_posts", (" FOR SHARE OF p", "")):
        assert gathered_while_removed(write(alice, "Rain"))
