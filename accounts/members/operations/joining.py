"""Joining: account, page, profile, wallet and welcome grant, all or nothing."""

from datetime import datetime

from django.db import connection, transaction

from accounts.badges.operations import give_badge
from accounts.members import joining, rules
from accounts.members.models import Page, Profile, User
from accounts.members.operations.names import BadUsername, UsernameTaken, new_page
from accounts.wallets.models import Wallet
from config.lib.ids import uuid7_at
from config.lib.runtime import figures

EARLY_ADOPTER = "early-adopter"


def join(
    *,
    phone_number: str,
    at: datetime,
    username: str | None = None,
    display_name: str = "",
    is_early_adopter: bool | None = None,
) -> User:
    """Make a member: account, page, profile, wallet and welcome grant, all or nothing.

    The number must have been proved. Without a username a free one is made. May refuse with BadUsername, UsernameTaken.
    Two joining with one number at once: the second finds a member there (IntegrityError on the number). Whoever makes
    many members in one long transaction counts the early ones itself, so that nobody else who joins has to wait for it.
    """
    if username is not None and not rules.is_good_username(username):
        raise BadUsername()
    with transaction.atomic():
        member = User(
            id=uuid7_at(at),
            phone_number=phone_number,
            phone_verified_at=at,
            created_at=at,
            last_active_at=None,
            is_early_adopter=_is_early() if is_early_adopter is None else is_early_adopter,
        )
        member.set_unusable_password()
        member.save(force_insert=True)
        page = _first_page(member, username, display_name, at)
        Profile.objects.create(user=member, created_at=at)
        wallet = Wallet.objects.create(user=member, created_at=at)
        if member.is_early_adopter:
            give_badge(member=member, slug=EARLY_ADOPTER, at=at)
        joining.everything_else(member=member, wallet=wallet, at=at)
    member._primary_page = page
    return member


def _is_early() -> bool:
    """Whether there is still room among the early adopters. Joins count one after the other, so the limit is exact."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('accounts.join', 0))")
    limit = figures().EARLY_ADOPTER_LIMIT
    return User.objects.order_by().values("pk")[:limit].count() < limit


def _first_page(member: User, username: str | None, display_name: str, at: datetime) -> Page:
    for _attempt in range(20):
        name = username or rules.made_up_username()
        shown = rules.shown_name(display_name) or (
            name if username else name.rsplit("_", 1)[0].replace("_", " ").title()
        )
        try:
            return new_page(Page(user=member, username=name, display_name=shown, created_at=at), at=at)
        except UsernameTaken:
            if username is not None:
                raise
    raise UsernameTaken(username=name)
