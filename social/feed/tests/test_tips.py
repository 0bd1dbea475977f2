"""Tips given and taken back; settlement and removal have files of their own."""

from datetime import timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest

from accounts.members.models import Page
from config.lib.idempotency import KeyReused
from config.lib.refusals import NotAllowed, NotThere, refusal_in
from economy.ledger.models import Posting, Transfer
from economy.ledger.operations import NotEnoughCoins
from social.feed import operations
from social.feed.models import Tip
from social.feed.tests.conftest import WEB, balance, books_are_right, drain, fund

pytestmark = pytest.mark.django_db

DAY = timedelta(hours=24)


def another_page(member, username="second_page"):
    return Page.objects.create(user=member, username=username, display_name="Second", is_primary=False)


# -- Giving -------------------------------------------------------------------------------------------------------


def test_a_tip_of_ten_waits_on_content_and_will_be_split_six_two_two(alice, bob, write, tip, noon):
    post = write(alice)
    given = tip(bob, post, "10.00")
    assert (given.to_creator, given.to_treasury, given.burned) == (D("6.00"), D("2.00"), D("2.00"))
    assert given.can_unlike_until == noon + DAY
    assert (balance(bob), balance(alice), fund("content")) == (D("90.00"), D("100.00"), D("10.00"))
    assert books_are_right()


def test_a_tip_of_three_thirty_three_gives_the_creator_the_remainder(alice, bob, write, tip):
    given = tip(bob, write(alice), "3.33")
    assert (given.to_creator, given.to_treasury, given.burned) == (D("2.01"), D("0.66"), D("0.66"))


def test_a_tip_comes_back_as_it_was_written(alice, bob, write, tip, noon):
    post = write(alice)
    given = tip(bob, post, "3.33")
    kept = Tip.objects.get()
    for field in Tip._meta.concrete_fields:
        assert getattr(given, field.attname) == getattr(kept, field.attname), field.attname
    assert (kept.spender, kept.recipient, kept.post, kept.comment) == (bob, alice, post, None)
    assert (kept.spender_page, kept.recipient_page) == (bob.primary_page, alice.primary_page)
    assert kept.pk == kept.transfer_id and kept.created_at == noon


