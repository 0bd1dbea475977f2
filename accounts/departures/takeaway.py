"""What this app adds to an export: who the member is, and what the site keeps of their coming and going."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db.models import F, QuerySet

from accounts.audit.models import AuditLog
from accounts.badges.models import UserActivity, UserBadge
from accounts.departures import parts
from accounts.invitations.models import Invitation
from accounts.members import rules as members
from accounts.members.models import Block, FormerName, Mute, MutedWord, Page, Profile, User
from accounts.notifications.models import Notification
from accounts.notifications.readable import as_readable
from accounts.signin.models import BrowserSession, TokenFamily
from accounts.wallets.models import WalletAddress

_LARGEST_PICTURE = 256


def register() -> None:
    """Add the parts; called from `ready()`."""
    for name, says, rows in (
        ("account", "Your account: number, e-mail, names, status.", _account),
        ("profile", "What you tell of yourself, and your preferences.", _profile),
        ("pages", "Your pages, and the names they had before.", _pages),
        ("boundaries", "Whom and what you do not want to meet.", _boundaries),
        ("sessions", "Browsers and programs that are signed in.", _sessions),
        ("notifications", "What you were told of on the site.", _notifications),
        ("badges", "Your badges.", _badges),
        ("activity", "The days on which you were here (UTC).", _activity),
        ("addresses", "Blockchain addresses that are yours.", _addresses),
        ("invitations", "Invitations that you have made.", _invitations),
        ("acts", "Signing in and other acts that are kept for safety.", _acts),
    ):
        parts.register(name, rows, says=says)
    parts.register_files(_pictures)


def values(rows: QuerySet[Any], *fields: str, **named: F) -> Iterator[dict[str, Any]]:
    """Rows as dicts of these fields, read in pieces."""
    return rows.values(*fields, **named).iterator(chunk_size=1000)


def _account(member: User) -> Iterable[dict[str, Any]]:
    yield {
        "id": member.pk,
        "phone_number": str(member.phone_number or ""),
        "phone_verified_at": member.phone_verified_at,
        "email": member.email,
        "email_verified": member.email_verified,
        "first_name": member.first_name,
        "last_name": member.last_name,
        "role": member.role,
        "status": member.status,
        "status_reason": member.status_reason,
        "status_until": member.status_until,
        "has_password": member.has_usable_password(),
        "second_factor_since": member.two_factor_confirmed_at,
        "is_early_adopter": member.is_early_adopter,
        "joined_at": member.created_at,
        "last_active_at": member.last_active_at,
        "posts_written": member.posts_created_count,
        "comments_written": member.comments_created_count,
    }


def _profile(member: User) -> Iterable[dict[str, Any]]:
    return values(
        Profile.objects.filter(user=member),
        "location",
        "website",
        "twitter",
        "discord",
        "telegram",
        "social_links",
        "experience",
        "interests",
        "preferences",
        "updated_at",
    )


def _pages(member: User) -> Iterable[dict[str, Any]]:
    for page in Page.objects.filter(user=member).order_by("created_at"):
        former = FormerName.objects.filter(page=page).values("username", "created_at", "kept_until")
        yield {
            "id": page.pk,
            "username": page.username,
            "display_name": page.display_name,
            "bio": page.bio,
            "is_primary": page.is_primary,
            "is_active": page.is_active,
            "followers": page.followers_count,
            "posts": page.posts_count,
            "coins_earned": page.total_tokens_earned,
            "created_at": page.created_at,
            "former_names": list(former),
        }


def _boundaries(member: User) -> Iterable[dict[str, Any]]:
    """Pages by the names that everybody sees; the accounts behind them stay unknown."""
    for kind, rows in (
        ("block", Block.objects.filter(user=member)),
        ("mute", Mute.objects.filter(user=member)),
    ):
        for row in values(rows, "created_at", username=F("page__username")):
            yield {"kind": kind, **row}
    for row in values(MutedWord.objects.filter(user=member), "word", "created_at"):
        yield {"kind": "muted word", **row}


def _sessions(member: User) -> Iterable[dict[str, Any]]:
    fields = ("created_at", "last_used_at", "expires_at", "ip_address", "user_agent")
    for row in values(BrowserSession.objects.filter(user=member), *fields):
        yield {"kind": "browser", **row}
    for row in values(TokenFamily.objects.filter(user=member), *fields, "ended_at"):
        yield {"kind": "program", **row}


def _notifications(member: User) -> Iterable[dict[str, Any]]:
    fields = ("type", "title", "message", "is_read", "read_at", "happened_at")
    rows = Notification.objects.filter(user=member).order_by("-id").iterator(chunk_size=1000)
    while some := as_readable(islice(rows, 1000)):
        for row in some:
            yield {name: getattr(row, name) for name in fields}


def _badges(member: User) -> Iterable[dict[str, Any]]:
    return values(UserBadge.objects.filter(user=member), "times", "reason", "created_at", badge_name=F("badge__name"))


def _activity(member: User) -> Iterable[dict[str, Any]]:
    return values(UserActivity.objects.filter(user=member).order_by("day"), "day")


def _addresses(member: User) -> Iterable[dict[str, Any]]:
    return values(
        WalletAddress.objects.filter(user=member), "address", "network", "is_primary", "is_verified", "verified_at"
    )


def _invitations(member: User) -> Iterable[dict[str, Any]]:
    """Without who came by them: that is theirs."""
    return values(
        Invitation.objects.filter(inviter=member),
        "code",
        "note",
        "uses_most",
        "uses_count",
        "gift",
        "created_at",
        "expires_at",
        "revoked_at",
    )


def _acts(member: User) -> Iterable[dict[str, Any]]:
    """What the member did; not the values, which may be another's where staff acted on someone."""
    rows = AuditLog.objects.filter(account=member.pk).order_by("-id")
    return values(rows, "action", "entity_type", "created_at", "ip_address", "user_agent")


def _pictures(member: User) -> Iterator[tuple[str, Callable[[], IO[bytes]]]]:
    for page in Page.objects.filter(user=member).exclude(avatar=""):
        name = members.picture_name(page.avatar, _LARGEST_PICTURE)
        yield f"{page.username}.webp", partial(default_storage.open, name)
