"""What members hear of their coins: gifts, the weekly tax, the weekly stipend."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.notifications.kinds import Gathered, Kind, register
from config.lib.wording import coins_in_words


def _of_gifts(gathered: Gathered) -> tuple[str, str]:
    """`data`: memo, what the giver wrote with the last one."""
    facts = {"who": gathered.who(), "coins": coins_in_words(gathered.coins), "n": gathered.count}
    title = ngettext("%(who)s gave you %(coins)s", "%(who)s gave you %(coins)s in %(n)d gifts", gathered.count)
    return title % facts, str(gathered.data.get("memo", ""))


def _of_tax(gathered: Gathered) -> tuple[str, str]:
    """`data`: week, the last one."""
    facts = {"coins": coins_in_words(gathered.coins), "n": gathered.count}
    title = ngettext("Weekly tax: %(coins)s", "Tax of %(n)d weeks: %(coins)s", gathered.count)
    return title % facts, _week(gathered)


def _of_stipends(gathered: Gathered) -> tuple[str, str]:
    facts = {"coins": coins_in_words(gathered.coins), "n": gathered.count}
    title = ngettext("Weekly stipend: %(coins)s", "Stipends of %(n)d weeks: %(coins)s", gathered.count)
    return title % facts, _week(gathered)


def _week(gathered: Gathered) -> str:
    year, _dash, week = str(gathered.data.get("week", "")).partition("-W")
    return _("Until week %(week)s of %(year)s") % {"week": int(week), "year": year} if week else ""


def _statement_of(kind: str) -> Any:
    def path(data: Mapping[str, Any]) -> str:
        return f"{reverse('economy:wallet')}?kind={kind}"

    return path


def register_kinds() -> None:
    """Register them; called from `ready()`."""
    for kind in (
        Kind(
            name="gift",
            order=20,
            label=gettext_lazy("Gifts"),
            icon="gift",
            words=_of_gifts,
            path=_statement_of("GIFT"),
            says=gettext_lazy("coins that someone gives you"),
            quotes=("memo",),  # the giver's page is what it is about
        ),
        Kind(
            name="tax",
            order=20,
            label=gettext_lazy("Weekly tax"),
            icon="landmark",
            words=_of_tax,
            path=_statement_of("TAX"),
            says=gettext_lazy("what was taken of your balance"),
        ),
        Kind(
            name="stipend",
            order=20,
            label=gettext_lazy("Weekly stipend"),
            icon="coins",
            words=_of_stipends,
            path=_statement_of("STIPEND"),
            says=gettext_lazy("what the community pays you"),
        ),
    ):
        register(kind)
