"""Reads about members."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from accounts.members import rules
from accounts.members.models import Page, User
from config.lib.refusals import NotThere

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request


def member_of(request: "HttpRequest | Request") -> User:
    """The signed-in member of a request; for views that let nobody else in."""
    return cast(User, request.user)


def free_comments_left(*, member: User, at: datetime, allowance: int) -> int:
    """How many comments the member may still write for nothing on this UTC day."""
    return rules.free_comments_left(
        remaining=member.daily_comments_free_remaining,
        counted_on=member.daily_comments_reset_at,
        today=at.astimezone(UTC).date(),
        allowance=allowance,
    )


def page_by_username(username: str) -> Page:
    """A visible page by its name, regardless of case. May refuse with NotThere."""
    name = username.lower()
    # What no username can be (U+0000 above all) is not even asked of the database.
    is_name = rules.USERNAME.fullmatch(name) is not None
    page = Page.objects.visible().select_related("user").filter(username=name).first() if is_name else None
    if page is None:
        raise NotThere()
    return page


def first_joined_at() -> datetime | None:
    """When the community began: its first member's sign-up."""
    return User.objects.order_by("created_at").values_list("created_at", flat=True).first()


def account_of(member: User) -> User:
    """A member's account with profile and pages, read anew in two queries."""
    found = User.objects.select_related("profile").prefetch_related("pages").get(pk=member.pk)
    found._primary_page = next(page for page in found.pages.all() if page.is_primary)
    return found
