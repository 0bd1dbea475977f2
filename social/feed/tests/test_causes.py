"""What the statement tells of posts, comments and tips: where they are, and which page stood on the other side."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse

from economy.ledger import causes, queries
from social.feed import operations
from social.feed.models import Tip

A_DAY = timedelta(hours=25)


@pytest.fixture
def lines():
    """lines(alice) are her postings with kind, amount, page on the other side and cause, newest first."""

    def read(member, **given):
        rows = list(queries.statement(wallet=member.wallet, **given).order_by("-lock_version"))
        pages = queries.counterparties(member.wallet, rows)
        why = causes.causes_of(rows)
        return [
            (
                row.kind,
                row.amount,
                pages[row.transfer_id].username if row.transfer_id in pages else None,
                why.get(row.transfer_id),
            )
            for row in rows
        ]

    return read


@pytest.fixture
def at_night(alice, write, noon):
    """A post that alice wrote as her second page."""
    page = alice.pages.create(username="alice_by_night", display_name="Night", is_primary=False)
    return write(alice, "Words of the night.", page=page)


def test_a_tip_leads_to_its_post_on_both_sides(alice, bob, write, tip, noon, lines):
    post = write(alice, "x" * 70)
    tip(bob, post, "10.00")
    operations.settle_tips(at=noon + A_DAY)
    cause = causes.Cause("x" * 59 + "…", reverse("social:read_post", args=[post.pk]))
    assert lines(bob)[0] == ("TIP", D("-10.00"), "alice", cause)
    assert lines(alice)[0] == ("TIP_SETTLEMENT", D("6.00"), "bob", cause)


def test_a_tip_taken_back_leads_there_too(alice, bob, write, tip, noon, lines):
    post = write(alice, "Words.")
    made = tip(bob, post, "2.00")
    operations.take_back(spender=bob, tip_id=made.pk, channel="WEB", at=noon)
    assert lines(bob)[0][:3] == ("TIP_REFUND", D("2.00"), "alice")
    assert lines(bob)[0][3].label == "Words."


def test_a_tip_on_a_comment_leads_to_the_comment(alice, bob, write, say, tip, lines):
    comment = say(alice, write(bob), "Well said.")
    tip(bob, comment, "1.00")
    cause = lines(bob)[0][3]
    assert cause.label == "Well said."
    assert cause.url.endswith(f"#comment-{comment.pk}")


def test_a_title_is_what_a_post_is_called(alice, bob, write, tip, lines):
    tip(bob, write(alice, "Words.", title="On  tea"), "1.00")
    assert lines(bob)[0][3].label == "On tea"


def test_what_is_gone_is_called_gone_and_leads_nowhere(alice, bob, write, say, tip, noon, lines):
    post = write(alice)
    tip(bob, post, "1.00")
    operations.settle_tips(at=noon + A_DAY)
    operations.remove_post(remover=alice, post_id=post.pk, channel="WEB", at=noon + A_DAY)
    assert lines(bob)[0][3] == lines(alice)[0][3] == causes.Cause("a post that is gone", "")


class TestPagesOfOneMember:
    """A tip and a paid comment are between pages: whose other pages they are is not told."""

    def test_the_page_that_wrote_is_named_not_the_first_one(self, at_night, alice, bob, tip, noon, lines):
        tip(bob, at_night, "1.00")
        assert lines(bob)[0][2] == "alice_by_night"

    def test_the_filter_finds_it_under_that_name_alone(self, at_night, alice, bob, tip, lines):
        tip(bob, at_night, "1.00")
        night = alice.pages.get(username="alice_by_night")
        assert [line[0] for line in lines(bob, page=night)] == ["TIP"]
        assert lines(bob, page=alice.primary_page) == []

    def test_a_paid_comment_names_the_pages_that_wrote(self, at_night, alice, bob, say, lines):
        night = alice.pages.get(username="alice_by_night")
        for number in range(3):
            say(bob, at_night, f"Comment {number}.")
        assert lines(bob)[0][:3] == ("COMMENT_FEE", D("-0.50"), "alice_by_night")
        assert lines(alice)[0][:3] == ("COMMENT_FEE", D("0.15"), "bob")
        assert [line[1] for line in lines(bob, page=night)] == [D("-0.50")]
        assert lines(bob, page=alice.primary_page) == []
        assert [line[1] for line in lines(alice, page=bob.primary_page)] == [D("0.15")]

    def test_a_paid_comment_on_ones_own_post_has_no_other_side(self, alice, write, say, lines):
        post = write(alice)
        for number in range(3):
            say(alice, post, f"Comment {number}.")
        assert lines(alice)[0][:3] == ("COMMENT_FEE", D("-0.50"), None)
        assert lines(alice, page=alice.primary_page) == []


def test_all_between_two_members_by_one_name(alice, bob, mallory, write, tip, noon, lines):
    post, answer = write(alice), write(bob)
    tip(bob, post, "1.00")
    tip(mallory, post, "2.00")
    tip(alice, answer, "5.00")
    operations.settle_tips(at=noon + A_DAY)
    found = lines(alice, page=bob.primary_page)
    assert sorted(line[:2] for line in found) == [("TIP", D("-5.00")), ("TIP_SETTLEMENT", D("0.60"))]
    assert Tip.objects.count() == 3


@pytest.mark.parametrize("count", [1, 8])
def test_naming_and_leading_cost_the_same_however_many(
    alice, bob, write, say, tip, noon, lines, count, django_assert_num_queries
):
    for _ in range(count):
        post = write(alice)
        tip(bob, post, "1.00")
        tip(bob, say(alice, post, f"Comment on {post.pk}."), "1.00")
    rows = list(queries.statement(wallet=bob.wallet, kind="TIP"))
    assert len(rows) == 2 * count
    with django_assert_num_queries(4):  # tips, pages; posts, comments
        queries.counterparties(bob.wallet, rows)
        causes.causes_of(rows)
