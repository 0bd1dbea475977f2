"""One request, held while something becomes of it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from config.lib.refusals import NotThere, Refused
from economy.ledger import operations as ledger
from economy.withdrawals.models import WithdrawalRequest

Status = WithdrawalRequest.Status


class WithdrawalDecided(Refused):
    """The request is no longer where this would be possible."""

    slug = "withdrawal-decided"
    status = 409
    title = _("Too late for this")
    sentence = _("This withdrawal is %(state)s.")


def held(request_id: UUID, *, among: Collection[str], **owner: object) -> WithdrawalRequest:
    """The request, its row held until the transaction ends: of two who decide the second sees what became of it.

    The request comes before its wallet and its lock, wherever it is held. May refuse with NotThere, WithdrawalDecided.
    """
    rows = WithdrawalRequest.objects.select_for_update(no_key=True, of=("self",)).select_related("wallet__user")
    found = rows.filter(pk=request_id, **owner).first()
    if found is None:
        raise NotThere()
    if found.status not in among:
        raise WithdrawalDecided(state=found.get_status_display())
    return found


def cancel(request: WithdrawalRequest, *, at: datetime) -> None:
    """End a request that is held, and open its lock."""
    ledger.release(lock_id=request.lock_id, at=at)
    request.status = Status.CANCELLED
    request.cancelled_at = at
    request.save(update_fields=["status", "cancelled_at"])
