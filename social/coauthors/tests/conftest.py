from decimal import Decimal

import pytest

from social.coauthors import operations
from social.feed.tests.conftest import figure, leave_uncounted, noon, rewritten, say, tip, write  # noqa: F401 - fixtures


@pytest.fixture
def agree(noon):  # noqa: F811
    """agree(bob, post) says yes."""

    def make(member, post, *, agrees=True, at=None):
        return operations.answer(member=member, post_id=post.pk, agrees=agrees, at=at or noon)

    return make


@pytest.fixture
def together_with(write, agree):  # noqa: F811
    """together_with(alice, bob=25) writes a post of alice's in whose tips bob has agreed to share."""

    def make(author, *, agreed=True, **percents):
        value = [{"username": name, "percent": percent} for name, percent in percents.items()]
        post = write(author, carrying={"coauthors": value})
        if agreed:
            for row in post.coauthors.select_related("user"):
                agree(row.user, post)
        return post

    return make


def parts(given):
    return {share.user.primary_page.username: share.coins for share in given.shares.select_related("user")}


D = Decimal
