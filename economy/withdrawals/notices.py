"""What members hear of their withdrawals and of their tier."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notifications.kinds import Gathered, Kind, register
from accounts.wallets.models import Wallet
from config.lib.wording import coins_in_words, percent_in_words


def _of_withdrawal(gathered: Gathered) -> tuple[str, str]:
    """`data`: status, amount, reason (when it was rejected), reference (when it was paid)."""
    data = gathered.data
    facts = {
        "amount": coins_in_words(Decimal(str(data.get("amount", "0")))),
        "net": coins_in_words(gathered.coins),
        "reference": str(data.get("reference", "")),
    }
    if data.get("status") == "PAID":
        return _("Your withdrawal is paid: %(net)s") % facts, _("Reference: %(reference)s") % facts
    if data.get("status") == "REJECTED":
        title = _("Your withdrawal was not approved; %(amount)s coins are free again") % facts
        return title, str(data.get("reason", ""))
    return _("Your withdrawal is approved: %(net)s will be paid") % facts, ""


def _of_tier(gathered: Gathered) -> tuple[str, str]:
    """`data`: tier, fee (a share)."""
    tier = str(gathered.data.get("tier", ""))
    name = Wallet.Tier(tier).label if tier in Wallet.Tier.values else tier
    fee = percent_in_words(Decimal(str(gathered.data.get("fee", "0"))))
    return _("You are %(tier)s now") % {"tier": name}, _("A withdrawal costs you %(fee)s.") % {"fee": fee}


def register_kinds() -> None:
    """Register them; called from `ready()`."""
    register(
        Kind(
            name="withdrawal",
            order=20,
            label=gettext_lazy("Withdrawals"),
            icon="banknote",
            words=_of_withdrawal,
            path=lambda _data: reverse("economy:withdrawals"),
            says=gettext_lazy("what becomes of a withdrawal"),
            email="now",
            is_always_shown=True,
            is_gathered=False,
        )
    )
    register(
        Kind(
            name="tier",
            order=20,
            label=gettext_lazy("Loyalty tier"),
            icon="award",
            words=_of_tier,
            path=lambda _data: reverse("economy:wallet"),
            says=gettext_lazy("that you have reached another tier"),
        )
    )
