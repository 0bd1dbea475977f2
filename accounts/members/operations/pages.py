"""A member's pages: opened, edited, renamed, closed; which one is the first."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.members import rules
from accounts.members.models import Page, User
from accounts.members.operations.names import UnseenName, new_page, rename
from accounts.members.operations.standing import must_act
from config.lib.ids import uuid7_at
from config.lib.refusals import NotThere, Refused, spoken_by_database
from config.lib.runtime import figures


class TooManyPages(Refused):
    """PAGES_PER_ACCOUNT, closed ones included: a closed page keeps its name, and names are not to be hoarded."""

    slug = "too-many-pages"
    title = _("No room for another page")
    sentence = _("You can have %(most)s pages. A closed one counts too; you can open it again.")


class PrimaryPage(Refused):
    """The first page stays open: the account is known by it."""

    slug = "primary-page"
    title = _("Your first page")
    sentence = _("This is your first page. Make another one the first before you close it.")


class ClosedPage(Refused):
    """What is closed cannot be acted as."""

    slug = "closed-page"
    title = _("This page is closed")
    sentence = _("This page is closed. Open it again first.")


def open_page(*, member: User, username: str, display_name: str, at: datetime, bio: str = "") -> Page:
    """Open a further page of a member; it shares their wallet.

    May refuse with NotAllowed, TooManyPages, BadUsername, UsernameTaken, UnseenName.
    """
    with _own_pages(member):
        most = figures().PAGES_PER_ACCOUNT
        if Page.objects.filter(user=member).count() >= most:
            raise TooManyPages(most=most)
        page = Page(
            id=uuid7_at(at),
            user=member,
            username=username,
            display_name=_seen(display_name),
            bio=bio,
            is_primary=False,
            created_at=at,
        )
        return new_page(page, at=at)


def edit_page(
    *, editor: User, page_id: UUID, at: datetime, guard: Callable[[Page], None] | None = None, **changes: Any
) -> Page:
    """Change one's own page: display_name, bio, username.

    May refuse with NotThere, NotAllowed, UnseenName, BadUsername, UsernameTaken, UsernameChangesSpent, and with what
    `guard` refuses. The guard sees the page as it is now, locked, so that nobody changes it between the look and the
    change.
    """
    with _own_pages(editor):
        page = _page_of(editor, page_id)
        if guard is not None:
            guard(page)
        if "display_name" in changes:
            changes["display_name"] = _seen(changes["display_name"])
        username = changes.pop("username", None)
        if username is not None:
            rename(page, username, at=at)
        return changed(page, changes, allowed={"display_name", "bio"})


def change_username(*, editor: User, page_id: UUID, username: str, at: datetime) -> Page:
    """Give one's own page another name; the old one leads to it for FORMER_NAME_DAYS and nobody else may take it.

    May refuse with NotThere, NotAllowed, BadUsername, UsernameTaken, UsernameChangesSpent.
    """
    return edit_page(editor=editor, page_id=page_id, at=at, username=username)


def close_page(*, member: User, page_id: UUID, at: datetime) -> Page:
    """Show a page and what was written as it no longer; it keeps its name. Done already, it is no error.

    May refuse with NotThere, NotAllowed, PrimaryPage.
    """
    with _own_pages(member):
        page = _page_of(member, page_id)
        if page.is_primary:
            raise PrimaryPage()
        return changed(page, {"is_active": False}, allowed={"is_active"})


def reopen_page(*, member: User, page_id: UUID, at: datetime) -> Page:
    """Show a closed page again. May refuse with NotThere, NotAllowed."""
    with _own_pages(member):
        return changed(_page_of(member, page_id), {"is_active": True}, allowed={"is_active"})


def make_primary(*, member: User, page_id: UUID, at: datetime) -> Page:
    """Make a page the one its member acts as by default. May refuse with NotThere, NotAllowed, ClosedPage."""
    with _own_pages(member):
        page = _page_of(member, page_id)
        if not page.is_active:
            raise ClosedPage()
        if not page.is_primary:
            # One after the other: at no moment may there be two.
            Page.objects.filter(user=member, is_primary=True).update(is_primary=False)
            changed(page, {"is_primary": True}, allowed={"is_primary"})
    member._primary_page = page
    return page


@contextmanager
def _own_pages(member: User) -> Iterator[None]:
    """A transaction in which a member's pages change one after the other, so that what is counted stays true."""
    must_act(member)
    with spoken_by_database(), transaction.atomic():
        User.objects.select_for_update(no_key=True).values_list("pk").get(pk=member.pk)
        yield


def _page_of(member: User, page_id: UUID) -> Page:
    page = Page.objects.select_for_update(no_key=True).filter(pk=page_id, user=member).first()
    if page is None:
        raise NotThere()
    page.user = member
    return page


def _seen(name: str) -> str:
    shown = rules.shown_name(name)
    if not shown:
        raise UnseenName()
    return shown


def changed(row: Any, changes: dict[str, Any], *, allowed: set[str]) -> Any:
    """Write changes to a row, which may only be of the columns allowed here."""
    unknown = set(changes) - allowed
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} cannot be changed here")
    for name, value in changes.items():
        setattr(row, name, value)
    if changes:
        row.save(update_fields=list(changes))
        row.refresh_from_db(fields=["updated_at"])
    return row
