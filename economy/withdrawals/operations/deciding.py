"""What staff do: approve, reject, and mark as paid what they have paid outside."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.members.models import User
from accounts.notifications.operations import owe_notice
from config.lib.refusals import NotAllowed, Refused
from economy.ledger import operations as ledger
from economy.ledger.models import Fund, Transfer, TransferKind
from economy.withdrawals import queries
from economy.withdrawals.models import WithdrawalRequest
from economy.withdrawals.operations.requests import Status, held


class OwnWithdrawal(Refused):
    """Nobody decides on their own."""

    slug = "own-withdrawal"
    title = _("Someone else has to decide")
    sentence = _("This withdrawal is your own. Another admin has to decide on it.")


class WithdrawalHeld(Refused):
    """Something about the member has to be settled first."""

    slug = "withdrawal-held"
    status = 409
    title = _("On hold")
    sentence = _("This withdrawal has to wait: %(why)s")


@transaction.atomic
def approve(*, staff: User, request_id: UUID, reason: str, at: datetime) -> WithdrawalRequest:
    """Approve a request that waits; its coins stay locked until it is paid.

    May refuse with NotAllowed, NotThere, WithdrawalDecided, OwnWithdrawal, WithdrawalHeld.
    """
    request = _for_staff(staff, request_id, reason, among=[Status.PENDING])
    _must_not_wait(request, at)
    _review(request, staff, reason, at, to=Status.APPROVED)
    return request


@transaction.atomic
def reject(*, staff: User, request_id: UUID, reason: str, at: datetime) -> WithdrawalRequest:
    """Reject a request, also one that was approved and could not be paid: its coins are free again.

    The member reads the reason. May refuse with NotAllowed, NotThere, WithdrawalDecided, OwnWithdrawal.
    """
    request = _for_staff(staff, request_id, reason, among=[Status.PENDING, Status.APPROVED])
    ledger.release(lock_id=request.lock_id, at=at)
    _review(request, staff, reason, at, to=Status.REJECTED)
    return request


@transaction.atomic
def mark_paid(*, staff: User, request_id: UUID, reference: str, at: datetime) -> WithdrawalRequest:
    """Note that an approved request was paid, with the payment's reference: the coins leave the wallet.

    Net to payout, fee to the treasury, the lock opened, all at once. May refuse with NotAllowed, NotThere,
    WithdrawalDecided, OwnWithdrawal, WithdrawalHeld.
    """
    request = _for_staff(staff, request_id, reference, among=[Status.APPROVED])
    _must_not_wait(request, at)
    # The wallet is ours from here to the end: nobody spends what was locked between the two.
    ledger.release(lock_id=request.lock_id, at=at)
    movement = ledger.move(
        kind=TransferKind.WITHDRAWAL,
        at=at,
        wallets=[(request.wallet_id, -request.amount)],
        funds=[(Fund.PAYOUT, request.net_amount), (Fund.TREASURY, request.fee)],
        actor=staff.pk,
        channel=Transfer.Channel.ADMIN,
        key=f"withdrawal-{request.pk}",
        description=reference.strip()[:100],
        reference=(queries.REFERENCE, request.pk),
    )
    request.status = Status.PAID
    request.payer = staff
    request.paid_at = at
    request.reference = reference.strip()[:100]
    request.transfer_id = movement.transfer_id
    request.save(update_fields=["status", "payer", "paid_at", "reference", "transfer_id"])
    _tell(request, at)
    return request


def _for_staff(staff: User, request_id: UUID, words: str, *, among: list[str]) -> WithdrawalRequest:
    if not staff.is_superuser or not words.strip():
        raise NotAllowed()
    request = held(request_id, among=among)
    if request.wallet.user_id == staff.pk:
        raise OwnWithdrawal()
    return request


def _must_not_wait(request: WithdrawalRequest, at: datetime) -> None:
    why = queries.why_held([request.wallet.user_id], at=at).get(request.wallet.user_id)
    if why is not None:
        raise WithdrawalHeld(why=why)


def _review(request: WithdrawalRequest, staff: User, reason: str, at: datetime, *, to: Status) -> None:
    request.status = to
    request.reviewer = staff
    request.reviewed_at = at
    request.reason = reason.strip()[:300]
    request.save(update_fields=["status", "reviewer", "reviewed_at", "reason"])
    _tell(request, at)


def _tell(request: WithdrawalRequest, at: datetime) -> None:
    """What is written for staff alone stays with them; why something was rejected is for the member."""
    data = {
        "status": str(request.status),
        "amount": str(request.amount),
        "reason": request.reason if request.status == Status.REJECTED else "",
        "reference": request.reference,
    }
    owe_notice(
        user_id=request.wallet.user_id,
        kind="withdrawal",
        reference=(queries.REFERENCE, request.pk),
        coins=request.net_amount,
        data=data,
        at=at,
    )