def test_a_tip_raises_its_posts_figures(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    before = post.visibility_score
    tip(bob, post, "3.00")
    tip(bob, post, "2.00", at=noon + timedelta(minutes=1))
    tip(mallory, post, "1.00", at=noon + timedelta(minutes=2))
    post.refresh_from_db()
    assert (post.total_tokens_received, post.unique_spenders_count) == (D("6.00"), 2)
    assert post.last_token_received_at == noon + timedelta(minutes=2)
    assert post.visibility_score > before
    assert D("0.99") < post.engagement_velocity < D("1.00")


def test_a_tip_on_a_comment_raises_the_comment_and_not_the_post(alice, bob, mallory, write, say, tip):
    post = write(alice)
    comment = say(bob, post)
    given = tip(mallory, comment, "2.50")
    comment.refresh_from_db()
    post.refresh_from_db()
    assert (comment.total_tokens_received, comment.unique_spenders_count) == (D("2.50"), 1)
    assert post.total_tokens_received == D("0.00")
    assert (given.recipient_id, given.comment_id, given.post_id) == (bob.pk, comment.pk, None)


@pytest.mark.django_db(transaction=True)
def test_a_tip_is_one_round_trip(join, write, tip, django_assert_num_queries):
    alice, bob = join("alice"), join("bob")
    post = write(alice)
    with django_assert_num_queries(1):
        tip(bob, post, "1.00")


def test_the_transfer_of_a_tip_names_what_was_tipped(alice, bob, write, tip):
    post = write(alice)
    given = tip(bob, post, "1.00")
    transfer = Transfer.objects.get(pk=given.transfer_id)
    assert (transfer.kind, transfer.reference_type, transfer.reference_id) == ("TIP", "post", post.pk)
    assert transfer.actor_id == bob.pk


def test_a_tip_can_be_given_as_another_page_of_ones_own(alice, bob, write, tip):
    second = another_page(bob)
    assert tip(bob, write(alice), "1.00", page=second).spender_page_id == second.pk


def test_mallory_cannot_tip_as_bobs_page(alice, bob, mallory, write, tip):
    post = write(alice)
    with pytest.raises(NotThere):
        tip(mallory, post, "1.00", page=bob.primary_page)


# -- Limits -------------------------------------------------------------------------------------------------------


def test_less_than_one_coin_is_too_small(alice, bob, write, tip):
    post = write(alice)
    with pytest.raises(operations.TipTooSmall) as refused:
        tip(bob, post, "0.99")
    assert "at least 1.00 coins" in str(refused.value)
    assert balance(bob) == D("100.00")


def test_all_tips_on_one_post_together_stay_within_ten(alice, bob, mallory, write, tip):
    post, other = write(alice), write(alice, at=None)
    tip(bob, post, "4.00")
    tip(bob, post, "5.50")
    with pytest.raises(operations.TipLimitReached) as refused:
        tip(bob, post, "1.00")
    assert refused.value.facts == {"most": "10.00", "left": "0.50"}
    assert "10.00 coins; 0.50 are left" in str(refused.value)
    tip(mallory, post, "10.00")
    tip(bob, other, "10.00")
    assert books_are_right()


def test_the_limit_counts_settled_tips_and_not_those_taken_back(alice, bob, write, tip, noon):
    post = write(alice)
    back = tip(bob, post, "10.00")
    operations.take_back(spender=bob, tip_id=back.pk, channel=WEB, at=noon)
    tip(bob, post, "6.00")
    operations.settle_tips(at=noon + DAY)
    with pytest.raises(operations.TipLimitReached) as refused:
        tip(bob, post, "4.01", at=noon + DAY)
    assert refused.value.facts["left"] == "4.00"
    tip(bob, post, "4.00", at=noon + DAY)


def test_the_limit_of_a_comment_is_its_own(alice, bob, mallory, write, say, tip):
    post = write(alice)
    comment = say(alice, post)
    tip(bob, post, "10.00")
    tip(bob, comment, "10.00")
    with pytest.raises(operations.TipLimitReached):
        tip(bob, comment, "1.00")


def test_more_than_one_has_is_refused_and_nothing_moves(alice, bob, write, tip, noon):
    post = write(alice)
    drain(bob, to="5.00", at=noon)
    with pytest.raises(NotEnoughCoins) as refused:
        tip(bob, post, "5.01")
    assert refused.value.facts == {"needed": "5.01", "available": "5.00"}
    assert not Tip.objects.exists()
    tip(bob, post, "5.00")
    assert balance(bob) == D("0.00")


# -- What cannot be tipped ----------------------------------------------------------------------------------------


def test_ones_own_post_and_comment_cannot_be_tipped_from_any_page(alice, write, say, tip):
    second = another_page(alice)
    post = write(alice, page=second)
    comment = say(alice, post)
    for target in (post, comment):
        for page in (None, second):
            with pytest.raises(operations.OwnContent):
                tip(alice, target, "1.00", page=page)
    assert balance(alice) == D("100.00")


def test_what_is_not_there_cannot_be_tipped(bob, noon):
    for act, name in ((operations.tip_post, "post_id"), (operations.tip_comment, "comment_id")):
        with pytest.raises(NotThere):
            act(spender=bob, coins=D("1.00"), channel=WEB, at=noon, **{name: uuid4()})


def test_what_was_removed_cannot_be_tipped(alice, bob, mallory, write, say, tip, noon):
    post, bare = write(alice), write(alice)
    comment, answer = say(alice, post), say(alice, bare)
    operations.remove_comment(remover=alice, comment_id=comment.pk, at=noon)
    operations.remove_post(remover=alice, post_id=bare.pk, at=noon)
    for target in (comment, bare, answer):
        with pytest.raises(NotThere):
            tip(bob, target, "1.00")


@pytest.mark.parametrize(
    ("status", "refusal"),
    [("SUSPENDED", operations.NotTippable), ("BANNED", NotThere), ("CLOSED", NotThere)],
)
def test_the_words_of_who_may_not_act_cannot_be_tipped(alice, bob, write, say, tip, status, refusal):
    post = write(alice)
    comment = say(alice, post)
    type(alice).objects.filter(pk=alice.pk).update(status=status)
    for target in (post, comment):
        with pytest.raises(refusal):
            tip(bob, target, "1.00")
    assert balance(bob) == D("100.00")


def test_a_page_that_is_not_shown_cannot_be_tipped(alice, bob, write, tip):
    post = write(alice)
    Page.objects.filter(pk=post.page_id).update(is_active=False)
    with pytest.raises(NotThere):
        tip(bob, post, "1.00")


@pytest.mark.parametrize("status", ["SUSPENDED", "BANNED", "CLOSED"])
def test_who_may_not_act_neither_tips_nor_takes_back(alice, bob, write, tip, noon, status):
    post = write(alice)
    given = tip(bob, post, "1.00")
    bob.status = status
    with pytest.raises(NotAllowed):
        tip(bob, post, "1.00")
    with pytest.raises(NotAllowed):
        operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon)


