"""The kinds of notices of this app: what happens to the account itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.badges.earnings import earning_of
from accounts.members.models import Page, User
from accounts.notifications.kinds import Gathered, Kind, quoted_from, register, words_in
from accounts.notifications.operations import owe_notice
from accounts.wallets.models import Wallet


def _path_or(url_name: str) -> Any:
    """The path that was owed, else a page of ours."""

    def path(data: Mapping[str, Any]) -> str:
        return str(data.get("path") or reverse(url_name))

    return path


def _of_badges(gathered: Gathered) -> tuple[str, str]:
    """`data`: slug of the last one; badge and description, its words when no rule knows it."""
    title = ngettext("You have a new badge: %(badge)s", "You have %(n)d new badges", gathered.count)
    rule = earning_of(str(gathered.data.get("slug", "")))
    name = rule.name if rule else gathered.data.get("badge", "")
    description = rule.description if rule else gathered.data.get("description", "")
    return title % {"n": gathered.count, "badge": name}, str(description)


def _of_welcome(gathered: Gathered) -> tuple[str, str]:
    return _("Welcome!"), _("Tell the others who you are, and look around.")


def _of_export(gathered: Gathered) -> tuple[str, str]:
    return _("The copy of your data is ready"), _("You can fetch it for some days.")


def welcome(member: User, wallet: Wallet, at: datetime) -> None:
    """Welcome a member who has just joined; part of the joining transaction."""
    owe_notice(user_id=member.pk, kind="welcome", at=at)


def register_own() -> None:
    """Register them, and what notices may quote; called from `ready()`."""
    # A page that notices are about is that of the giver whose words they quote.
    quoted_from("page", lambda: Page.objects.filter(is_active=True, user__status__in=User.SHOWN))
    for kind in (
        Kind(
            name="security",
            order=90,
            label=gettext_lazy("Security"),
            icon="shield-check",
            words=words_in,  # `data`: title, message
            path=_path_or("accounts:security"),
            email="off",  # whoever changes the ways in writes at once, whatever is chosen here
            says=gettext_lazy("sign-ins, and changes of the ways in"),
            is_always_shown=True,
            is_gathered=False,
        ),
        Kind(
            name="badge",
            order=30,
            label=gettext_lazy("Badges"),
            icon="award",
            words=_of_badges,
            path=_path_or("accounts:my_pages"),
            says=gettext_lazy("what you have earned"),
        ),
        Kind(
            name="export",
            order=80,
            label=gettext_lazy("Copies of your data"),
            icon="download",
            words=_of_export,
            path=_path_or("accounts:my_data"),
            email="now",
            says=gettext_lazy("when one that you asked for is ready"),
        ),
        Kind(
            name="welcome",
            label=gettext_lazy("Welcome"),
            icon="sparkles",
            words=_of_welcome,
            path=_path_or("accounts:edit_profile"),
            email="off",
            is_chosen=False,
        ),
    ):
        register(kind)
