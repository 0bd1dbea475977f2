"""Reads about withdrawals and tiers; and the registry of why one has to wait."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.badges.models import UserActivity
from accounts.members.models import User
from accounts.wallets.models import Wallet, WalletAddress
from config.lib.pagination import Keyset
from config.lib.refusals import NotThere
from config.lib.runtime import figures
from economy.withdrawals import rules
from economy.withdrawals.models import WithdrawalRequest

REFERENCE = "withdrawal"  # of locks, transfers and notices
WITHDRAWALS = Keyset("-id")

# Of these members, those whose withdrawals must wait, and why: a sentence for staff.
Hold = Callable[[Collection[UUID]], Mapping[UUID, str]]

_holds: list[Hold] = []


def held_because(hold: Hold) -> None:
    """Register who knows a reason for withdrawals to wait (`hold(member ids)` → id → why). For `ready()`."""
    if hold not in _holds:
        _holds.append(hold)


def why_held(members: Collection[UUID], *, at: datetime) -> dict[UUID, str]:
    """Of these members, those whose withdrawals can be neither approved nor paid now, and why. One query per reason."""
    changed = User.objects.filter(pk__in=members, coins_held_until__gt=at).values_list("pk", flat=True)
    found = dict.fromkeys(changed, _("the member's way of signing in changed lately."))
    for hold in _holds:
        for member_id, why in hold(members).items():
            found.setdefault(member_id, str(why))
    return found


def withdrawals_of(wallet: Wallet) -> QuerySet[WithdrawalRequest]:
    """A wallet's requests, to be read in the order of WITHDRAWALS (newest first)."""
    return WithdrawalRequest.objects.filter(wallet=wallet)


def own_withdrawal(member: User, request_id: UUID) -> WithdrawalRequest:
    """A request of the member's own. May refuse with NotThere."""
    found = WithdrawalRequest.objects.filter(wallet__user=member, pk=request_id).first()
    if found is None:
        raise NotThere()
    return found


def open_withdrawals(*, most: int) -> int:
    """How many wait for staff, to be reviewed or to be paid; counted up to `most`."""
    waiting = WithdrawalRequest.objects.filter(status__in=["PENDING", "APPROVED"])
    return len(waiting.values("pk")[:most])


def proved_addresses(member: User) -> list[WalletAddress]:
    """Where the member has proved to hold the key, the primary ones first."""
    proved = WalletAddress.objects.filter(user=member, is_verified=True)
    return list(proved.order_by("-is_primary", "network", "id"))


def is_proved(request: WithdrawalRequest) -> bool | None:
    """Whether coins go to an address that the member has proved; None where it is no address."""
    given = request.details_given
    if request.method != WithdrawalRequest.Method.CRYPTO or not given:
        return None
    return WalletAddress.objects.filter(
        user=request.wallet.user_id, is_verified=True, network=given["network"], address=given["address"]
    ).exists()


def tiers() -> tuple[rules.Tier, ...]:
    """The tiers in force, lowest first."""
    return rules.tiers_of(figures())


def progress_of(wallet: Wallet) -> rules.Progress:
    """How far a member has come: days with activity, and what is missing for the next tier.

    By the days alone: the tier on the wallet follows once a day.
    """
    return rules.progress(UserActivity.objects.filter(user=wallet.user_id).count(), tiers())


def causes(ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """For lines of a statement: what each of these requests is called, and where it is read about."""
    return {request_id: (_("the request"), reverse("economy:withdrawal", args=[request_id])) for request_id in ids}
