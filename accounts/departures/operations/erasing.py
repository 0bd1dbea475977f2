"""Erasing: what names a member goes when their days to come back are over; rows of money stay, under a pseudonym.

Step by step, each a transaction that takes the member's row first: a worker that dies leaves the rest to the next run.
"""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Q

from accounts.audit.acting import acting
from accounts.audit.operations import note
from accounts.badges.models import UserBadge
from accounts.departures import files, forgetting, rules
from accounts.departures.forgetting import Leaving
from accounts.departures.messages import tell_time_runs_out
from accounts.departures.models import DataExport, Departure
from accounts.departures.operations.numbers import remember_number
from accounts.invitations.models import Application, Invitation
from accounts.members.models import Block, FormerName, Mute, MutedWord, Page, Profile, User
from accounts.members.operations import end_all_sessions
from accounts.members.operations.pictures import delete_files
from accounts.members.remembered import forget as forget_preferences
from accounts.notifications.models import Digest, Notification, OutgoingMessage, OwedNotice
from accounts.signin.models import EmailProof, PhoneVerification, RecoveryCode, SecondStep, TokenFamily
from accounts.wallets.models import AddressChallenge, WalletAddress
from config.lib.runtime import figures

log = logging.getLogger(__name__)

# What belongs to the member alone and names them, or tells how they lived here; nobody else needs it.
_THEIRS = (
    *((model, "user") for model in (Notification, OwedNotice, Digest, UserBadge, MutedWord, Mute)),
    *((model, "user") for model in (TokenFamily, SecondStep, RecoveryCode, EmailProof, PhoneVerification)),
    *((model, "user") for model in (WalletAddress, AddressChallenge, DataExport)),
    (Mute, "page__user"),
    (OwedNotice, "actor__user"),
    (FormerName, "page__user"),
)


def remind_closed(*, at: datetime) -> int:
    """Tell those whose account is erased in CLOSE_REMINDER_DAYS, once each; how many were told.

    Nobody is erased without having been told in time: a reminder that comes late, because nothing ran, moves the date.
    """
    told = 0
    while _remind_next(at=at):
        told += 1
    return told


@transaction.atomic
def _remind_next(*, at: datetime) -> bool:
    now = figures()
    ahead = timedelta(days=min(now.CLOSE_REMINDER_DAYS, now.CLOSE_DAYS))
    departure = (
        Departure.objects.filter(ended_at=None, reminded_at=None)
        .filter(user__status=User.Status.CLOSED, user__erased_after__lte=at + ahead)
        .select_for_update(skip_locked=True, no_key=True, of=("self", "user"))
        .select_related("user")
        .order_by("created_at")
        .first()
    )
    if departure is None:
        return False
    member = departure.user
    until = rules.erased_after_reminder(erased_after=member.erased_after or at, told_at=at, ahead=ahead)
    member.erased_after = until
    member.save(update_fields=["erased_after"])
    departure.reminded_at = at
    departure.save(update_fields=["reminded_at"])
    tell_time_runs_out(member, until=until, at=at)
    return True


def erase_due(*, clock: Callable[[], datetime]) -> int:
    """Erase the accounts whose days are over; how many. One that fails is logged and waits for the next run."""
    erased = 0
    due = Departure.objects.filter(
        ended_at=None, reminded_at__isnull=False, user__status=User.Status.CLOSED, user__erased_after__lte=clock()
    )
    for departure_id in due.order_by("created_at").values_list("pk", flat=True)[:1000]:
        try:
            erased += _erase(departure_id, clock=clock)
        except Exception:
            log.exception("departure %s could not be completed", departure_id)
    return erased


def _erase(departure_id: UUID, *, clock: Callable[[], datetime]) -> bool:
    for step in forgetting.steps():
        while (more := _take(departure_id, step, at=clock())) is not False:
            if more is None:
                return False  # another worker is at it, or the member was quicker
    # The audit keeps that names and number went, and not which.
    with acting(erasing=True):
        return _take(departure_id, _forget_person, at=clock()) is not None


