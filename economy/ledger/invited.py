"""Gifts that come with an invitation: paid by the ledger when the one invited joins."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from accounts.members.models import User
from accounts.wallets.models import Wallet
from economy.ledger.models import Transfer
from economy.ledger.operations import give


def give_to_invited(*, inviter: User, member: User, coins: Decimal, invitation_id: UUID, at: datetime) -> None:
    """Pay an invitation's gift, within the joining transaction. May refuse with whatever `give` refuses with."""
    give(
        giver=Wallet.objects.select_related("user").get(user=inviter),
        receiver=Wallet.objects.get(user=member),
        coins=coins,
        memo="",
        key=f"invited:{member.pk}",
        channel=Transfer.Channel.JOB,
        at=at,
        reference=("invitation", invitation_id),
        is_counted=False,
    )
