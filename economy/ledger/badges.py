"""The badges that coins earn which were given away or shared out."""

from django.utils.translation import gettext_lazy as _

from accounts.badges.earnings import Earning, register

BADGES = (
    Earning(
        slug="first-gift",
        name=_("First gift"),
        description=_("Gave coins to another member."),
        icon="gift",
        earned="SELECT DISTINCT actor_id, 1 FROM economy_transfer WHERE kind = 'GIFT' AND actor_id IS NOT NULL",
    ),
    Earning(
        slug="ten-stipends",
        name=_("Ten stipends"),
        description=_("Was here in ten weeks for which the community paid a stipend."),
        icon="trophy",
        earned="""
            SELECT w.user_id, (count(*) / 10)::int
            FROM economy_stipenddistribution d JOIN accounts_wallet w ON w.id = d.wallet_id
            WHERE d.paid_at IS NOT NULL AND d.total_stipend > 0
            GROUP BY w.user_id HAVING count(*) >= 10
        """,
        is_repeatable=True,
    ),
)


def register_badges() -> None:
    """Register them; called from `ready()`."""
    for earning in BADGES:
        register(earning)
