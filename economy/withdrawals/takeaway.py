"""What withdrawals add to a copy of a member's data."""

from collections.abc import Iterable, Iterator
from typing import Any

from accounts.departures import parts
from accounts.members.models import User
from economy.withdrawals.models import WithdrawalRequest


def register() -> None:
    """Add the part; called from `ready()`."""
    parts.register("withdrawals", _requests, says="The withdrawals you asked for, and where they were to go.")


def _requests(member: User) -> Iterable[dict[str, Any]]:
    return _told(WithdrawalRequest.objects.filter(wallet__user=member).order_by("id").iterator())


def _told(requests: Iterable[WithdrawalRequest]) -> Iterator[dict[str, Any]]:
    """Who of the staff decided is theirs, not the member's."""
    for request in requests:
        yield {
            "created_at": request.created_at,
            "amount": request.amount,
            "fee": request.fee,
            "net_amount": request.net_amount,
            "tier": request.tier,
            "method": request.method,
            "details": request.details_given,
            "status": request.status,
            "reviewed_at": request.reviewed_at,
            "reason": request.reason if request.status == WithdrawalRequest.Status.REJECTED else "",
            "paid_at": request.paid_at,
            "reference": request.reference,
            "cancelled_at": request.cancelled_at,
        }
