"""A member's standing: suspended, banned, reopened, signed out, given a role. Done by staff, with a reason."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.members.models import User
from config.lib.refusals import NotAllowed, NotThere


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
