"""Comments written and edited; removal has a file of its own."""

from datetime import timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest

from accounts.members.models import Page
from config.lib.idempotency import KeyReused
from config.lib.refusals import NotAllowed, NotThere
from economy.ledger.models import Posting, Transfer
from economy.ledger.operations import NotEnoughCoins
from social.feed import operations, queries
from social.feed.models import Comment
from social.feed.tests.conftest import balance, books_are_right, drain, fund

pytestmark = pytest.mark.django_db


def use_up(member, post, say):
    """Writes the two free comments of the day."""
    return [say(member, post, f"Free one, {number}.") for number in range(2)]


def test_two_comments_of_a_day_are_free_and_the_third_costs_a_half(alice, bob, write, say):
    post = write(alice)
    free = use_up(bob, post, say)
    assert [(each.was_free, each.token_cost) for each in free] == [(True, D("0.00"))] * 2
    assert balance(bob) == D("100.00")
    paid = say(bob, post, "And a third.")
    assert (paid.was_free, paid.token_cost) == (False, D("0.50"))
    assert (balance(bob), balance(alice)) == (D("99.50"), D("100.15"))
    assert (fund("treasury"), fund("burned"), fund("content")) == (D("0.10"), D("0.25"), D("0.00"))
    alice.wallet.refresh_from_db()
    assert alice.wallet.total_earned == D("0.15")
    assert books_are_right()


def test_a_paid_comment_is_one_transfer_that_names_it(alice, bob, write, say):
    post = write(alice)
    use_up(bob, post, say)
    paid = say(bob, post)
    transfer = Transfer.objects.get(kind="COMMENT_FEE")
    assert (transfer.reference_type, transfer.reference_id, transfer.actor_id) == ("comment", paid.pk, bob.pk)
    lines = Posting.objects.filter(transfer=transfer).values_list("wallet__user_id", "fund", "amount")
    assert set(lines) == {
        (bob.pk, None, D("-0.50")),
        (alice.pk, None, D("0.15")),
        (None, "treasury", D("0.10")),
        (None, "burned", D("0.25")),
    }


def test_on_ones_own_post_the_authors_share_goes_to_the_treasury(alice, write, say):
    post = write(alice)
    use_up(alice, post, say)
    say(alice, post)
    assert (balance(alice), fund("treasury"), fund("burned")) == (D("99.50"), D("0.25"), D("0.25"))


def test_the_free_ones_come_back_at_midnight_utc(alice, bob, write, say, noon):
    post = write(alice)
    use_up(bob, post, say)
    midnight = noon.replace(hour=0) + timedelta(days=1)
    assert not say(bob, post, at=midnight - timedelta(microseconds=1)).was_free
    assert say(bob, post, "New day.", at=midnight).was_free


def test_the_free_ones_are_the_members_whatever_the_post_or_page(alice, bob, write, say):
    second = Page.objects.create(user=bob, username="bob_two", display_name="Two", is_primary=False)
    say(bob, write(alice))
    assert say(bob, write(alice), page=second).page == second
    assert not say(bob, write(alice)).was_free


def test_a_comment_that_cannot_be_paid_is_not_written(alice, bob, write, say, noon):
    post = write(alice)
    use_up(bob, post, say)
    drain(bob, to="0.49", at=noon)
    with pytest.raises(NotEnoughCoins):
        say(bob, post)
    assert Comment.objects.count() == 2


def test_the_price_is_told_before(alice, bob, write, say, noon):
    post = write(alice)
    price = queries.price_of_next_comment(author=bob, post=post, at=noon)
    assert (price.free_left, price.fee) == (2, D("0.50"))
    use_up(bob, post, say)
    bob.refresh_from_db()
    price = queries.price_of_next_comment(author=bob, post=post, at=noon)
    assert price == queries.CommentPrice(0, D("0.50"), D("0.15"), D("0.10"), D("0.25"))
    own = queries.price_of_next_comment(author=alice, post=post, at=noon)
    assert (own.to_author, own.to_treasury, own.burned) == (D("0.00"), D("0.25"), D("0.25"))


def test_a_price_of_nothing_moves_nothing(alice, bob, write, say, figure):
    figure(FREE_COMMENTS_PER_DAY=0, COMMENT_FEE=D("0.00"))
    comment = say(bob, write(alice))
    assert (comment.was_free, comment.token_cost) == (False, D("0.00"))
    assert not Transfer.objects.filter(kind="COMMENT_FEE").exists()


# -- Threads ------------------------------------------------------------------------------------------------------


def test_an_answer_is_one_deeper_than_what_it_answers(alice, bob, write, say):
    post = write(alice)
    first = say(bob, post)
    second = say(alice, post, "Thanks.", parent_id=first.pk)
    third = say(alice, post, "Again.", parent_id=second.pk)
    assert [each.thread_depth for each in (first, second, third)] == [0, 1, 2]
    assert third.parent == second


