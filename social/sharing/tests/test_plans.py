"""With many hashtags: only the posts of those that are told are looked at, not all posts there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.members.models import User
from config.lib.refusals import NotThere
from social.search import rules
from social.search.queries import suggesting
from social.search.queries.hashtags import find_hashtags
from social.search.tests.test_plans import many, nodes_of, whole
from social.sharing import queries

__all__ = ["many"]
pytestmark = pytest.mark.django_db

ASKED = {
    "sitemap": queries.hashtags_to_index,
    "feed": lambda: [queries.hashtag_named("tag12")],
    "search": lambda: find_hashtags(rules.parse("tag"), queries.VISITOR, by_beginning=True),
    "guesses": lambda: suggesting._names(
        suggesting.hashtags_for(queries.VISITOR).order_by("-posts_count", "name"), "name"
    ),
}


@pytest.mark.parametrize("is_banned", [False, True])
def test_only_the_posts_of_hashtags_that_are_told_are_looked_at(many, alice, is_banned, monkeypatch):
    """Nor are all hashtags gone through for some that may be told, when a member who is banned made most of them."""
    monkeypatch.setattr(queries, "IN_A_SITEMAP", 500)
    if is_banned:
        User.objects.filter(pk=alice.pk).update(status="BANNED")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL random_page_cost = 1.1; ANALYZE accounts_user")
    faults = []
    for name, ask in ASKED.items():
        with CaptureQueriesContext(connection) as asked:
            try:
                found = bool(ask())
            except NotThere:
                found = False
        assert found is not is_banned, name
        assert len(asked.captured_queries) == 1, name
        faults += [(name, table, rows) for table, rows in whole(nodes_of(asked.captured_queries)).items()]
    # The search goes through the names that begin so, as it always has; through nothing else.
    assert [fault for fault in faults if fault[:2] != ("search", "social_hashtag")] == []
