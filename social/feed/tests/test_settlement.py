"""Settlement: when a window is over the coins go to the creator, to the treasury and out of the world, once."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from accounts.members.models import Page
from config.lib import schedules
from economy.ledger.models import Posting, Transfer
from economy.ledger.queries import pending_for
from social.feed import operations, queries
from social.feed.models import Tip
from social.feed.tasks import settle_tips
from social.feed.tests.conftest import WEB, balance, books_are_right, fund

pytestmark = pytest.mark.django_db

DAY = timedelta(hours=24)


def test_a_tip_of_ten_becomes_six_two_and_two(alice, bob, write, tip, noon):
    given = tip(bob, write(alice), "10.00")
    assert operations.settle_tips(at=noon + DAY) == 1
    assert (balance(alice), balance(bob)) == (D("106.00"), D("90.00"))
    assert (fund("content"), fund("treasury"), fund("burned")) == (D("0.00"), D("2.00"), D("2.00"))
    given.refresh_from_db()
    assert given.settled_at == noon + DAY
    assert Page.objects.get(pk=alice.primary_page.pk).total_tokens_earned == D("6.00")
    alice.wallet.refresh_from_db()
    assert alice.wallet.total_earned == D("6.00")
    assert books_are_right()


def test_a_tip_of_three_thirty_three_becomes_201_66_and_66(alice, bob, write, tip, noon):
    tip(bob, write(alice), "3.33")
    operations.settle_tips(at=noon + DAY)
    assert (balance(alice), fund("treasury"), fund("burned")) == (D("102.01"), D("0.66"), D("0.66"))


def test_each_tip_has_a_transfer_of_its_own_that_names_it(alice, bob, mallory, write, tip, noon):
    post = write(alice)
    tips = [tip(bob, post, "1.00"), tip(mallory, post, "2.00"), tip(bob, post, "3.33")]
    assert operations.settle_tips(at=noon + DAY) == 3
    for given in tips:
        transfer = Transfer.objects.get(kind="TIP_SETTLEMENT", reference_type="tip", reference_id=given.pk)
        lines = Posting.objects.filter(transfer=transfer).values_list("wallet__user_id", "fund", "amount")
        assert set(lines) == {
            (None, "content", -given.amount),
            (alice.pk, None, given.to_creator),
            (None, "treasury", given.to_treasury),
            (None, "burned", given.burned),
        }
        assert transfer.channel == "JOB" and transfer.actor_id is None


@pytest.mark.parametrize(("after", "settled"), [(DAY - timedelta(microseconds=1), 0), (DAY, 1)])
def test_a_tip_is_settled_from_the_moment_its_window_is_over(alice, bob, write, tip, noon, after, settled):
    tip(bob, write(alice), "1.00")
    assert operations.settle_tips(at=noon + after) == settled


def test_a_second_run_finds_nothing(alice, bob, write, tip, noon):
    tip(bob, write(alice), "10.00")
    operations.settle_tips(at=noon + DAY)
    assert operations.settle_tips(at=noon + 2 * DAY) == 0
    assert balance(alice) == D("106.00")


def test_tips_taken_back_or_refunded_are_left_alone(alice, bob, mallory, write, tip, noon):
    post, gone = write(alice), write(alice)
    operations.take_back(spender=bob, tip_id=tip(bob, post, "5.00").pk, channel=WEB, at=noon)
    tip(mallory, gone, "5.00")
    operations.remove_post(remover=alice, post_id=gone.pk, at=noon)
    assert operations.settle_tips(at=noon + DAY) == 0
    assert (balance(alice), balance(bob), balance(mallory)) == (D("100.00"),) * 3


def test_it_settles_in_chunks_until_nothing_is_due(alice, bob, mallory, write, say, tip, noon):
    posts = [write(alice) for _number in range(5)]
    comment = say(alice, posts[0])
    for target in [*posts, comment]:
        tip(bob, target, "2.00")
        tip(mallory, target, "3.00")
    tip(bob, posts[0], "1.00", at=noon + timedelta(hours=1))
    assert operations.settle_tips(at=noon + DAY, chunk=5) == 12
    assert balance(alice) == D("100.00") + 6 * (D("1.20") + D("1.80"))
    assert Tip.objects.filter(settled_at=None).count() == 1
    assert books_are_right()


def test_creators_of_one_chunk_are_paid_apart(alice, bob, mallory, write, tip, noon):
    tip(bob, write(alice), "10.00")
    tip(alice, write(bob), "5.00")
    tip(alice, write(mallory), "1.00")
    operations.settle_tips(at=noon + DAY)
    assert (balance(alice), balance(bob), balance(mallory)) == (D("100.00"), D("93.00"), D("100.60"))
    earned = Page.objects.values_list("username", "total_tokens_earned")
    assert dict(earned) == {"alice": D("6.00"), "bob": D("3.00"), "mallory": D("0.60")}


def test_settlement_leaves_the_standing_of_the_post(alice, bob, write, tip, noon):
    post = write(alice)
    tip(bob, post, "10.00")
    operations.settle_tips(at=noon + DAY)
    post.refresh_from_db()
    assert (post.total_tokens_received, post.unique_spenders_count) == (D("10.00"), 1)


def test_a_creator_sees_what_is_on_its_way(alice, bob, write, tip, noon):
    post = write(alice)
    back = tip(bob, post, "3.33")
    tip(bob, post, "5.00")
    assert queries.coins_waiting_for(alice) == pending_for(alice) == D("5.01")
    operations.take_back(spender=bob, tip_id=back.pk, channel=WEB, at=noon)
    assert pending_for(alice) == D("3.00")
    operations.settle_tips(at=noon + DAY)
    assert pending_for(alice) == D("0.00")


def test_the_shares_are_those_of_the_time_of_the_tip(alice, bob, write, tip, noon, figure):
    given = tip(bob, write(alice), "10.00")
    figure(TIP_CREATOR_SHARE=D("0.10"))
    operations.settle_tips(at=noon + DAY)
    assert (given.to_creator, balance(alice)) == (D("6.00"), D("106.00"))


def test_the_job_settles_by_its_own_clock(alice, bob, write, tip):
    past = timezone.now() - DAY
    tip(bob, write(alice, at=past), "10.00", at=past)
    assert settle_tips() == 1
    assert settle_tips() == 0


def test_the_job_runs_every_minute_and_is_acknowledged_late():
    (schedule,) = [each for each in schedules._schedules.values() if each.task == "social.settle_tips"]
    assert schedule.every == timedelta(seconds=60)
    assert (settle_tips.name, settle_tips.acks_late) == ("social.settle_tips", True)
