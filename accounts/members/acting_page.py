"""As which of their pages a member acts on the site: the one chosen last in this session, else their first one."""

from typing import Any

from django.http import HttpRequest

from accounts.members.models import Page
from accounts.members.operations import ClosedPage
from accounts.members.queries import own_pages

KEY = "acting_page"


def acting_page(request: HttpRequest) -> Page:
    """The page that the signed-in member of a request acts as.

    A page that was closed since, or is not theirs, is not acted as.
    """
    pages = open_pages(request)
    chosen = request.session.get(KEY)
    return next((page for page in pages if str(page.pk) == chosen), pages[0])


def open_pages(request: HttpRequest) -> list[Page]:
    """The pages that the signed-in member of a request may act as, the first one first. Read once per request."""
    found = getattr(request, "_open_pages", None)
    if found is None:
        member: Any = request.user
        found = keep_pages(request, own_pages(member))
    return found


def are_read(request: HttpRequest) -> bool:
    """Whether the pages of the signed-in member are known by now."""
    return hasattr(request, "_open_pages")


def keep_pages(request: HttpRequest, pages: list[Page]) -> list[Page]:
    """Remember all pages of the signed-in member, in the order of `own_pages`; those that may be acted as."""
    member: Any = request.user
    # Of an account that is being closed none may be open: its first page stands for it.
    found = [page for page in pages if page.is_active] or pages[:1]
    member._primary_page = found[0]
    request._open_pages = found  # type: ignore[attr-defined]
    return found


def act_as(request: HttpRequest, page: Page) -> None:
    """Act as a page of one's own from now on, in this session. May refuse with ClosedPage."""
    if not page.is_active:
        raise ClosedPage()
    request.session[KEY] = str(page.pk)
