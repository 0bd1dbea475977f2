"""Rewards from cause to coins, through the real SQL."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.badges.models import UserActivity
from config.lib.ids import uuid7
from config.lib.refusals import NotAllowed
from economy.cycle.tests.weeks import LONG_AGO, fill_treasury, move, wallet_of
from economy.ledger.models import Posting, Transfer
from economy.ledger.queries import fund_balances, violations
from economy.rewards import operations
from economy.rewards.models import Reward, RewardRule

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
HOUR = timedelta(hours=1)
SOON = NOON + timedelta(minutes=1)


def state(reward):
    reward.refresh_from_db()
    return reward.status, reward.skipped_for


def pay(at=SOON, **more):
    return operations.pay_rewards(at=at, **more)


def test_the_worked_example(alice, rule, owed):
    fill_treasury("100.00")
    rule("thread", "2.50")
    reward = owed(alice, "thread", at=NOON)
    assert wallet_of(alice).balance == D("100.00")  # owed is not paid
    assert pay() == D("2.50")
    reward.refresh_from_db()
    assert (reward.status, reward.paid_at, reward.amount) == ("PAID", SOON, D("2.50"))
    wallet = wallet_of(alice)
    assert (wallet.balance, wallet.total_earned) == (D("102.50"), D("2.50"))
    assert fund_balances()["treasury"] == D("97.50")
    transfer = Transfer.objects.get(pk=reward.transfer_id)
    assert (transfer.kind, transfer.reference_type, transfer.reference_id) == ("REWARD", "reward", reward.pk)
    assert {p.amount for p in Posting.objects.filter(transfer=transfer)} == {D("2.50"), D("-2.50")}
    assert violations() == []


def test_nothing_is_minted(alice, rule, owed):
    fill_treasury("100.00")
    rule("thread", "2.50")
    owed(alice, "thread", at=NOON)
    before = fund_balances()["issuance"]
    pay()
    assert fund_balances()["issuance"] == before


def test_a_cause_counts_once_however_often_it_is_owed_and_paid(alice, rule, owed):
    fill_treasury("100.00")
    rule("thread", "2.50")
    cause = ("thread", uuid7())
    for _time in range(3):
        owed(alice, "thread", at=NOON, cause=cause)
    assert (pay(), pay()) == (D("2.50"), D("0.00"))
    owed(alice, "thread", at=NOON, cause=cause)
    assert pay() == D("0.00")
    assert wallet_of(alice).balance == D("102.50")
    assert violations() == []


def test_a_rule_that_is_off_owes_nothing(alice, rule, owed):
    rule("thread", "2.50", is_on=False)
    assert owed(alice, "thread", at=NOON) is None
    assert owed(alice, "nobody-knows", at=NOON) is None


def test_an_empty_treasury_lets_rewards_wait_oldest_first(alice, bob, rule, owed):
    rule("thread", "2.50")
    first, second = owed(alice, "thread", at=NOON), owed(bob, "thread", at=NOON + HOUR)
    assert pay() == D("0.00")
    assert state(first) == state(second) == ("OWED", "")
    fill_treasury("4.00")
    assert pay() == D("2.50")
    assert (state(first)[0], state(second)[0]) == ("PAID", "OWED")
    fill_treasury("1.00")
    assert pay() == D("2.50")
    assert (state(second)[0], fund_balances()["treasury"]) == ("PAID", D("0.00"))
    assert violations() == []


def test_the_daily_cap(alice, rule, owed):
    """2.00 each, 5.00 a day: the third would make 6.00 and is not paid in part; the next day is a new one."""
    fill_treasury("100.00")
    rule("thread", "2.00", daily_cap="5.00")
    rewards = [owed(alice, "thread", at=NOON + timedelta(minutes=n)) for n in range(3)]
    rewards.append(owed(alice, "thread", at=NOON + 13 * HOUR))
    assert pay(NOON + 14 * HOUR) == D("6.00")
    assert [state(one) for one in rewards] == [("PAID", ""), ("PAID", ""), ("SKIPPED", "DAILY_CAP"), ("PAID", "")]


def test_the_weekly_cap(alice, rule, owed):
    """Sunday night belongs to the week before, Monday to the next."""
    fill_treasury("100.00")
    rule("thread", "2.00", weekly_cap="4.00")
    sunday = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    moments = [NOON, NOON + 24 * HOUR, sunday, sunday + timedelta(minutes=1)]
    rewards = [owed(alice, "thread", at=moment) for moment in moments]
    assert pay(sunday + HOUR) == D("6.00")
    assert [state(one)[1] for one in rewards] == ["", "", "WEEKLY_CAP", ""]


def test_caps_count_the_day_of_the_cause_not_of_the_payment(alice, rule, owed):
    """A treasury that was empty for a day takes nothing away from anyone."""
    rule("thread", "2.00", daily_cap="2.00")
    owed(alice, "thread", at=NOON)
    owed(alice, "thread", at=NOON + 24 * HOUR)
    fill_treasury("100.00")
    assert pay(NOON + 25 * HOUR) == D("4.00")


def test_the_cool_down_counts_from_the_last_one_rewarded(alice, rule, owed):
    fill_treasury("100.00")
    rule("thread", "2.00", cool_down_minutes=60)
    moments = [0, 59, 60, 119, 120]
    rewards = [owed(alice, "thread", at=NOON + timedelta(minutes=n)) for n in moments]
    assert pay(NOON + 3 * HOUR) == D("6.00")
    assert [state(one)[1] for one in rewards] == ["", "COOL_DOWN", "", "COOL_DOWN", ""]


def test_the_minimum_length(alice, rule, owed):
    fill_treasury("100.00")
    rule("thread", "2.00", minimum_length=40)
    short, long = owed(alice, "thread", at=NOON, length=39), owed(alice, "thread", at=NOON, length=40)
    pay()
    assert (state(short), state(long)) == (("SKIPPED", "TOO_SHORT"), ("PAID", ""))


def test_one_members_caps_are_not_anothers(alice, mallory, rule, owed):
    fill_treasury("100.00")
    rule("thread", "2.00", daily_cap="2.00")
    for member in (mallory, mallory, mallory, alice):
        owed(member, "thread", at=NOON)
    pay()
    assert (wallet_of(mallory).balance, wallet_of(alice).balance) == (D("102.00"), D("102.00"))


@pytest.mark.parametrize("status", ["SUSPENDED", "BANNED", "CLOSED"])
def test_who_may_not_act_gets_nothing(mallory, rule, owed, status):
    fill_treasury("100.00")
    rule("thread", "2.00")
    reward = owed(mallory, "thread", at=NOON)
    type(mallory).objects.filter(pk=mallory.pk).update(status=status)
    pay()
    assert state(reward) == ("SKIPPED", "NOT_ACTIVE")


def test_a_rule_switched_off_meanwhile_pays_nothing_and_a_changed_one_what_it_promised(alice, rule, owed):
    fill_treasury("100.00")
    changed, off = rule("thread", "2.00"), rule("review", "3.00")
    kept, gone = owed(alice, "thread", at=NOON), owed(alice, "review", at=NOON)
    RewardRule.objects.filter(pk=changed.pk).update(amount=D("9.00"))
    RewardRule.objects.filter(pk=off.pk).update(is_on=False)
    assert pay() == D("2.00")
    assert (state(kept), state(gone)) == (("PAID", ""), ("SKIPPED", "RULE_OFF"))


def test_small_chunks_pay_the_same(alice, bob, rule, owed):
    fill_treasury("100.00")
    rule("thread", "2.00", daily_cap="5.00")
    for _number in range(4):
        owed(alice, "thread", at=NOON)
        owed(bob, "thread", at=NOON)
    assert pay(chunk=1) == D("8.00")
    assert not Reward.objects.filter(status="OWED").exists()
    assert violations() == []


# -- Removed causes -------------------------------------------------------------------------------


def test_a_removed_cause_takes_its_reward_back(alice, rule, owed):
    fill_treasury("100.00")
    rule("thread", "2.50")
    reward = owed(alice, "thread", at=NOON)
    pay()
    operations.withdraw(cause=("thread", reward.cause_id), at=NOON + 23 * HOUR)
    assert wallet_of(alice).balance == D("102.50")
    assert operations.take_back_rewards(at=NOON + 24 * HOUR) == 1
    assert operations.take_back_rewards(at=NOON + 24 * HOUR) == 0
    reward.refresh_from_db()
    assert (reward.status, reward.taken_back, reward.written_off) == ("TAKEN_BACK", D("2.50"), D("0.00"))
    wallet = wallet_of(alice)
    assert (wallet.balance, wallet.total_earned, fund_balances()["treasury"]) == (D("100.00"), D("0.00"), D("100.00"))
    assert Transfer.objects.get(pk=reward.back_transfer_id).reverses_id == reward.transfer_id
    assert violations() == []


def test_after_a_day_it_stays(alice, rule, owed):
    fill_treasury("100.00")
    rule("thread", "2.50")
    reward = owed(alice, "thread", at=NOON)
    pay()
    operations.withdraw(cause=("thread", reward.cause_id), at=NOON + 24 * HOUR)
    assert operations.take_back_rewards(at=NOON + 25 * HOUR) == 0
    assert state(reward) == ("PAID", "")


def test_what_is_still_owed_for_it_is_never_paid(alice, rule, owed):
    rule("thread", "2.50")
    reward = owed(alice, "thread", at=NOON)
    operations.withdraw(cause=("thread", reward.cause_id), at=NOON + 72 * HOUR)
    fill_treasury("100.00")
    assert pay(NOON + 73 * HOUR) == D("0.00")
    assert state(reward) == ("SKIPPED", "REMOVED")


@pytest.mark.parametrize(("left", "back", "lost"), [("1.00", "1.00", "1.50"), ("0.00", "0.00", "2.50")])
def test_what_the_member_no_longer_has_is_written_off(alice, rule, owed, left, back, lost):
    fill_treasury("100.00")
    rule("thread", "2.50")
    reward = owed(alice, "thread", at=NOON)
    pay()
    move(alice, str(D(left) - D("102.50")), SOON)
    operations.withdraw(cause=("thread", reward.cause_id), at=NOON + HOUR)
    operations.take_back_rewards(at=NOON + HOUR)
    reward.refresh_from_db()
    assert (reward.taken_back, reward.written_off) == (D(back), D(lost))
    assert wallet_of(alice).balance == D("0.00")
    assert violations() == []


def test_locked_coins_are_not_taken_back(alice, rule, owed):
    from economy.ledger.models import Lock
    from economy.ledger.operations import hold

    fill_treasury("100.00")
    rule("thread", "2.50")
    reward = owed(alice, "thread", at=NOON)
    pay()
    hold(wallet=alice.wallet, kind=Lock.Kind.STAKE, coins=D("101.00"), at=SOON)
    operations.withdraw(cause=("thread", reward.cause_id), at=NOON + HOUR)
    operations.take_back_rewards(at=NOON + HOUR)
    reward.refresh_from_db()
    assert (reward.taken_back, reward.written_off) == (D("1.50"), D("1.00"))
    assert violations() == []


def test_two_rewards_that_go_back_at_once_share_what_is_there(alice, rule, owed):
    fill_treasury("100.00")
    rule("thread", "2.50")
    rewards = [owed(alice, "thread", at=NOON) for _number in range(2)]
    pay()
    move(alice, "-101.00", SOON)  # 4.00 are left of 105.00
    for reward in rewards:
        operations.withdraw(cause=("thread", reward.cause_id), at=NOON + HOUR)
    assert operations.take_back_rewards(at=NOON + HOUR) == 2
    assert [r.taken_back for r in Reward.objects.order_by("id")] == [D("2.50"), D("1.50")]
    assert wallet_of(alice).balance == D("0.00")
    assert violations() == []


def test_the_database_knows_the_rules_too(alice, rule, owed):
    rule("thread", "2.50")
    reward = owed(alice, "thread", at=NOON)
    for wrong in ({"status": "PAID"}, {"status": "SKIPPED"}, {"taken_back": D("1.00")}, {"amount": D("0.00")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reward.objects.filter(pk=reward.pk).update(**wrong)


# -- Streaks --------------------------------------------------------------------------------------


def here(member, *days, month=11):
    for day in days:
        at = datetime(2026, month, day, 9, tzinfo=UTC)
        UserActivity.objects.get_or_create(user=member, day=at.date(), defaults={"created_at": at})


def days_rewarded(member):
    return sorted(r.happened_at.day for r in Reward.objects.filter(user=member, cause_type="activity"))


def test_seven_days_in_a_row_are_rewarded_once(alice, mallory, rule):
    rule("streak-7", "3.00")
    here(alice, *range(10, 17))
    here(mallory, *range(10, 16), 17)  # one day missing
    at = datetime(2026, 11, 17, 0, 25, tzinfo=UTC)
    assert (operations.owe_streaks(at=at), operations.owe_streaks(at=at)) == (1, 0)
    assert (days_rewarded(alice), days_rewarded(mallory)) == ([16], [])


def test_whoever_is_here_every_day_has_one_a_week(alice, rule):
    rule("streak-7", "3.00")
    for day in range(1, 30):
        here(alice, day)
        operations.owe_streaks(at=datetime(2026, 11, day, 23, tzinfo=UTC))
    assert days_rewarded(alice) == [7, 14, 21, 28]


def test_days_that_the_job_missed_are_made_up_for(alice, rule):
    rule("streak-7", "3.00")
    here(alice, *range(10, 17))
    assert operations.owe_streaks(at=datetime(2026, 11, 23, 12, tzinfo=UTC)) == 1
    assert days_rewarded(alice) == [16]


def test_today_does_not_count_before_it_is_over(alice, rule):
    rule("streak-7", "3.00")
    here(alice, *range(10, 17))
    assert operations.owe_streaks(at=datetime(2026, 11, 16, 23, 59, tzinfo=UTC)) == 0


# -- Rules ----------------------------------------------------------------------------------------


def test_only_admins_change_rules(admin_member, moderator, mallory, rule, now):
    made = rule("thread", "2.00")
    for nobody in (moderator, mallory):
        with pytest.raises(NotAllowed):
            operations.change_rule(staff=nobody, rule=made, changes={"amount": D("9.00")}, at=now)
    with pytest.raises(NotAllowed):
        operations.change_rule(staff=admin_member, rule=made, changes={"trigger": "other"}, at=now)
    operations.change_rule(staff=admin_member, rule=made, changes={"amount": D("9.00")}, at=now)
    made.refresh_from_db()
    assert made.amount == D("9.00")


@pytest.mark.parametrize("wrong", [{"amount": D(0)}, {"daily_cap": D("1.99")}, {"weekly_cap": D("1.00")}])
def test_a_rule_that_could_never_pay_is_refused(admin_member, rule, now, wrong):
    with pytest.raises(operations.UnusableRule):
        operations.change_rule(staff=admin_member, rule=rule("thread", "2.00"), changes=wrong, at=now)


def test_a_new_rule_needs_a_trigger_that_some_room_knows(admin_member, mallory, now):
    given = {"staff": admin_member, "changes": {"amount": D("1.00")}, "at": now}
    with pytest.raises(operations.UnusableRule):
        operations.add_rule(slug="x", trigger="nobody-knows", **given)
    made = operations.add_rule(slug="streak-extra", trigger="streak-7", **given)
    assert made.amount == D("1.00")
    with pytest.raises(operations.UnusableRule):
        operations.add_rule(slug="streak-extra", trigger="streak-7", **given)
    with pytest.raises(NotAllowed):
        operations.add_rule(slug="y", trigger="streak-7", **{**given, "staff": mallory})


def test_whoever_changes_a_rule_stands_in_the_audit(rule):
    from accounts.audit.models import AuditLog

    made = rule("thread", "2.00")
    RewardRule.objects.filter(pk=made.pk).update(amount=D("2.50"))
    rows = AuditLog.objects.filter(entity_type="economy_rewardrule", entity_id=str(made.pk))
    assert D(rows.get(action="UPDATE").new_values["amount"]) == D("2.50")


def test_a_reward_is_paid_by_index(alice, rule, owed):
    """The job asks every minute; with nothing owed it reads nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM economy_reward WHERE status = 'OWED' ORDER BY id LIMIT 1000")
        assert "economy_reward_owed" in str(cursor.fetchall())
    assert LONG_AGO < NOON
