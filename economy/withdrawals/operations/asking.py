"""What a member does: ask for a withdrawal, and cancel it while it waits."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.members.models import User
from accounts.members.operations import must_act
from accounts.wallets.models import Wallet
from config.lib.ids import uuid7_at
from config.lib.limits import Limit, counted
from config.lib.refusals import KeyReused, Refused, TooMany
from config.lib.runtime import figures
from economy.ledger import operations as ledger
from economy.ledger.models import Lock
from economy.withdrawals import rules
from economy.withdrawals.models import WithdrawalRequest
from economy.withdrawals.operations.requests import Status, cancel, held
from economy.withdrawals.queries import REFERENCE

DAY = 86_400


class WithdrawalTooSmall(Refused):
    """Below WITHDRAWAL_MIN."""

    slug = "withdrawal-too-small"
    title = _("Too few coins")
    sentence = _("A withdrawal is for %(least)s coins or more.")
    field = "amount"


class BadDetails(Refused):
    """Where it is to be paid cannot be right."""

    slug = "bad-details"
    title = _("Look at the details again")
    sentence = _("This cannot be right: %(part)s.")
    field = "details"


class FeeChanged(Refused):
    """It costs more than the member has seen."""

    slug = "fee-changed"
    status = 409
    title = _("The fee has changed")
    sentence = _("The fee is %(fee)s coins by now. Look at it again, then decide.")


class TooManyWithdrawals(TooMany):
    """WITHDRAWALS_PER_DAY."""

    slug = "too-many-withdrawals"
    sentence = _("You have asked for %(most)s withdrawals in a day. You can ask for the next one in %(wait)s.")


def look_at_withdrawal(
    *, member: User, amount: Decimal, method: str, details: Mapping[str, str], at: datetime
) -> rules.Cost:
    """What a withdrawal would cost now, for whoever wants to see it first; locks nothing.

    Refuses with what `ask_for_withdrawal` refuses with, as far as that can be known before.
    """
    _checked(member, amount, method, details, at)
    wallet = Wallet.objects.get(user=member)
    if amount > wallet.available:
        raise ledger.NotEnoughCoins(needed=amount, available=wallet.available)
    return rules.cost_of(amount, rate=wallet.withdrawal_fee)


def ask_for_withdrawal(
    *,
    member: User,
    amount: Decimal,
    method: str,
    details: Mapping[str, str],
    at: datetime,
    fee_seen: Decimal | None = None,
    key: str | None = None,
) -> WithdrawalRequest:
    """Lock coins until staff have paid them out. The fee is that of the member's tier as it is now.

    `fee_seen` is the fee that was shown: a higher one is refused. The same `key` again finds the first request. May
    refuse with NotAllowed, AccountSuspended, CoinsHeld, WithdrawalTooSmall, BadDetails, FeeChanged, NotEnoughCoins,
    TooManyWithdrawals, KeyReused.
    """
    written = _checked(member, amount, method, details, at)
    most = figures().WITHDRAWALS_PER_DAY
    limit = Limit("withdrawals", str(member.pk), most, DAY)
    with transaction.atomic():
        # Under the wallet's lock: a second press waits here and then finds what the first one made.
        wallet = Wallet.objects.select_for_update(no_key=True).get(user=member)
        known = WithdrawalRequest.objects.filter(wallet=wallet, key=key).first() if key is not None else None
        if known is not None:
            if (known.amount, known.method, known.details_given) != (amount, method, written):
                raise KeyReused()
            return known
        with counted(limit, refuse=TooManyWithdrawals, most=most):
            return _ask(wallet, amount, method, written, at=at, fee_seen=fee_seen, key=key)


def _checked(member: User, amount: Decimal, method: str, details: Mapping[str, str], at: datetime) -> dict[str, str]:
    """The details in their one spelling, once everything is as it must be whatever the wallet holds."""
    must_act(member)
    ledger.must_not_be_held(member, at)
    least = figures().WITHDRAWAL_MIN
    if amount < least:
        raise WithdrawalTooSmall(least=least)
    try:
        return rules.checked_details(method, details)
    except rules.BadDetail as bad:
        raise BadDetails(part=bad.field) from bad


def _ask(
    wallet: Wallet,
    amount: Decimal,
    method: str,
    details: Mapping[str, str],
    *,
    at: datetime,
    fee_seen: Decimal | None,
    key: str | None,
) -> WithdrawalRequest:
    cost = rules.cost_of(amount, rate=wallet.withdrawal_fee)
    if fee_seen is not None and cost.fee > fee_seen:
        raise FeeChanged(fee=cost.fee)
    request_id = uuid7_at(at)
    lock_id = ledger.hold(
        wallet=wallet, kind=Lock.Kind.WITHDRAWAL, coins=amount, at=at, reference=(REFERENCE, request_id)
    )
    return WithdrawalRequest.objects.create(
        id=request_id,
        created_at=at,
        updated_at=at,
        wallet=wallet,
        lock_id=lock_id,
        amount=amount,
        fee=cost.fee,
        net_amount=cost.net,
        tier=wallet.loyalty_tier,
        fee_rate=wallet.withdrawal_fee,
        method=method,
        details=json.dumps(details),
        key=key,
    )


@transaction.atomic
def cancel_withdrawal(*, member: User, request_id: UUID, at: datetime) -> WithdrawalRequest:
    """Take one's own request back while it waits: its coins are free again. A suspended member may, too.

    May refuse with NotThere (another's), WithdrawalDecided.
    """
    request = held(request_id, among=[Status.PENDING], wallet__user=member)
    cancel(request, at=at)
    return request
