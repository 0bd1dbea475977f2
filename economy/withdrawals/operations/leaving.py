"""What becomes of withdrawals when a member goes."""

from datetime import datetime

from accounts.departures.forgetting import Leaving
from accounts.members.models import User
from economy.withdrawals.models import WithdrawalRequest
from economy.withdrawals.operations.requests import Status, cancel, held


def cancel_at_closing(member: User, at: datetime) -> None:
    """Cancel what still waits, as the account closes. What is approved is paid: somebody may be at the bank for it."""
    _cancel(member, [Status.PENDING], at)


def end_at_erasing(leaving: Leaving) -> bool:
    """A step of erasing a member: nothing stays open, and where coins went is forgotten; whether more is left (never).

    Whoever approved one has had the days since the account was closed to pay it.
    """
    _cancel(leaving.member, [Status.PENDING, Status.APPROVED], leaving.at)
    WithdrawalRequest.objects.filter(wallet__user=leaving.member).exclude(details="").update(details="")
    return False


def _cancel(member: User, among: list[Status], at: datetime) -> None:
    waiting = WithdrawalRequest.objects.filter(wallet__user=member, status__in=among).order_by("id")
    # All of the member's rows first, then look: staff may be deciding on one at this moment.
    for request_id in list(waiting.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True)):
        cancel(held(request_id, among=among), at=at)
