"""As which of their pages a member acts on the site: the one chosen last in this session, else their first one."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from accounts.members.models import Page, User
from accounts.members.operations import ClosedPage

KEY = "acting_page"


def acting_page(request: HttpRequest) -> Page:
    """The page that the signed-in member of a request acts as. Read once per request.

    A page that was closed since, or is not theirs, is not acted as.
    """
    found = getattr(request, "_acting_page", None)
    if found is None:
        member: Any = request.user
        found = _chosen(request, member) or member.primary_page
        request._acting_page = found  # type: ignore[attr-defined]
    return found


def act_as(request: HttpRequest, page: Page) -> None:
    """Act as a page of one's own from now on, in this session. May refuse with ClosedPage."""
    if not page.is_active:
        raise ClosedPage()
    request.session[KEY] = str(page.pk)
    request._acting_page = page  # type: ignore[attr-defined]


def _chosen(request: HttpRequest, member: User) -> Page | None:
    try:
        chosen = UUID(request.session.get(KEY, ""))
    except ValueError:
        return None
    page = Page.objects.filter(pk=chosen, user=member, is_active=True).first()
    if page is not None and page.is_primary:
        member._primary_page = page
    return page
