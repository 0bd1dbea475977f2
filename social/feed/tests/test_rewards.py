"""A member's first post is worth something to the community."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from economy.cycle.tests.weeks import fill_treasury
from economy.ledger.queries import violations
from economy.rewards import operations as rewards
from economy.rewards import queries
from economy.rewards.models import Reward, RewardRule
from social.feed import operations
from social.feed.tests.conftest import balance

WORDS = "Hello, I grow tomatoes on a balcony in the fourth floor."


@pytest.fixture(autouse=True)
def first_post_rule(db):
    fill_treasury("100.00")
    RewardRule.objects.update_or_create(
        slug="first-post", defaults={"trigger": "first-post", "amount": D("5.00"), "minimum_length": 40}
    )


def test_the_first_post_is_rewarded_and_the_second_is_not(alice, write, noon):
    first = write(alice, WORDS)
    write(alice, WORDS + " And peppers.", at=noon + timedelta(hours=1))
    assert rewards.pay_rewards(at=noon) == D("5.00")
    reward = Reward.objects.get()
    assert (reward.user, reward.cause_type, reward.cause_id) == (alice, "post", first.pk)
    assert balance(alice) == D("105.00")
    assert queries.causes([reward.pk]) == {reward.pk: ("You got this for your first post.", f"/p/{first.pk}/")}
    assert violations() == []


def test_a_short_one_earns_nothing(alice, write, noon):
    write(alice, "Hi.")
    assert rewards.pay_rewards(at=noon) == D("0.00")


def test_a_removed_one_gives_it_back_and_there_is_no_second_first_write(mallory, write, noon):
    first = write(mallory, WORDS)
    rewards.pay_rewards(at=noon)
    operations.remove_post(remover=mallory, post_id=first.pk, at=noon + timedelta(hours=2))
    rewards.take_back_rewards(at=noon + timedelta(hours=2))
    assert balance(mallory) == D("100.00")
    write(mallory, WORDS + " Again.", at=noon + timedelta(hours=3))
    assert rewards.pay_rewards(at=noon + timedelta(hours=3)) == D("0.00")
    assert Reward.objects.get().status == "TAKEN_BACK"
    assert violations() == []


def test_a_refused_post_owes_nothing(alice, write):
    with pytest.raises(operations.UnusableText):
        write(alice, " ")
    assert not Reward.objects.exists()


def test_a_key_sent_again_owes_once(alice, write, noon):
    for _time in range(2):
        write(alice, WORDS, key="once")
    assert Reward.objects.count() == 1
