"""What staff do: approve, reject, mark as paid."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from accounts.members.models import User
from accounts.notifications.models import OwedNotice
from accounts.wallets.models import Wallet
from config.lib.refusals import NotAllowed, NotThere
from economy.ledger import operations as ledger
from economy.ledger.models import Posting, Transfer
from economy.ledger.queries import fund_balances, violations
from economy.withdrawals import operations, queries
from economy.withdrawals.models import WithdrawalRequest
from economy.withdrawals.tests.conftest import NOON, ask, figures_of, fund, together

pytestmark = pytest.mark.django_db

_ENROLLED = {"two_factor_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "two_factor_confirmed_at": timezone.now()}


def approve(staff, request, at=NOON):
    return operations.approve(staff=staff, request_id=request.pk, reason="Looks fine", at=at)


def reject(staff, request, reason="No such account", at=NOON):
    return operations.reject(staff=staff, request_id=request.pk, reason=reason, at=at)


def pay(staff, request, at=NOON):
    return operations.mark_paid(staff=staff, request_id=request.pk, reference="SEPA 4711", at=at)


def test_paid_500_00_are_465_00_paid_out_and_35_00_for_the_treasury(rich, admin_member):
    before = fund_balances()
    made = ask(rich)
    approve(admin_member, made)
    assert figures_of(rich) == (D("2000.00"), D("500.00"), D("1500.00"))
    paid = pay(admin_member, made)
    assert figures_of(rich) == (D("1500.00"), D("0.00"), D("1500.00"))
    after = fund_balances()
    assert after["payout"] - before["payout"] == D("465.00")
    assert after["treasury"] - before["treasury"] == D("35.00")
    moved = Transfer.objects.get(kind="WITHDRAWAL")
    assert (moved.pk, moved.reference_type, moved.reference_id) == (paid.transfer_id, "withdrawal", made.pk)
    assert (moved.actor, moved.channel, moved.description) == (admin_member, "ADMIN", "SEPA 4711")
    assert Posting.objects.filter(transfer=moved).count() == 3
    made.refresh_from_db()
    assert (made.status, made.payer, made.paid_at, made.reference) == ("PAID", admin_member, NOON, "SEPA 4711")
    assert (made.reviewer, made.reviewed_at, made.reason) == (admin_member, NOON, "Looks fine")
    assert made.lock.released_at == NOON
    assert violations() == []


def test_a_diamond_pays_no_fee_and_the_treasury_gets_no_line(rich, admin_member):
    Wallet.objects.filter(user=rich).update(loyalty_tier="DIAMOND", withdrawal_fee=D("0.00"))
    made = ask(rich)
    approve(admin_member, made)
    pay(admin_member, made)
    lines = Posting.objects.filter(kind="WITHDRAWAL", fund__isnull=False).values_list("fund", "amount")
    assert list(lines) == [("payout", D("500.00"))]
    assert violations() == []


def test_rejected_the_coins_are_free_and_nothing_moves(rich, admin_member):
    made = ask(rich)
    reject(admin_member, made)
    made.refresh_from_db()
    assert (made.status, made.reason) == ("REJECTED", "No such account")
    assert figures_of(rich) == (D("2000.00"), D("0.00"), D("2000.00"))
    assert Transfer.objects.filter(kind="WITHDRAWAL").count() == 0
    assert violations() == []


def test_an_approved_one_that_cannot_be_paid_can_still_be_rejected(rich, admin_member):
    made = ask(rich)
    approve(admin_member, made)
    reject(admin_member, made)
    assert figures_of(rich)[1] == D("0.00")


def test_the_member_hears_of_each_step_and_reads_why_it_was_rejected(rich, admin_member):
    paid, rejected = ask(rich), ask(rich, "600.00")
    approve(admin_member, paid)
    pay(admin_member, paid)
    reject(admin_member, rejected)
    told = [(one.coins, one.data["status"], one.data["reason"]) for one in OwedNotice.objects.filter(type="withdrawal")]
    assert sorted(told) == [
        (D("465.00"), "APPROVED", ""),
        (D("465.00"), "PAID", ""),
        (D("558.00"), "REJECTED", "No such account"),
    ]
    assert set(OwedNotice.objects.filter(type="withdrawal").values_list("user", flat=True)) == {rich.pk}


@pytest.mark.parametrize(
    ("done", "then"),
    [
        ([], pay),
        ([approve], approve),
        ([approve, pay], pay),
        ([approve, pay], reject),
        ([approve, pay], approve),
        ([reject], approve),
        ([reject], pay),
        ([reject], reject),
    ],
    ids=lambda step: "-".join(one.__name__ for one in step) if isinstance(step, list) else step.__name__,
)
def test_each_step_is_taken_once_and_in_order(done, then, rich, admin_member):
    made = ask(rich)
    for step in done:
        step(admin_member, made)
    before = figures_of(rich)
    with pytest.raises(operations.WithdrawalDecided):
        then(admin_member, made)
    assert figures_of(rich) == before
    assert violations() == []


def test_what_is_approved_or_paid_cannot_be_cancelled(rich, admin_member):
    made = ask(rich)
    for step in (approve, pay):
        step(admin_member, made)
        with pytest.raises(operations.WithdrawalDecided):
            operations.cancel_withdrawal(member=rich, request_id=made.pk, at=NOON)


def test_cancelled_there_is_nothing_to_decide(rich, admin_member):
    made = ask(rich)
    operations.cancel_withdrawal(member=rich, request_id=made.pk, at=NOON)
    for step in (approve, reject, pay):
        with pytest.raises(operations.WithdrawalDecided):
            step(admin_member, made)


def test_nobody_decides_on_their_own(admin_member, join):
    fund(admin_member, "1000.00")
    made = ask(admin_member)
    for step in (approve, reject):
        with pytest.raises(operations.OwnWithdrawal):
            step(admin_member, made)
    colleague = join("second_admin", role="ADMIN", **_ENROLLED)
    approve(colleague, made)
    with pytest.raises(operations.OwnWithdrawal):
        pay(admin_member, made)
    pay(colleague, made)


def test_moderator_and_mallory_decide_nothing(rich, moderator, mallory):
    made = ask(rich)
    for other in (moderator, mallory, rich):
        for step in (approve, reject, pay):
            with pytest.raises(NotAllowed):
                step(other, made)


def test_without_words_nothing_is_decided(rich, admin_member):
    made = ask(rich)
    with pytest.raises(NotAllowed):
        operations.approve(staff=admin_member, request_id=made.pk, reason=" ", at=NOON)
    approve(admin_member, made)
    with pytest.raises(NotAllowed):
        operations.mark_paid(staff=admin_member, request_id=made.pk, reference="", at=NOON)


def test_what_is_not_there_is_not_decided(admin_member, alice):
    with pytest.raises(NotThere):
        operations.approve(staff=admin_member, request_id=alice.pk, reason="Sure", at=NOON)


# -- On hold ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def holds(monkeypatch):
    """A dict of members and why their withdrawals wait, as another room would know it."""
    found = {}
    monkeypatch.setattr(queries, "_holds", [lambda members: {one: found[one] for one in members if one in found}])
    return found


def test_on_hold_it_is_neither_approved_nor_paid_but_can_be_rejected(rich, admin_member, holds):
    waiting, approved = ask(rich), ask(rich)
    approve(admin_member, approved)
    holds[rich.pk] = "a ring of tips is being looked at."
    for step, request in ((approve, waiting), (pay, approved)):
        with pytest.raises(operations.WithdrawalHeld) as refused:
            step(admin_member, request)
        assert "a ring of tips" in str(refused.value)
    reject(admin_member, waiting)
    holds.clear()
    pay(admin_member, approved)
    assert violations() == []


def test_a_hold_on_mallory_holds_nobody_else(rich, mallory, admin_member, holds):
    holds[mallory.pk] = "many accounts behind one address."
    approve(admin_member, ask(rich))


def test_a_new_way_of_signing_in_holds_what_was_asked_for_before(rich, admin_member):
    made = ask(rich)
    User.objects.filter(pk=rich.pk).update(coins_held_until=NOON + timedelta(hours=72))
    with pytest.raises(operations.WithdrawalHeld):
        approve(admin_member, made)
    approve(admin_member, made, at=NOON + timedelta(hours=72))


def test_rooms_register_their_reasons_once():
    def hold(members):
        return {}

    before = len(queries._holds)
    try:
        for _time in range(2):
            operations.held_because(hold)
        assert len(queries._holds) == before + 1
    finally:
        queries._holds.remove(hold)


# -- Races ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_of_all_who_decide_at_once_one_has_decided(turn, alice, join):
    fund(alice, "5000.00")
    staff = [join(f"admin_{number}", role="ADMIN", **_ENROLLED) for number in range(6)]
    made = ask(alice)
    verbs = [approve, reject] * 3
    results = together(
        *[lambda who=who, verb=verb: verb(who, made) for who, verb in zip(staff, verbs, strict=True)],
        lambda: operations.cancel_withdrawal(member=alice, request_id=made.pk, at=NOON),
    )
    won = [one for one in results if isinstance(one, WithdrawalRequest)]
    made.refresh_from_db()
    # an approval may be followed by a rejection, and nothing else by anything
    assert sorted(one.status for one in won) in (["APPROVED"], ["REJECTED"], ["CANCELLED"], ["APPROVED", "REJECTED"])
    assert (made.lock.released_at is None) == (made.status == "APPROVED")
    assert violations() == []


@pytest.mark.django_db(transaction=True)
def test_ten_presses_pay_once_while_the_member_gives_away_what_is_left(alice, bob, admin_member):
    fund(alice, "1000.00")
    made = ask(alice)
    approve(admin_member, made)

    def gift():
        given = {"giver": alice.wallet, "receiver": bob.wallet, "coins": D("400.00"), "memo": "", "key": None}
        return ledger.give(**given, channel=Transfer.Channel.WEB, at=NOON)

    results = together(*[lambda: pay(admin_member, made)] * 6, *[gift] * 4)
    assert sum(isinstance(one, WithdrawalRequest) for one in results) == 1
    assert sum(isinstance(one, ledger.Movement) for one in results) == 1  # 500.00 were free, so one of 400.00
    assert figures_of(alice) == (D("100.00"), D("0.00"), D("100.00"))
    assert Transfer.objects.filter(kind="WITHDRAWAL").count() == 1
    assert violations() == []
