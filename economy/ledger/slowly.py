"""What new members may let go of in a day, and whoever's coins are held: little, by whatever way.

Fifty accounts that were made in an hour must not carry coins away, and whoever has stolen a number must not empty the
wallet: gifts and tips to an account of one's own, and paid comments on its posts, would be ways out.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.invitations.rules import is_new
from accounts.members.models import User
from config.lib.limits import Limit
from config.lib.refusals import TooMany

DAY = 86400


class NewMemberLimit(TooMany):
    """The coins that a new member may give, tip and pay for comments in a day are spent."""

    slug = "new-member-limit"
    title = _("Slowly at first")
    sentence = _("In the first days here, at most %(coins)s coins a day leave a wallet. More is possible in %(wait)s.")


def goes_slowly(member: User, settings: Any, *, at: datetime) -> bool:
    """Whether a member is new, or their coins are held: what changed hands lately counts as new as well."""
    is_held = member.coins_held_until is not None and at < member.coins_held_until
    return is_held or is_new(joined_at=member.created_at, hours=settings.NEW_MEMBER_HOURS, at=at)


def coins_of_a_day(member: User, coins: Decimal, settings: Any) -> Limit:
    """These coins, counted with all others that such a member has let go of in a day."""
    most = int(settings.NEW_MEMBER_TIP_COINS_PER_DAY * 100)
    return Limit("new-member-coins", str(member.pk), most, DAY, weight=int(coins * 100))
