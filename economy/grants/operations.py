"""Grants of new coins by staff: alone up to a limit, beyond it by two."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.members.models import User
from accounts.wallets.models import Wallet
from config.lib.refusals import NotAllowed, NotThere, Refused
from economy.grants import queries, rules
from economy.grants.models import GrantRequest
from economy.ledger import operations as ledger
from economy.ledger import queries as books
from economy.ledger.operations import Movement


class SecondPersonNeeded(Refused):
    """Whoever asked for a grant may not be the one who decides on it."""

    slug = "second-person-needed"
    title = _("Someone else has to decide")
    sentence = _("You asked for this grant yourself. Another admin has to decide on it.")


@transaction.atomic
def grant(
    *, staff: User, receiver: Wallet, coins: Decimal, reason: str, key: UUID, at: datetime
) -> Movement | GrantRequest:
    """Grant new coins at once, or leave a request for a second person where that is more than one may grant alone.

    The same key again finds what the first press made. May refuse with NotAllowed (not an admin, or no reason).
    """
    if not staff.is_superuser or not reason.strip() or coins <= 0:
        raise NotAllowed()
    # Two grants of the same person at once must see each other, or each of them would fit on its own.
    User.objects.select_for_update(no_key=True).get(pk=staff.pk)
    asked = GrantRequest.objects.filter(key=key).first()
    if asked is not None:
        if asked.asked_by_id != staff.pk:
            raise NotAllowed()
        return asked
    made = f"grant-{key}"
    is_replay = books.was_moved(actor=staff.pk, key=made)
    lately = queries.granted_alone(staff, at=at)
    if is_replay or not rules.needs_a_second_person(coins, granted_lately=lately):
        return ledger.grant_by_staff(staff=staff, receiver=receiver, coins=coins, reason=reason, key=made, at=at)
    return GrantRequest.objects.create(
        wallet=receiver, coins=coins, reason=reason.strip()[:300], asked_by=staff, key=key, created_at=at, updated_at=at
    )


@transaction.atomic
def approve(*, staff: User, request: GrantRequest, reason: str, at: datetime) -> Movement:
    """Grant, as the second person, what another admin asked for; once.

    May refuse with NotAllowed, SecondPersonNeeded, NotThere (decided already).
    """
    _decide(staff, request, reason, at, to=GrantRequest.Status.GRANTED)
    return ledger.grant_by_staff(
        staff=staff,
        receiver=request.wallet,
        coins=request.coins,
        reason=request.reason,
        key=f"grant-request-{request.pk}",
        at=at,
        reference=(queries.REFERENCE, request.pk),
    )


def decline(*, staff: User, request: GrantRequest, reason: str, at: datetime) -> None:
    """Decline, as the second person, what another admin asked for; once.

    May refuse with NotAllowed, SecondPersonNeeded, NotThere (decided already).
    """
    _decide(staff, request, reason, at, to=GrantRequest.Status.DECLINED)


def _decide(staff: User, request: GrantRequest, reason: str, at: datetime, *, to: GrantRequest.Status) -> None:
    if not staff.is_superuser or not reason.strip():
        raise NotAllowed()
    if staff.pk == request.asked_by_id:
        raise SecondPersonNeeded()
    # Two admins may decide at once: whoever changes the row first has decided.
    waiting = GrantRequest.objects.filter(pk=request.pk, status=GrantRequest.Status.WAITING)
    if not waiting.update(status=to, decided_by=staff, decided_at=at, decision=reason.strip()[:300]):
        raise NotThere()
