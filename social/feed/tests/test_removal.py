"""Removal: by its author or a moderator; tips inside their window go back to those who gave them."""

from datetime import timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest
from django.test import Client

from accounts.audit.models import AdminAction
from config.lib.refusals import NotAllowed, NotThere
from economy.ledger.models import Transfer
from social.feed import operations, queries
from social.feed.models import Comment, Post, Tip
from social.feed.tests.conftest import WEB, balance, books_are_right, fund

pytestmark = pytest.mark.django_db

DAY = timedelta(hours=24)


def remove(target, who, at):
    if isinstance(target, Post):
        operations.remove_post(remover=who, post_id=target.pk, at=at)
    else:
        operations.remove_comment(remover=who, comment_id=target.pk, at=at)


@pytest.fixture(params=["post", "comment"])
def target(request, alice, write, say):
    """Something that alice has written."""
    post = write(alice)
    return post if request.param == "post" else say(alice, post)


def test_all_open_tips_go_back(target, alice, bob, mallory, tip, noon):
    given = [tip(bob, target, "4.00"), tip(mallory, target, "10.00"), tip(bob, target, "6.00")]
    remove(target, alice, noon + timedelta(hours=1))
    assert (balance(alice), balance(bob), balance(mallory)) == (D("100.00"),) * 3
    assert fund("content") == D("0.00")
    assert set(Tip.objects.values_list("unliked_at", flat=True)) == {noon + timedelta(hours=1)}
    for each in given:
        assert Transfer.objects.filter(kind="TIP_REFUND", reference_type="tip", reference_id=each.pk).count() == 1
    assert books_are_right()


def test_what_is_removed_is_gone_for_readers_and_its_figures_are_right(target, alice, bob, tip, noon):
    tip(bob, target, "4.00")
    remove(target, alice, noon)
    target.refresh_from_db()
    assert (target.deleted_at, target.deleted_by_id) == (noon, alice.pk)
    assert (target.total_tokens_received, target.unique_spenders_count) == (D("0.00"), 0)
    if isinstance(target, Post):
        assert (target.engagement_velocity, target.last_token_received_at) == (D("0.0000"), None)
        with pytest.raises(NotThere):
            queries.post_for(alice, target.pk)


def test_tips_whose_window_is_over_stay_with_the_creator(target, alice, bob, mallory, tip, noon):
    tip(bob, target, "10.00")
    tip(mallory, target, "5.00", at=noon + timedelta(hours=1))
    remove(target, alice, noon + DAY)
    assert (balance(bob), balance(mallory)) == (D("90.00"), D("100.00"))
    assert operations.settle_tips(at=noon + DAY) == 1
    assert balance(alice) == D("106.00")
    target.refresh_from_db()
    assert (target.total_tokens_received, target.unique_spenders_count) == (D("10.00"), 1)
    assert books_are_right()


def test_tips_settled_or_taken_back_before_do_not_move_again(target, alice, bob, mallory, tip, noon):
    tip(bob, target, "10.00")
    operations.settle_tips(at=noon + DAY)
    back = tip(mallory, target, "5.00", at=noon + DAY)
    operations.take_back(spender=mallory, tip_id=back.pk, channel=WEB, at=noon + DAY)
    remove(target, alice, noon + DAY)
    assert (balance(alice), balance(bob), balance(mallory)) == (D("106.00"), D("90.00"), D("100.00"))


def test_the_velocity_keeps_what_is_not_given_back(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    tip(bob, post, "6.00")
    tip(mallory, post, "6.00", at=noon + timedelta(hours=6))
    operations.remove_post(remover=alice, post_id=post.pk, at=noon + DAY)
    post.refresh_from_db()
    assert post.engagement_velocity == pytest.approx(D("0.3679"), abs=D("0.0002"))


def test_a_moderator_may_remove_and_the_row_says_who(target, moderator, bob, tip, noon):
    tip(bob, target, "1.00")
    remove(target, moderator, noon)
    target.refresh_from_db()
    assert target.deleted_by_id == moderator.pk
    assert balance(bob) == D("100.00")


def test_what_a_moderator_removes_is_kept_with_the_reason(target, moderator, noon):
    address = f"/{'p' if isinstance(target, Post) else 'c'}/{target.pk}/remove/"
    client = Client()
    client.force_login(moderator)
    assert 'name="reason"' in client.get(address).content.decode()
    assert client.post(address, {"reason": " "}).status_code == 422
    assert not AdminAction.objects.exists()
    assert client.post(address, {"reason": "It names a child"}).status_code == 302
    kept = AdminAction.objects.get()
    assert (kept.staff, kept.action, kept.target_id) == (moderator, "remove", str(target.pk))
    assert (kept.target_type, kept.reason) == (target._meta.db_table, "It names a child")


def test_the_api_keeps_it_as_well(target, api, moderator, noon):
    name = "posts" if isinstance(target, Post) else "comments"
    assert api(moderator).delete(f"/api/v1/{name}/{target.pk}?reason=It+names%20a+child").status_code == 204
    assert AdminAction.objects.get().reason == "It names a child"


def test_who_removes_their_own_gives_no_reason(target, noon):
    client = Client()
    client.force_login(target.user)
    address = f"/{'p' if isinstance(target, Post) else 'c'}/{target.pk}/remove/"
    assert 'name="reason"' not in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert not AdminAction.objects.exists()


def test_mallory_may_not_remove_what_alice_wrote(target, mallory, bob, tip, noon):
    tip(bob, target, "1.00")
    with pytest.raises(NotThere):
        remove(target, mallory, noon)
    target.refresh_from_db()
    assert target.deleted_at is None
    assert balance(bob) == D("99.00")


def test_who_may_not_act_removes_nothing_not_even_a_moderator(target, alice, moderator, noon):
    for who in (alice, moderator):
        who.status = "SUSPENDED"
        with pytest.raises(NotAllowed):
            remove(target, who, noon)


def test_something_is_removed_once(target, alice, moderator, noon):
    remove(target, alice, noon)
    for who in (alice, moderator):
        with pytest.raises(NotThere):
            remove(target, who, noon + timedelta(hours=1))
    target.refresh_from_db()
    assert target.deleted_at == noon


def test_what_is_not_there_cannot_be_removed(alice, noon):
    for unknown in (Post(pk=uuid4()), Comment(pk=uuid4())):
        with pytest.raises(NotThere):
            remove(unknown, alice, noon)


def test_removing_a_post_leaves_its_comments_and_their_tips(alice, bob, mallory, write, say, tip, noon):
    post = write(alice)
    comment = say(bob, post)
    on_comment = tip(mallory, comment, "5.00")
    tip(mallory, post, "5.00")
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    assert balance(mallory) == D("95.00")
    comment.refresh_from_db()
    assert (comment.deleted_at, comment.total_tokens_received) == (None, D("5.00"))
    operations.take_back(spender=mallory, tip_id=on_comment.pk, channel=WEB, at=noon)
    assert balance(mallory) == D("100.00")


def test_removing_a_comment_returns_nothing_of_its_price(alice, bob, write, say, noon):
    post = write(alice)
    comments = [say(bob, post, f"Number {number}.") for number in range(3)]
    assert balance(bob) == D("99.50")
    operations.remove_comment(remover=bob, comment_id=comments[2].pk, at=noon)
    assert balance(bob) == D("99.50")
