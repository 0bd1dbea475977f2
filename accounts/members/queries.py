"""Reads about members."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from django.db.models import Exists, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.members import preferences, rules
from accounts.members.models import Block, FormerName, Mute, Page, Profile, User
from accounts.wallets.models import WalletAddress
from config.lib.refusals import NotThere

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request


class Renamed(NotThere):
    """A page has another name now; at its own address the old one still leads to it."""

    slug = "renamed"
    title = _("Another name")
    sentence = _("This page is called @%(username)s now.")

    def leads_to(self, path: str) -> str | None:
        was, name = self.facts["was"], self.facts["username"]
        for sign in ("@", "/pages/"):
            if f"{sign}{was}" in path:
                return path.replace(f"{sign}{was}", f"{sign}{name}", 1)
        return None


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
    """A visible page with its account and profile, by its name regardless of case.

    May refuse with NotThere, or with Renamed when the name is an old one of a page.
    """
    name = username.lower()
    # What no username can be (U+0000 above all) is not even asked of the database.
    is_name = rules.USERNAME.fullmatch(name) is not None
    pages = Page.objects.visible()
    page = pages.select_related("user__profile", "user__wallet").filter(username=name).first() if is_name else None
    if page is None:
        present = FormerName.objects.filter(username=name, kept_until__gt=timezone.now(), page__in=pages).values_list(
            "page__username", flat=True
        )
        renamed = present.first() if is_name else None
        if renamed is not None:
            raise Renamed(was=username, username=renamed)
        raise NotThere()
    return page


def named_page(username: str) -> Page | None:
    """The page of a name regardless of case, shown or not, with its account; for what one has had to do with it."""
    name = username.lower()
    if rules.USERNAME.fullmatch(name) is None:
        return None
    return Page.objects.select_related("user").filter(username=name).first()


def own_page(member: User, username: str) -> Page:
    """A page of the member's own, closed ones included. May refuse with NotThere."""
    name = username.lower()
    page = None
    if rules.USERNAME.fullmatch(name) is not None:
        page = Page.objects.filter(user=member, username=name).first()
    if page is None:
        raise NotThere()
    page.user = member
    return page


def own_pages(member: User) -> list[Page]:
    """All pages of a member, the first one first, closed ones last. One query."""
    pages = list(pages_of(member))
    for page in pages:
        page.user = member
    return pages


def pages_of(member: User) -> QuerySet[Page]:
    """The rows of `own_pages`, for those who ask for more in the same query."""
    return Page.objects.filter(user=member).order_by("-is_primary", "-is_active", "id")


def hides_coins(page: Page, reader: Any) -> bool:
    """Whether what a page has earned is not for this reader's eyes: its member prefers so. It is one's own to see."""
    if reader.is_authenticated and page.user_id == reader.pk:
        return False
    return preferences.complete(page.user.profile.preferences)["hide_balance"]


def listed_in_tables() -> QuerySet[Page]:
    """Visible pages whose members let themselves be ranked by coins: what every leaderboard starts from."""
    stays_out = [{"on_leaderboards": False}, {"hide_balance": True}]
    unlisted = [Q(user__profile__preferences__contains=choice) for choice in stays_out]
    return Page.objects.visible().exclude(unlisted[0] | unlisted[1])


@dataclass(frozen=True)
class Relation:
    """How a reader stands to a page: whom they keep away, and whether a block of either stands between the two."""

    has_blocked: bool = False
    is_apart: bool = False
    has_muted: bool = False


def relation_to(page: Page, reader: Any) -> Relation:
    """How a reader stands to a page. One query; none for visitors and on one's own page."""
    if not reader.is_authenticated or page.user_id == reader.pk:
        return Relation()
    blocks = Block.objects.filter(user=reader.pk, blocked=page.user_id)
    blocked_by = Block.objects.filter(user=page.user_id, blocked=reader.pk)
    mutes = Mute.objects.filter(user=reader.pk, page=page.pk)
    has_blocked, is_blocked, has_muted = (
        User.objects.filter(pk=reader.pk).values_list(Exists(blocks), Exists(blocked_by), Exists(mutes)).get()
    )
    return Relation(has_blocked=has_blocked, is_apart=has_blocked or is_blocked, has_muted=has_muted)


def profile_links(profile: Profile) -> list[tuple[str, str]]:
    """The links of a profile: (name, address)."""
    found = [(_("Website"), profile.website)] if profile.website else []
    if profile.twitter:
        found.append((_("Twitter"), f"https://twitter.com/{quote(profile.twitter, safe='')}"))
    if profile.telegram:
        found.append((_("Telegram"), f"https://t.me/{quote(profile.telegram, safe='')}"))
    return [(str(name), address) for name, address in [*found, *profile.social_links.items()]]


def addresses_shown_on(page: Page) -> list[WalletAddress]:
    """The verified addresses that a member shows on their first page."""
    if not (page.is_primary and preferences.complete(page.user.profile.preferences)["show_addresses"]):
        return []
    return list(WalletAddress.objects.filter(user=page.user_id, is_verified=True).order_by("network", "-is_primary"))


def first_joined_at() -> datetime | None:
    """When the community began: its first member's sign-up."""
    return User.objects.order_by("created_at").values_list("created_at", flat=True).first()


def account_of(member: User) -> User:
    """A member's account with profile and pages, read anew in two queries."""
    found = User.objects.select_related("profile").prefetch_related("pages").get(pk=member.pk)
    found._primary_page = next(page for page in found.pages.all() if page.is_primary)
    return found
