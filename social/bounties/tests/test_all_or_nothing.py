"""An error at any write of a bounty leaves nothing behind: neither a row, nor a coin, nor a word on a card."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, transaction

from social.bounties import operations
from social.feed.operations import remove_post
from social.feed.tests import test_all_or_nothing as feed
from social.feed.tests.conftest import WEB, books_are_right

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
MOVED = ["accounts_wallet", "economy_transfer", "economy_posting", "economy_fundentry", "social_bounty", "social_post"]
WRITES = {
    "offer": [*MOVED, "accounts_user", "accounts_page"],
    "award": [*MOVED, "accounts_page", "accounts_owednotice"],
    "return": [*MOVED, "accounts_owednotice"],
    "remove": [*MOVED, "social_tip", "accounts_page", "accounts_owednotice"],
}


@pytest.fixture(autouse=True)
def _bounties_are_looked_at(monkeypatch):
    monkeypatch.setattr(feed, "TABLES", [*feed.TABLES, "social_bounty", "accounts_owednotice"])


@pytest.fixture
def stage(alice, bob, mallory, moderator, promise, write, say, tip, noon):
    """One of each operation, ready to be carried out."""
    post = promise(alice, "25.00")
    answer = say(bob, post)
    tip(mallory, post, "3.33")
    carrying = {"bounty": {"amount": D("5.00"), "days": 1}}
    return {
        "offer": lambda: write(alice, "How long?", at=noon + timedelta(hours=1), carrying=carrying),
        "award": lambda: operations.award_bounty(
            author=alice, post_id=post.pk, comment_id=answer.pk, channel=WEB, at=noon
        ),
        "return": lambda: operations.return_bounties(at=noon + WEEK),
        "remove": lambda: remove_post(remover=moderator, post_id=post.pk, at=noon),
    }


@pytest.mark.parametrize(("name", "table"), [(name, table) for name, tables in WRITES.items() for table in tables])
def test_an_error_at_any_write_leaves_nothing(stage, name, table):
    before = feed.everything()
    with feed.sabotaged(table), pytest.raises(DatabaseError, match="sabotaged"), transaction.atomic():
        stage[name]()
    assert feed.everything() == before
    stage[name]()
    assert feed.everything() != before
    assert books_are_right()
