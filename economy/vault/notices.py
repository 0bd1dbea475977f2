"""What members hear of their vault."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notifications.kinds import Gathered, Kind, register
from config.lib.wording import coins_in_words


def _of_vault(gathered: Gathered) -> tuple[str, str]:
    title = _("%(coins)s coins from your vault are free") % {"coins": coins_in_words(gathered.coins)}
    return title, _("They are yours to spend or to withdraw.")


def register_kinds() -> None:
    """Register it; called from `ready()`."""
    register(
        Kind(
            name="vault",
            order=20,
            label=gettext_lazy("Vault"),
            icon="piggy-bank",
            words=_of_vault,
            path=lambda _data: reverse("economy:vault"),
            says=gettext_lazy("coins of your vault that come free"),
        )
    )