# -- Keys ---------------------------------------------------------------------------------------------------------


def test_a_key_tips_once_and_finds_its_tip_again(alice, bob, write, tip):
    post = write(alice)
    first = tip(bob, post, "6.00", key="k")
    again = tip(bob, post, "6.00", key="k")
    assert again == first and again.amount == D("6.00")
    assert (balance(bob), Tip.objects.count()) == (D("94.00"), 1)


def test_a_replay_is_answered_even_when_a_new_tip_would_be_refused(alice, bob, write, tip, noon):
    post = write(alice)
    first = tip(bob, post, "10.00", key="k")
    drain(bob, to="0.00", at=noon)
    assert tip(bob, post, "10.00", key="k") == first
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    again = tip(bob, post, "10.00", key="k")
    assert again == first and again.unliked_at == noon


def test_a_key_with_another_amount_or_target_is_refused(alice, bob, write, say, tip):
    post, other = write(alice), write(alice)
    tip(bob, post, "1.00", key="k")
    for target, coins in ((post, "2.00"), (other, "1.00"), (say(alice, post), "1.00")):
        with pytest.raises(KeyReused):
            tip(bob, target, coins, key="k")


def test_a_key_belongs_to_its_member(alice, bob, mallory, write, tip):
    post = write(alice)
    assert tip(bob, post, "1.00", key="k") != tip(mallory, post, "1.00", key="k")


# -- Taking back --------------------------------------------------------------------------------------------------


def test_taking_back_returns_all_of_it_and_every_figure(alice, bob, write, tip, noon):
    post = write(alice)
    score = post.visibility_score
    given = tip(bob, post, "10.00")
    back = operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon + timedelta(hours=1))
    assert back.unliked_at == noon + timedelta(hours=1)
    assert (balance(bob), fund("content")) == (D("100.00"), D("0.00"))
    post.refresh_from_db()
    assert (post.total_tokens_received, post.unique_spenders_count) == (D("0.00"), 0)
    assert (post.last_token_received_at, post.visibility_score) == (None, score)
    assert post.engagement_velocity == D("0.0000")
    refund = Transfer.objects.get(kind="TIP_REFUND")
    assert (refund.reverses_id, refund.reference_id) == (given.transfer_id, given.pk)
    bob.wallet.refresh_from_db()
    assert bob.wallet.total_spent == D("0.00")
    assert books_are_right()


