"""Asking for a withdrawal and taking it back."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from constance.test import override_config
from django.db import IntegrityError, connection, transaction

from accounts.departures import operations as departures
from accounts.members.models import User
from accounts.members.operations import AccountSuspended
from accounts.wallets.models import Wallet
from config.lib.refusals import KeyReused, NotThere
from economy.ledger.models import Lock, Transfer
from economy.ledger.operations import CoinsHeld, NotEnoughCoins
from economy.ledger.queries import violations
from economy.withdrawals import operations
from economy.withdrawals.models import WithdrawalRequest
from economy.withdrawals.tests.conftest import BANK, IBAN, NOON, ask, figures_of, fund, together, wallet

pytestmark = pytest.mark.django_db


def test_500_00_are_locked_and_465_00_are_to_be_paid_out(rich):
    before = wallet(rich).lock_version
    made = ask(rich, "500.00")
    assert (made.amount, made.fee, made.net_amount) == (D("500.00"), D("35.00"), D("465.00"))
    assert (made.tier, made.fee_rate, made.status) == ("BRONZE", D("0.0700"), "PENDING")
    assert (made.lock.kind, made.lock.amount, made.lock.reference_id) == ("withdrawal", D("500.00"), made.pk)
    assert figures_of(rich) == (D("2000.00"), D("500.00"), D("1500.00"))
    assert wallet(rich).lock_version == before + 1
    assert Transfer.objects.filter(kind="WITHDRAWAL").count() == 0
    assert violations() == []


def test_the_fee_is_that_of_the_tier(rich):
    Wallet.objects.filter(user=rich).update(loyalty_tier="GOLD", withdrawal_fee=D("0.03"))
    made = ask(rich, "777.77")
    assert (made.tier, made.fee, made.net_amount) == ("GOLD", D("23.33"), D("754.44"))


def test_499_99_are_too_few(rich):
    with pytest.raises(operations.WithdrawalTooSmall) as refused:
        ask(rich, "499.99")
    assert "500.00" in str(refused.value)
    with override_config(WITHDRAWAL_MIN=D("10.00")):
        ask(rich, "10.00")


def test_what_is_not_there_cannot_be_asked_for(rich):
    with pytest.raises(NotEnoughCoins):
        ask(rich, "2000.01")
    ask(rich, "1500.00")
    with pytest.raises(NotEnoughCoins):
        ask(rich, "500.01")
    ask(rich, "500.00")
    assert figures_of(rich) == (D("2000.00"), D("2000.00"), D("0.00"))
    assert violations() == []


def test_details_are_encrypted_in_the_database_and_read_by_us(rich):
    made = ask(rich)
    with connection.cursor() as cursor:
        cursor.execute("SELECT details FROM economy_withdrawalrequest WHERE id = %s", [made.pk])
        kept = cursor.fetchone()[0]
    assert IBAN not in kept
    assert "Alice" not in kept
    assert WithdrawalRequest.objects.get().details_given == BANK
    assert WithdrawalRequest.objects.get().where_to == "DE89…3000"


def test_details_stay_out_of_the_audit(rich):
    ask(rich)
    with connection.cursor() as cursor:
        cursor.execute("SELECT new_values::text FROM accounts_auditlog WHERE entity_type = 'economy_withdrawalrequest'")
        kept = cursor.fetchone()[0]
    assert "PENDING" in kept
    assert "gAAAA" not in kept


def test_details_that_cannot_be_right_lock_nothing(rich):
    with pytest.raises(operations.BadDetails):
        ask(rich, details={"holder": "Alice", "iban": "DE00"})
    assert Lock.objects.count() == 0


def test_coins_that_are_held_cannot_be_asked_for(rich):
    rich.coins_held_until = NOON + timedelta(hours=1)
    with pytest.raises(CoinsHeld):
        ask(rich)
    ask(rich, at=NOON + timedelta(hours=1))


def test_the_suspended_ask_for_nothing_and_may_take_back(rich):
    made = ask(rich)
    rich.status = User.Status.SUSPENDED
    with pytest.raises(AccountSuspended):
        ask(rich)
    operations.cancel_withdrawal(member=rich, request_id=made.pk, at=NOON)
    assert figures_of(rich)[1] == D("0.00")


def test_a_higher_fee_than_was_seen_is_refused_and_a_lower_one_is_not(rich):
    with pytest.raises(operations.FeeChanged):
        ask(rich, fee_seen=D("34.99"))
    assert ask(rich, fee_seen=D("35.00")).fee == D("35.00")
    assert ask(rich, fee_seen=D("40.00")).fee == D("35.00")


def test_three_a_day(rich):
    for _number in range(3):
        ask(rich)
    with pytest.raises(operations.TooManyWithdrawals) as refused:
        ask(rich)
    assert (refused.value.status, refused.value.slug) == (429, "too-many-withdrawals")


def test_the_refused_do_not_count(rich):
    for _number in range(5):
        with pytest.raises(NotEnoughCoins):
            ask(rich, "5000.00")
    ask(rich)


def test_the_same_key_asks_once_and_another_wish_under_it_is_refused(rich):
    first = ask(rich, key="k")
    assert ask(rich, key="k", details={"holder": " Alice Example", "iban": "DE89 3704 0044 0532 0130 00"}) == first
    for other in ({"coins": "600.00"}, {"method": "PAYPAL", "details": {"email": "a@example.org"}}):
        with pytest.raises(KeyReused):
            ask(rich, key="k", **other)
    assert figures_of(rich)[1] == D("500.00")


def test_a_key_is_its_members_own(rich, bob):
    fund(bob, "1000.00")
    assert ask(rich, key="k") != ask(bob, key="k")


def test_looking_first_tells_the_cost_and_locks_nothing(rich):
    look = {"member": rich, "method": "BANK", "details": BANK, "at": NOON}
    cost = operations.look_at_withdrawal(amount=D("500.00"), **look)
    assert (cost.fee, cost.net) == (D("35.00"), D("465.00"))
    with pytest.raises(NotEnoughCoins):
        operations.look_at_withdrawal(amount=D("2000.01"), **look)
    assert Lock.objects.count() == 0


# -- Taking back ------------------------------------------------------------------------------------------------------


def test_what_waits_can_be_cancelled_once(rich):
    made = ask(rich)
    operations.cancel_withdrawal(member=rich, request_id=made.pk, at=NOON)
    made.refresh_from_db()
    assert (made.status, made.cancelled_at, made.lock.released_at) == ("CANCELLED", NOON, NOON)
    assert figures_of(rich) == (D("2000.00"), D("0.00"), D("2000.00"))
    with pytest.raises(operations.WithdrawalDecided):
        operations.cancel_withdrawal(member=rich, request_id=made.pk, at=NOON)
    assert violations() == []


def test_mallory_cancels_nothing(rich, mallory):
    made = ask(rich)
    with pytest.raises(NotThere):
        operations.cancel_withdrawal(member=mallory, request_id=made.pk, at=NOON)
    assert figures_of(rich)[1] == D("500.00")


# -- Leaving ----------------------------------------------------------------------------------------------------------


def test_closing_an_account_cancels_what_waits_and_lets_the_approved_be_paid(rich, admin_member):
    waiting, approved = ask(rich), ask(rich, "600.00")
    operations.approve(staff=admin_member, request_id=approved.pk, reason="Seen", at=NOON)
    departures.close_account(member=rich, removes_writing=False, at=NOON)
    waiting.refresh_from_db()
    approved.refresh_from_db()
    assert (waiting.status, approved.status) == ("CANCELLED", "APPROVED")
    assert figures_of(rich) == (D("2000.00"), D("600.00"), D("1400.00"))
    operations.mark_paid(staff=admin_member, request_id=approved.pk, reference="R1", at=NOON)
    assert figures_of(rich) == (D("1400.00"), D("0.00"), D("1400.00"))
    assert violations() == []


def test_erasing_ends_what_is_open_and_forgets_where_coins_went(rich, admin_member):
    paid, approved = ask(rich), ask(rich, "600.00")
    for one in (paid, approved):
        operations.approve(staff=admin_member, request_id=one.pk, reason="Seen", at=NOON)
    operations.mark_paid(staff=admin_member, request_id=paid.pk, reference="R1", at=NOON)
    departures.close_account(member=rich, removes_writing=False, at=NOON)
    departures.remind_closed(at=NOON + timedelta(days=23))
    assert departures.erase_due(clock=lambda: NOON + timedelta(days=31)) == 1
    for one, status in ((paid, "PAID"), (approved, "CANCELLED")):
        one.refresh_from_db()
        assert (one.status, one.details, one.details_given, one.where_to) == (status, "", {}, "")
    assert figures_of(rich) == (D("0.00"), D("0.00"), D("0.00"))
    assert violations() == []


def test_a_copy_of_ones_data_holds_ones_own_withdrawals(rich, bob):
    from accounts.departures import parts

    ask(rich)
    part = next(part for part in parts.parts() if part.name == "withdrawals")
    rows = list(part.rows(rich))
    assert [(row["net_amount"], row["details"]["iban"]) for row in rows] == [(D("465.00"), IBAN)]
    assert list(part.rows(bob)) == []


# -- In the database --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        *({"fee": D("34.99")}, {"net_amount": D("465.01")}, {"fee": D("-1.00"), "net_amount": D("501.00")}),
        *({"status": "APPROVED"}, {"status": "PAID"}, {"status": "REJECTED"}, {"status": "CANCELLED"}),
        {"cancelled_at": NOON},
    ],
)
def test_the_database_refuses_what_cannot_be(rich, change):
    made = ask(rich)
    with pytest.raises(IntegrityError), transaction.atomic():
        WithdrawalRequest.objects.filter(pk=made.pk).update(**change)


# -- Races ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_as_many_pass_as_there_are_coins_for(alice):
    fund(alice, "2000.00")
    with override_config(WITHDRAWALS_PER_DAY=100):
        made = together(*[lambda: ask(alice)] * 10)
    assert sum(isinstance(one, WithdrawalRequest) for one in made) == 4
    assert sum(isinstance(one, NotEnoughCoins) for one in made) == 6
    assert figures_of(alice) == (D("2000.00"), D("2000.00"), D("0.00"))
    assert violations() == []


@pytest.mark.django_db(transaction=True)
def test_ten_presses_of_one_button_ask_once(alice):
    fund(alice, "10000.00")
    made = together(*[lambda: ask(alice, key="press")] * 10)
    assert len({one.pk for one in made}) == 1
    assert figures_of(alice)[1] == D("500.00")
    assert violations() == []
