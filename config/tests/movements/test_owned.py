"""Movements of what members own: gifts, tax and stipend, rewards, vault, withdrawals, grants."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest

from accounts.badges.models import UserActivity
from accounts.members.models import User
from accounts.wallets.models import Wallet
from config.lib import cycle
from config.lib.refusals import NotAllowed, NotThere
from config.tests.movements.books import moves, refuses, tied_up
from economy.cycle.tests.weeks import AFTER, LONG_AGO, WEEK, fill_treasury, hold, was_active
from economy.grants import operations as grants
from economy.grants.models import GrantRequest
from economy.ledger import operations as ledger
from economy.ledger.models import Transfer
from economy.ledger.operations import GiftLimitReached, GiftToOneself, NotEnoughCoins
from economy.rewards import operations as rewards
from economy.vault.operations import open_vault
from economy.withdrawals import operations as withdrawals
from economy.withdrawals.operations.asking import BadDetails, TooManyWithdrawals, WithdrawalTooSmall
from economy.withdrawals.operations.deciding import OwnWithdrawal
from economy.withdrawals.operations.requests import WithdrawalDecided
from social.bounties import operations as bounties
from social.feed.operations import settle_tips

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
BANK = {"holder": "Alice Example", "iban": "DE89370400440532013000"}


def give(giver, receiver, coins, at):
    return ledger.give(
        giver=Wallet.objects.get(user=giver),
        receiver=Wallet.objects.get(user=receiver),
        coins=D(coins),
        memo="",
        key=None,
        channel=Transfer.Channel.WEB,
        at=at,
    )


def test_a_gift(alice, bob, noon, api):
    """wallet → wallet, X ≥ 0.01, at most 500.00 per UTC day; not to oneself."""
    hold(alice, "1000.00", at=noon - DAY)
    with moves(alice="-0.01", bob="0.01"):
        give(alice, bob, "0.01", noon)
    with moves(alice="-499.99", bob="499.99"):
        give(alice, bob, "499.99", noon)
    with refuses(GiftLimitReached):
        give(alice, bob, "0.01", noon)
    with moves(alice="-500.00", bob="500.00"):  # the day after
        give(alice, bob, "500.00", noon + DAY)
    with refuses(NotEnoughCoins, needed="0.01", available="0.00"):
        give(alice, bob, "0.01", noon + 2 * DAY)
    with refuses(GiftToOneself):
        give(bob, bob, "1.00", noon)
    for coins in ("0.00", "-5", "0.001", "NaN"):
        with moves():
            assert api(bob).post("/api/v1/transfers", {"to": "alice", "amount": coins}).status_code == 400


def test_the_weekly_tax(join):
    """wallet → treasury, by bracket of the week's average; each member once a week, and not before it is over."""
    held = {"free": "200.00", "low": "500.00", "middle": "1200.00", "top": "10000.00"}
    for name, coins in held.items():
        hold(join(f"the_{name}", at=LONG_AGO), coins)
    half = hold(join("the_half", at=LONG_AGO), "1200.00")
    ledger.move(  # 1,200.00 until the middle of the week and 200.00 after: base 700.00
        kind="CORRECTION",
        at=WEEK.start + (WEEK.end - WEEK.start) / 2,
        wallets=[(half.wallet.pk, D("-1000.00"))],
        funds=[("burned", D("1000.00"))],
        actor=None,
        channel=Transfer.Channel.ADMIN,
    )

    def run(at):
        return cycle.run(periods=[WEEK], at=at, only=["tax"])

    with refuses(cycle.WeekNotOver):
        run(WEEK.end - timedelta(seconds=1))
    with moves(the_low="-6.00", the_middle="-51.00", the_top="-1181.00", the_half="-16.00", treasury="1254.00"):
        run(AFTER)
    with moves():
        run(AFTER + DAY)


def test_the_weekly_tax_of_what_is_promised(join, write, say):
    """As if it had stayed in the wallet, until it is awarded; and what goes back is not taxed twice."""
    promises = {"patient": "500.00", "generous": "500.00", "empty": "490.00"}
    people = {name: hold(join(f"the_{name}", at=LONG_AGO), "1200.00") for name in promises}
    hold(people["empty"], "500.00", at=LONG_AGO)
    posts = {
        name: write(people[name], at=WEEK.start, carrying={"bounty": {"amount": D(coins), "days": 7}})
        for name, coins in promises.items()
    }
    answer = say(people["patient"], posts["generous"], at=WEEK.start)
    # 1,200.00 until the middle of the week and 700.00 after: 950.00 → 28.50; then 1,700.00: 1,450.00 → 76.00
    bounties.award_bounty(
        author=people["generous"],
        post_id=posts["generous"].pk,
        comment_id=answer.pk,
        channel=Transfer.Channel.WEB,
        at=WEEK.start + (WEEK.end - WEEK.start) / 2,
    )
    with moves(the_generous="-28.50", the_patient="-76.00", the_empty="-6.00", treasury="110.50"):
        cycle.run(periods=[WEEK], at=AFTER, only=["tax"])
    with moves(the_patient="500.00", the_empty="490.00", content="-990.00"):
        bounties.return_bounties(at=WEEK.end + DAY)