def test_an_answer_stays_on_the_post_of_what_it_answers(alice, bob, write, say):
    elsewhere = say(bob, write(alice))
    with pytest.raises(NotThere):
        say(bob, write(alice), parent_id=elsewhere.pk)
    assert Comment.objects.count() == 1


def test_a_removed_or_unknown_comment_is_not_answered(alice, bob, write, say, noon):
    post = write(alice)
    gone = say(bob, post)
    operations.remove_comment(remover=bob, comment_id=gone.pk, at=noon)
    for parent_id in (gone.pk, uuid4()):
        with pytest.raises(NotThere):
            say(alice, post, parent_id=parent_id)


def test_a_removed_or_unknown_post_is_not_commented_on_and_no_free_one_is_used(alice, bob, write, say, noon):
    post = write(alice)
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    with pytest.raises(NotThere):
        say(bob, post)
    post.pk = uuid4()
    with pytest.raises(NotThere):
        say(bob, post)
    bob.refresh_from_db()
    assert queries.price_of_next_comment(author=bob, post=post, at=noon).free_left == 2


# -- Texts and who writes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["x", "𝒳" * 1000, "  x" + "x" * 999 + "\n"])
def test_one_to_1000_characters_are_kept(alice, bob, write, say, text):
    comment = say(bob, write(alice), text)
    comment.refresh_from_db()
    assert comment.content == text.strip()


@pytest.mark.parametrize("text", ["", " \n ", "x" * 1001, "𝒳" * 1001, "a\0b"])
def test_other_texts_are_refused(alice, bob, write, say, text):
    post = write(alice)
    with pytest.raises(operations.UnusableText):
        say(bob, post, text)
    bob.refresh_from_db()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("status", ["SUSPENDED", "BANNED", "CLOSED"])
def test_who_may_not_act_does_not_comment(alice, bob, write, say, noon, status):
    post = write(alice)
    comment = say(bob, post)
    bob.status = status
    with pytest.raises(NotAllowed):
        say(bob, post)
    with pytest.raises(NotAllowed):
        operations.edit_comment(editor=bob, comment_id=comment.pk, content="Other.", at=noon)


def test_mallory_does_not_comment_as_bob(alice, bob, mallory, write, say):
    post = write(alice)
    with pytest.raises(NotThere):
        say(mallory, post, page=bob.primary_page)


# -- Keys ---------------------------------------------------------------------------------------------------------


def test_a_key_writes_one_comment_and_uses_one_free_one(alice, bob, write, say, noon):
    post = write(alice)
    first = say(bob, post, key="k")
    assert say(bob, post, key="k") == first
    bob.refresh_from_db()
    assert (Comment.objects.count(), bob.daily_comments_free_remaining) == (1, 1)


def test_a_key_pays_for_one_comment(alice, bob, write, say):
    post = write(alice)
    use_up(bob, post, say)
    first = say(bob, post, key="k")
    assert say(bob, post, key="k") == first
    assert balance(bob) == D("99.50")


def test_a_key_with_another_comment_is_refused(alice, bob, mallory, write, say):
    post = write(alice)
    first = say(bob, post, key="k")
    for changed in ({"content": "Else."}, {"parent_id": first.pk}):
        with pytest.raises(KeyReused):
            say(bob, post, key="k", **changed)
    with pytest.raises(KeyReused):
        say(bob, write(alice), key="k")
    say(mallory, post, "Else.", key="k")


# -- Editing ------------------------------------------------------------------------------------------------------


def test_an_edit_changes_words_and_says_so(alice, bob, write, say, noon):
    comment = say(bob, write(alice), "Before.")
    edited = operations.edit_comment(editor=bob, comment_id=comment.pk, content=" After. ", at=noon)
    comment.refresh_from_db()
    assert (comment.content, comment.edited_at, edited.updated_at) == ("After.", noon, comment.updated_at)


def test_an_edit_without_a_change_is_none(alice, bob, write, say, noon):
    comment = say(bob, write(alice), "Before.")
    assert operations.edit_comment(editor=bob, comment_id=comment.pk, content="Before.", at=noon).edited_at is None


def test_only_the_author_edits_and_only_what_is_there(alice, bob, mallory, moderator, write, say, noon):
    comment = say(bob, write(alice))
    for who in (alice, mallory, moderator):
        with pytest.raises(NotThere):
            operations.edit_comment(editor=who, comment_id=comment.pk, content="Mine.", at=noon)
    operations.remove_comment(remover=bob, comment_id=comment.pk, at=noon)
    with pytest.raises(NotThere):
        operations.edit_comment(editor=bob, comment_id=comment.pk, content="Back.", at=noon)


def test_an_edit_needs_usable_words(alice, bob, write, say, noon):
    comment = say(bob, write(alice))
    with pytest.raises(operations.UnusableText):
        operations.edit_comment(editor=bob, comment_id=comment.pk, content="x" * 1001, at=noon)
