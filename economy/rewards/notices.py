"""What members hear of rewards."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.notifications.kinds import Gathered, Kind, register
from config.lib.wording import coins_in_words
from economy.rewards import triggers


def _of_rewards(gathered: Gathered) -> tuple[str, str]:
    """`data`: trigger of the rule; back, whether they went back to the treasury."""
    facts = {"coins": coins_in_words(gathered.coins), "n": gathered.count}
    trigger = triggers.of(str(gathered.data.get("trigger", "")))
    if gathered.data.get("back"):
        title = _("A reward went back: %(coins)s") % facts
        return title, _("What it was for was removed within a day.")
    title = ngettext("Reward: %(coins)s", "%(n)d rewards: %(coins)s", gathered.count) % facts
    return title, _("You got this %(reason)s.") % {"reason": trigger.why} if trigger is not None else ""


def _path(data: Mapping[str, Any]) -> str:
    return reverse("economy:my_rewards")


def register_kinds() -> None:
    """Register it; called from `ready()`."""
    register(
        Kind(
            name="reward",
            order=20,
            label=gettext_lazy("Rewards"),
            icon="award",
            words=_of_rewards,
            path=_path,
            says=gettext_lazy("what the treasury pays you for what you do here"),
        )
    )
