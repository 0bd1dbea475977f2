"""Writes about members: joining, names, profiles, the day's free comments."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.badges.operations import give_badge
from accounts.members import joining, rules
from accounts.members.models import Page, Profile, User
from accounts.wallets.models import Wallet
from config.lib.ids import uuid7_at
from config.lib.refusals import NotAllowed, NotThere, Refused
from config.lib.runtime import figures

EARLY_ADOPTER = "early-adopter"


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
            with transaction.atomic():
                return Page.objects.create(user=member, username=name, display_name=shown, created_at=at)
        except IntegrityError as error:
            if "username" not in str(error):
                raise
            if username is not None:
                raise UsernameTaken(username=username) from error
    raise UsernameTaken(username=name)


def edit_page(
    *, editor: User, page_id: UUID, at: datetime, guard: Callable[[Page], None] | None = None, **changes: Any
) -> Page:
    """Change one's own page: display_name, bio.

    May refuse with NotThere, NotAllowed, UnseenName, and with what `guard` refuses.

    The guard sees the page as it is now, locked, so that nobody changes it between the look and the change.
    """
    if not editor.may_act:
        raise NotAllowed()
    with transaction.atomic():
        page = Page.objects.select_for_update(no_key=True).filter(pk=page_id, user=editor).first()
        if page is None:
            raise NotThere()
        if guard is not None:
            guard(page)
        if "display_name" in changes:
            changes["display_name"] = rules.shown_name(changes["display_name"])
            if not changes["display_name"]:
                raise UnseenName()
        return _changed(page, changes, allowed={"display_name", "bio"})


def edit_account(*, member: User, at: datetime, guard: Callable[[User], None] | None = None, **changes: Any) -> None:
    """Change names, profile and primary page together, all or nothing; inside `preferences` only what is given.

    May refuse with NotAllowed, UnseenName, and with what `guard` refuses: it sees the account as it is now, locked.
    """
    if not member.may_act:
        raise NotAllowed()
    with transaction.atomic():
        present = User.objects.select_for_update(of=("self",), no_key=True).select_related("profile").get(pk=member.pk)
        if guard is not None:
            guard(present)
        if "preferences" in changes:
            changes["preferences"] = {**present.profile.preferences, **changes["preferences"]}
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
    if not member.may_act:
        raise NotAllowed()
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
        return _changed(profile, changes, allowed=allowed)


def edit_names(*, member: User, at: datetime, **changes: Any) -> User:
    """Change a member's given and family name, which others never see."""
    return _changed(member, changes, allowed={"first_name", "last_name"})


def _changed(row: Any, changes: dict[str, Any], *, allowed: set[str]) -> Any:
    unknown = set(changes) - allowed
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} cannot be changed here")
    for name, value in changes.items():
        setattr(row, name, value)
    if changes:
        row.save(update_fields=list(changes))
        row.refresh_from_db(fields=["updated_at"])
    return row


def use_free_comment(*, member: User, at: datetime, allowance: int) -> bool:
    """Use one of the day's free comments; whether there was one. One UPDATE, so two at once cannot share one."""
    today = at.astimezone(UTC).date()
    is_today = Q(daily_comments_reset_at=today)
    used = User.objects.filter(
        Q(pk=member.pk)
        & (is_today & Q(daily_comments_free_remaining__gt=0) | ~is_today | Q(daily_comments_reset_at=None)),
    )
    if allowance <= 0:
        return False
    return bool(
        used.update(
            daily_comments_free_remaining=Case(
                When(is_today, then=F("daily_comments_free_remaining") - 1), default=Value(allowance - 1)
            ),
            daily_comments_reset_at=today,
        )
    )


def suspend(*, staff: User, member: User, reason: str, at: datetime) -> None:
    """Keep a member from acting; they may still read. May refuse with NotAllowed, NotThere (banned and closed ones)."""
    _set_status(staff, member, reason, to=User.Status.SUSPENDED, among=[User.Status.ACTIVE])


def reopen(*, staff: User, member: User, reason: str, at: datetime) -> None:
    """Let a suspended or banned member act again; the latter only by an admin. May refuse with NotAllowed, NotThere."""
    among = [User.Status.SUSPENDED, *([User.Status.BANNED] if staff.is_superuser else [])]
    _set_status(staff, member, reason, to=User.Status.ACTIVE, among=among)


def ban(*, staff: User, member: User, reason: str, at: datetime) -> None:
    """Shut a member out and end every session at once; for admins. May refuse with NotAllowed, NotThere."""
    _must_be_admin(staff)
    with transaction.atomic():
        _set_status(staff, member, reason, to=User.Status.BANNED, among=[User.Status.ACTIVE, User.Status.SUSPENDED])
        User.objects.filter(pk=member.pk).update(token_version=F("token_version") + 1)


def sign_out_everywhere(*, staff: User, member: User, reason: str, at: datetime) -> None:
    """End all sessions and access tokens of a member. May refuse with NotAllowed."""
    _must_be_above(staff, member, reason)
    User.objects.filter(pk=member.pk).update(token_version=F("token_version") + 1)


def change_role(*, staff: User, member: User, role: str, reason: str, at: datetime) -> None:
    """Make a member a moderator, an admin, or neither; for admins, and not of oneself. Ends the member's sessions.

    May refuse with NotAllowed.
    """
    _must_be_admin(staff)
    if staff.pk == member.pk or role not in User.Role.values or not reason.strip():
        raise NotAllowed()
    User.objects.filter(pk=member.pk).update(role=role, token_version=F("token_version") + 1)


def _set_status(staff: User, member: User, reason: str, *, to: str, among: list[User.Status]) -> None:
    _must_be_above(staff, member, reason)
    if not User.objects.filter(pk=member.pk, status__in=among).update(status=to):
        raise NotThere()


def _must_be_admin(staff: User) -> None:
    if not staff.is_superuser:
        raise NotAllowed()


def _must_be_above(staff: User, member: User, reason: str) -> None:
    """Staff act on others, with a reason; moderators not on their like."""
    is_above = staff.is_superuser or (staff.is_staff and member.role == User.Role.USER)
    if not is_above or staff.pk == member.pk or not reason.strip():
        raise NotAllowed()
