"""Reads about the addresses of members."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.members.models import User
from accounts.wallets.models import AddressChallenge, WalletAddress
from config.lib.refusals import NotThere


def addresses_of(member: User) -> QuerySet[WalletAddress]:
    """A member's own addresses: by network, the primary one first."""
    return WalletAddress.objects.filter(user=member).order_by("network", "-is_primary", "id")


def own_address(member: User, address_id: UUID) -> WalletAddress:
    """An address of the member's own. May refuse with NotThere."""
    found = WalletAddress.objects.filter(user=member, pk=address_id).first()
    if found is None:
        raise NotThere()
    return found


def open_challenge(member: User, challenge_id: UUID, *, at: datetime) -> AddressChallenge | None:
    """A text of the member's own; None when it can no longer be signed. May refuse with NotThere."""
    found = AddressChallenge.objects.filter(user=member, pk=challenge_id).first()
    if found is None:
        raise NotThere()
    return found if found.used_at is None and found.expires_at > at else None


def asked_for(member: User, challenge_id: UUID) -> dict[str, str]:
    """For which address and network a text of the member's own was made; empty when there is none."""
    found = AddressChallenge.objects.filter(user=member, pk=challenge_id).first()
    return {"address": found.address, "network": found.network} if found else {}