def test_one_of_two_tips_taken_back_leaves_its_spender_counted(alice, bob, write, tip, noon):
    post = write(alice)
    first = tip(bob, post, "1.00")
    second = tip(bob, post, "2.00", at=noon + timedelta(hours=1))
    operations.take_back(spender=bob, tip_id=second.pk, channel=WEB, at=noon + timedelta(hours=2))
    post.refresh_from_db()
    assert (post.total_tokens_received, post.unique_spenders_count) == (D("1.00"), 1)
    assert post.last_token_received_at == noon
    operations.take_back(spender=bob, tip_id=first.pk, channel=WEB, at=noon + timedelta(hours=2))
    post.refresh_from_db()
    assert (post.total_tokens_received, post.unique_spenders_count) == (D("0.00"), 0)


def test_a_tip_on_a_comment_can_be_taken_back(alice, bob, write, say, tip, noon):
    comment = say(alice, write(alice))
    first, second = tip(bob, comment, "1.00"), tip(bob, comment, "2.00")
    for given, left in ((first, ("2.00", 1)), (second, ("0.00", 0))):
        operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon)
        comment.refresh_from_db()
        assert (comment.total_tokens_received, comment.unique_spenders_count) == (D(left[0]), left[1])
    assert balance(bob) == D("100.00")


@pytest.mark.parametrize(("after", "is_open"), [(DAY - timedelta(microseconds=1), True), (DAY, False)])
def test_the_window_closes_when_24_hours_have_passed(alice, bob, write, tip, noon, after, is_open):
    given = tip(bob, write(alice), "1.00")
    if is_open:
        operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon + after)
    else:
        with pytest.raises(operations.RefundWindowOver):
            operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon + after)


def test_a_tip_is_taken_back_once(alice, bob, write, tip, noon):
    given = tip(bob, write(alice), "1.00")
    operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon)
    with pytest.raises(operations.TipResolved) as refused:
        operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon)
    assert refused.value.status == 409
    assert balance(bob) == D("100.00")


def test_a_settled_tip_is_gone_even_for_a_clock_that_is_behind(alice, bob, write, tip, noon):
    given = tip(bob, write(alice), "1.00")
    operations.settle_tips(at=noon + DAY)
    with pytest.raises(operations.TipResolved):
        operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon + timedelta(hours=23))
    with pytest.raises(operations.RefundWindowOver):
        operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon + DAY)


def test_mallory_cannot_take_bobs_tip_back_nor_learn_of_it(alice, bob, mallory, write, tip, noon):
    given = tip(bob, write(alice), "1.00")
    for who in (mallory, alice):
        with pytest.raises(NotThere):
            operations.take_back(spender=who, tip_id=given.pk, channel=WEB, at=noon)
    with pytest.raises(NotThere):
        operations.take_back(spender=bob, tip_id=uuid4(), channel=WEB, at=noon)


def test_a_standing_that_decayed_below_what_goes_back_ends_at_nothing(alice, bob, write, tip, noon):
    post = write(alice)
    given = tip(bob, post, "10.00")
    type(post).objects.filter(pk=post.pk).update(total_tokens_received=D("9.80"))
    operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=noon)
    post.refresh_from_db()
    assert post.total_tokens_received == D("0.00")


def test_every_refusal_of_the_database_has_its_class():
    for code, kind in {
        "CV510": operations.OwnContent,
        "CV511": operations.TipLimitReached,
        "CV512": operations.RefundWindowOver,
        "CV513": operations.TipResolved,
        "CV514": operations.NotTippable,
    }.items():
        error = type("Raised", (Exception,), {"sqlstate": code, "diag": None})()
        assert isinstance(refusal_in(error), kind)


def test_postings_of_a_tip_are_one_wallet_and_one_fund(alice, bob, write, tip):
    given = tip(bob, write(alice), "1.00")
    lines = Posting.objects.filter(transfer_id=given.transfer_id).values_list("wallet__user_id", "fund", "amount")
    assert set(lines) == {(bob.pk, None, D("-1.00")), (None, "content", D("1.00"))}