def test_the_weekly_stipend(join):
    """treasury → wallet; at most half of the treasury, everyone scaled alike; only who was active."""
    members = [join(f"member_{number}", at=LONG_AGO) for number in range(100)]
    join("silent", at=LONG_AGO)
    was_active(*members)
    fill_treasury("1000.00")

    def run():
        return cycle.run(periods=[WEEK], at=AFTER, only=["stipend"])

    with moves(treasury="-500.00", **{f"member_{number}": "5.00" for number in range(100)}):
        run()
    with moves():
        run()


def test_a_stipend_from_an_empty_treasury(join):
    """Nothing is minted for it."""
    was_active(join("ana", at=LONG_AGO))
    with moves():
        cycle.run(periods=[WEEK], at=AFTER, only=["stipend"])


def test_a_reward(alice, rule, owed, noon):
    """treasury → wallet, by its rule; nothing while the treasury is short; a cap a day; taken back with its cause."""
    rule("thread", "2.50", daily_cap="5.00")
    first = owed(alice, "thread", at=noon)
    fill_treasury("2.49")
    with moves():
        rewards.pay_rewards(at=noon)
    fill_treasury("10.01")
    with moves(treasury="-2.50", alice="2.50"):
        rewards.pay_rewards(at=noon)
    with moves():  # once for a cause
        rewards.owe(trigger="thread", member=alice, cause=("thread", first.cause_id), at=noon)
        rewards.pay_rewards(at=noon)
    for _number in range(2):
        owed(alice, "thread", at=noon)
    with moves(treasury="-2.50", alice="2.50"):  # the third of a day is over its cap
        rewards.pay_rewards(at=noon)
    with moves(treasury="2.50", alice="-2.50"):
        rewards.withdraw(cause=("thread", first.cause_id), at=noon + timedelta(hours=23))
        rewards.take_back_rewards(at=noon + DAY)


@pytest.mark.parametrize(("coins", "creator", "vaulted"), [("10.00", "6.00", "0.60"), ("3.33", "2.01", "0.20")])
def test_the_vault(coins, creator, vaulted, alice, bob, write, tip, noon):
    """No transfer: a lock on 10 % of what a tip brought, for 30 days."""
    tip(bob, write(alice), coins)
    settle_tips(at=noon + DAY)
    free = D("100.00") + D(creator) - D(vaulted)
    assert tied_up(alice) == (vaulted, str(free))
    with refuses(NotEnoughCoins, needed=str(free + D("0.01")), available=str(free)):
        give(alice, bob, str(free + D("0.01")), noon + DAY)
    with moves():
        assert open_vault(at=noon + 31 * DAY - timedelta(seconds=1)) == 0
        assert open_vault(at=noon + 31 * DAY) == 1
        assert open_vault(at=noon + 31 * DAY) == 0
    assert tied_up(alice) == ("0.00", str(D("100.00") + D(creator)))


def ask(member, coins, at, **given):
    return withdrawals.ask_for_withdrawal(
        member=member, amount=D(coins), **{"method": "BANK", "details": BANK, "at": at, **given}
    )


def test_a_withdrawal_asked_for(alice, bob, mallory, noon):
    """No transfer: a lock; 500.00 or more of what is free; cancelled while it waits, it is free again."""
    hold(alice, "1499.99", at=noon - DAY)
    for coins in ("499.99", "0.00", "-500.00"):
        with refuses(WithdrawalTooSmall):
            ask(alice, coins, noon)
    with refuses(BadDetails):
        ask(alice, "500.00", noon, details={"holder": "Alice Example", "iban": "DE00370400440532013000"})
    with moves():
        first, _second = ask(alice, "500.00", noon), ask(alice, "500.00", noon)
    assert tied_up(alice) == ("1000.00", "499.99")
    with refuses(NotEnoughCoins):
        ask(alice, "500.00", noon)
    with refuses(NotThere):
        withdrawals.cancel_withdrawal(member=mallory, request_id=first.pk, at=noon)
    with moves():
        withdrawals.cancel_withdrawal(member=alice, request_id=first.pk, at=noon)
    assert tied_up(alice) == ("500.00", "999.99")
    with refuses(WithdrawalDecided):
        withdrawals.cancel_withdrawal(member=alice, request_id=first.pk, at=noon)
    with moves():
        ask(alice, "500.00", noon)
    with refuses(TooManyWithdrawals):
        ask(alice, "500.00", noon)


