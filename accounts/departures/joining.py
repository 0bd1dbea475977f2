"""What joining has to do with leaving: whoever left under a suspension joins under it again."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.departures import queries
from accounts.members.models import User
from accounts.wallets.models import Wallet


def carry_on_suspension(member: User, wallet: Wallet, at: datetime) -> None:
    """A part of joining: the number's last account was erased while it was suspended."""
    known = queries.released(str(member.phone_number))
    if known is None or not known.was_suspended:
        return
    if known.suspended_until is not None and known.suspended_until <= at:
        return
    member.status, member.status_until = User.Status.SUSPENDED, known.suspended_until
    member.status_reason = _("The account that had this number before was closed while it was suspended.")
    member.save(update_fields=["status", "status_until", "status_reason"])
