"""What members tell of themselves, and how they want to be treated."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.members import preferences
from accounts.members.models import Profile, User
from accounts.members.operations.pages import changed, edit_page
from accounts.members.operations.standing import must_act
from accounts.members.remembered import forget


def edit_account(*, member: User, at: datetime, guard: Callable[[User], None] | None = None, **changes: Any) -> None:
    """Change names, profile and primary page together, all or nothing; inside `preferences` only what is given.

    May refuse with NotAllowed, UnseenName, and with what `guard` refuses: it sees the account as it is now, locked.
    Preferences alone are also the suspended member's to change.
    """
    if set(changes) != {"preferences"}:
        must_act(member)
    with transaction.atomic():
        present = User.objects.select_for_update(of=("self",), no_key=True).select_related("profile").get(pk=member.pk)
        if guard is not None:
            guard(present)
        chosen = changes.pop("preferences", None)
        if chosen:
            set_preferences(member=present, at=at, **chosen)
        names = {name: changes.pop(name) for name in ("first_name", "last_name") if name in changes}
        page = {name: changes.pop(name) for name in ("display_name", "bio") if name in changes}
        if names:
            edit_names(member=present, at=at, **names)
        if page:
            edit_page(editor=present, page_id=present.primary_page.pk, at=at, **page)
        if changes:
            edit_profile(member=present, at=at, **changes)


def edit_profile(*, member: User, at: datetime, **changes: Any) -> Profile:
    """Change what a member tells of themselves. May refuse with NotAllowed."""
    must_act(member)
    allowed = {
        "location",
        "website",
        "twitter",
        "discord",
        "telegram",
        "social_links",
        "experience",
        "interests",
        "preferences",
    }
    with transaction.atomic():
        profile = Profile.objects.select_for_update(no_key=True).get(user=member)
        if "preferences" in changes:
            transaction.on_commit(lambda: forget(member.pk))
        return changed(profile, changes, allowed=allowed)


def set_preferences(*, member: User, at: datetime, **changes: Any) -> dict[str, Any]:
    """Change preferences: only those given, inside `notices` by kind and channel. All preferences after it.

    Also for suspended members: whom one hears from is not acting. The doors have looked at the values
    (`preferences.fault_of`); what is none is a ValueError here.
    """
    _must_be_good(changes)
    with transaction.atomic():
        profile = Profile.objects.select_for_update(no_key=True).get(user=member)
        stored = preferences.merged(profile.preferences, changes)
        transaction.on_commit(lambda: forget(member.pk))
        changed(profile, {"preferences": stored}, allowed={"preferences"})
    return preferences.complete(stored)


def _must_be_good(changes: dict[str, Any]) -> None:
    languages = tuple(code for code, _name in settings.LANGUAGES)
    for name, value in changes.items():
        if preferences.fault_of(name, value, languages=languages):
            raise ValueError(f"{value!r} cannot be the preference {name}")


def edit_names(*, member: User, at: datetime, **changes: Any) -> User:
    """Change a member's given and family name, which others never see."""
    return changed(member, changes, allowed={"first_name", "last_name"})