@pytest.mark.parametrize(
    ("days", "net", "fee"),
    [
        (0, "465.00", "35.00"),
        (22, "475.00", "25.00"),
        (45, "485.00", "15.00"),
        (67, "495.00", "5.00"),
        (90, "500.00", "0"),
    ],
)
def test_a_withdrawal_decided(days, net, fee, alice, admin_member, noon):
    """Paid: wallet → payout (net), treasury (fee by tier), the lock opened. Rejected: it is opened, nothing moves."""
    UserActivity.objects.bulk_create(
        [UserActivity(user=alice, day=noon.date() - DAY * (number + 1), created_at=noon) for number in range(days)]
    )
    withdrawals.renew_tiers(at=noon)
    hold(alice, "1000.00", at=noon - DAY)
    paid, rejected = ask(alice, "500.00", noon), ask(alice, "500.00", noon)

    def decide(act, request, staff=admin_member, words="SEPA 4711"):
        named = {"reference" if act == "mark_paid" else "reason": words}
        return getattr(withdrawals, act)(staff=staff, request_id=request.pk, at=noon, **named)

    for act in ("approve", "reject"):
        with refuses(NotAllowed):
            decide(act, paid, staff=alice)
        with refuses(NotAllowed):
            decide(act, paid, words=" ")
    with refuses(WithdrawalDecided):  # not approved yet
        decide("mark_paid", paid)
    with moves():
        decide("approve", paid)
    assert tied_up(alice) == ("1000.00", "0.00")
    with moves(alice="-500.00", payout=net, **({"treasury": fee} if D(fee) else {})):
        decide("mark_paid", paid)
    with refuses(WithdrawalDecided):
        decide("mark_paid", paid)
    assert tied_up(alice) == ("500.00", "0.00")
    with moves():
        decide("reject", rejected)
    assert tied_up(alice) == ("0.00", "500.00")


def test_nobody_decides_on_their_own_withdrawal(admin_member, noon):
    hold(admin_member, "500.00", at=noon - DAY)
    own = ask(admin_member, "500.00", noon)
    with refuses(OwnWithdrawal):
        withdrawals.approve(staff=admin_member, request_id=own.pk, reason="Mine", at=noon)


def test_a_grant_by_staff(alice, moderator, admin_member, join):
    """issuance → wallet, with a reason; beyond 1,000.00 in 24 h a second person agrees."""
    second = join("second", role="ADMIN")
    noon = datetime(2026, 11, 18, 12, tzinfo=UTC)

    def grant(coins, staff=admin_member, reason="A prize", at=noon):
        receiver = Wallet.objects.get(user=alice)
        return grants.grant(staff=staff, receiver=receiver, coins=D(coins), reason=reason, key=uuid4(), at=at)

    for refused in ({"staff": moderator}, {"staff": alice}, {"reason": " "}):
        with refuses(NotAllowed):
            grant("5.00", **refused)
    for coins in ("0.00", "-5.00"):
        with refuses(NotAllowed):
            grant(coins)
    with moves(issuance="-1000.00", alice="1000.00"):
        grant("1000.00")
    with moves():
        asked = grant("0.01")
        assert isinstance(asked, GrantRequest)
    with refuses(grants.SecondPersonNeeded):
        grants.approve(staff=admin_member, request=asked, reason="Mine", at=noon)
    with moves(issuance="-0.01", alice="0.01"):
        grants.approve(staff=second, request=asked, reason="Fine", at=noon)
    with refuses(NotThere):
        grants.approve(staff=second, request=asked, reason="Again", at=noon)


def test_who_is_suspended_gives_nothing_and_asks_for_nothing(alice, bob, noon):
    hold(bob, "600.00", at=noon - DAY)
    bob.status = User.Status.SUSPENDED
    bob.save(update_fields=["status"])
    for act in (lambda: give(bob, alice, "1.00", noon), lambda: ask(bob, "500.00", noon)):
        with refuses(NotAllowed):
            act()
