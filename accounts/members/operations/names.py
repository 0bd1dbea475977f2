"""Usernames: taken, changed, and kept for their page for a while after."""

from datetime import datetime, timedelta
from math import ceil

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.members import rules
from accounts.members.models import FormerName, Page, User
from config.lib.refusals import Refused, TooMany
from config.lib.runtime import figures


class UsernameTaken(Refused):
    """Someone else has the name."""

    slug = "username-taken"
    title = _("Name taken")
    sentence = _("The username %(username)s is taken. Choose another one.")
    field = "username"


class BadUsername(Refused):
    """The name does not have the form of a username, or is one of the site's own words."""

    slug = "bad-username"
    title = _("Not a username")
    sentence = _("A username has 3 to 30 characters of a–z, 0–9 and underscore, and is not a word of the site itself.")
    field = "username"


class UnseenName(Refused):
    """The name to be shown holds nothing that can be seen."""

    slug = "unseen-name"
    title = _("Not a name")
    sentence = _("There is nothing to be seen in this name. Write at least one letter, digit or sign.")
    field = "display_name"


class UsernameChangesSpent(TooMany):
    """USERNAME_CHANGES in USERNAME_CHANGE_DAYS."""

    slug = "username-changes"
    title = _("Changed lately")
    sentence = _("A username can be changed %(most)s times in %(days)s days. You can change one again in %(wait)s.")
    field = "username"


def new_page(page: Page, *, at: datetime) -> Page:
    """Write a page whose name must be free. May refuse with BadUsername, UsernameTaken."""
    _write(page, at)
    return page


def rename(page: Page, username: str, *, at: datetime) -> None:
    """Give a page, locked together with its account, another name; the old one leads to it for FORMER_NAME_DAYS.

    May refuse with BadUsername, UsernameTaken, UsernameChangesSpent.
    """
    old = page.username
    if username == old:
        return
    settings = figures()
    _must_have_changes_left(page.user, settings, at)
    page.username = username
    _write(page, at)
    # The page may take a name of its own back: that name is its present one then, and leads nowhere.
    FormerName.objects.filter(username=username).update(kept_until=at)
    FormerName.objects.update_or_create(
        username=old,
        defaults={
            "page": page,
            "created_at": at,
            "kept_until": at + timedelta(days=settings.FORMER_NAME_DAYS),
        },
    )


def _write(page: Page, at: datetime) -> None:
    username = page.username
    if not rules.is_good_username(username):
        raise BadUsername()
    is_new = page._state.adding
    try:
        with transaction.atomic():
            page.save(force_insert=is_new, update_fields=None if is_new else ["username"])
            # Only now: whoever was just giving this name up has let us pass by committing, old name kept and all.
            kept = FormerName.objects.filter(username=username, kept_until__gt=at)
            if kept.exclude(page__user=page.user_id).exists():
                raise UsernameTaken(username=username)
    except IntegrityError as error:
        if "username" not in str(error):
            raise
        raise UsernameTaken(username=username) from error


def _must_have_changes_left(member: User, settings: object, at: datetime) -> None:
    most, days = settings.USERNAME_CHANGES, settings.USERNAME_CHANGE_DAYS  # type: ignore[attr-defined]
    since = at - timedelta(days=days)
    changed = FormerName.objects.filter(page__user=member, created_at__gt=since).order_by("-created_at")
    moments = list(changed.values_list("created_at", flat=True)[:most])
    if len(moments) >= most:
        free_at = (moments[-1] if moments else at) + timedelta(days=days)
        raise UsernameChangesSpent(retry_after=ceil((free_at - at).total_seconds()), most=most, days=days)