@transaction.atomic
def _take(departure_id: UUID, step: forgetting.Step, *, at: datetime) -> bool | None:
    """Take one step, the member's row held; whether more of it is left, or None when it is not ours to take.

    Its first one shuts the way back: `come_back` waits for the row, and then finds that erasing has begun.
    """
    departure = (
        Departure.objects.filter(pk=departure_id, ended_at=None)
        .filter(user__status=User.Status.CLOSED, user__erased_after__lte=at)
        .select_for_update(skip_locked=True, no_key=True, of=("self", "user"))
        .select_related("user")
        .first()
    )
    if departure is None:
        return None
    if departure.begun_at is None:
        departure.begun_at = at
        departure.save(update_fields=["begun_at"])
    return step(Leaving(departure.user, departure.removes_writing, at))


def _forget_person(leaving: Leaving) -> bool:
    """The last step: number, address, names, pictures, and all that was the member's alone."""
    member, at = leaving.member, leaving.at
    number, email = str(member.phone_number or ""), member.email
    if number:
        _remember_number(member, number, at)
    end_all_sessions(member, at, ending=TokenFamily.Ending.MEMBER)
    exports = list(DataExport.objects.filter(user=member).exclude(file="").values_list("file", flat=True))
    for model, owner in _THEIRS:
        model.objects.filter(**{owner: member}).delete()
    Block.objects.filter(Q(user=member) | Q(blocked=member)).delete()
    if number:
        PhoneVerification.objects.filter(phone_number=number).delete()
        Application.objects.filter(phone_number=number).delete()
    OutgoingMessage.objects.filter(recipient__in=[reached for reached in (number, email) if reached]).delete()
    Invitation.objects.filter(inviter=member, revoked_at=None).update(revoked_at=at)
    Invitation.objects.filter(inviter=member).update(note="")
    _forget_pages(member)
    _forget_profile(member)
    _forget_account(member, at)
    note(action="erase", entity_type="account", entity_id=member.pk, at=at)
    Departure.objects.filter(user=member, ended_at=None).update(ended_at=at, ending=Departure.Ending.ERASED)
    transaction.on_commit(partial(_delete_files, exports), robust=True)
    transaction.on_commit(partial(forget_preferences, member.pk), robust=True)
    return False


def _delete_files(names: list[str]) -> None:
    for name in names:
        files.delete(name)


def _remember_number(member: User, number: str, at: datetime) -> None:
    departure = Departure.objects.get(user=member, ended_at=None)
    was_suspended = departure.status_before == User.Status.SUSPENDED
    is_over = member.status_until is not None and member.status_until <= at
    remember_number(
        number,
        at=at,
        was_suspended=was_suspended and not is_over,
        suspended_until=member.status_until if was_suspended and not is_over else None,
    )


def _forget_pages(member: User) -> None:
    pages = list(Page.objects.select_for_update(no_key=True).filter(user=member).order_by("pk"))
    delete_files(page.avatar for page in pages)
    for page in pages:
        page.username = rules.pseudonym(secrets.token_hex(6))
        page.display_name, page.bio, page.avatar = page.username, "", ""
        page.save(update_fields=["username", "display_name", "bio", "avatar"])
    # Django's own log of the admin keeps names as they were.
    LogEntry.objects.filter(object_id__in=[str(page.pk) for page in pages]).update(object_repr="")
    LogEntry.objects.filter(object_id=str(member.pk)).update(object_repr="")


def _forget_profile(member: User) -> None:
    Profile.objects.filter(user=member).update(
        location="",
        website="",
        twitter="",
        discord="",
        telegram="",
        social_links={},
        experience="",
        interests=[],
        preferences={},
    )


def _forget_account(member: User, at: datetime) -> None:
    member.phone_number = member.phone_verified_at = member.number_freed_at = None
    member.email, member.email_verified = None, False
    member.first_name = member.last_name = member.status_reason = member.two_factor_secret = ""
    member.two_factor_confirmed_at = member.status_until = None
    member.password_changed_at = member.coins_held_until = member.last_login = None
    member.two_factor_step = 0
    member.set_unusable_password()
    member.role, member.status, member.erased_at = User.Role.USER, User.Status.ERASED, at
    member.token_version += 1
    member.save()
