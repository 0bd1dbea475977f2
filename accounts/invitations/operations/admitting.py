"""Letting someone in whose number is proved and has no account yet: as the mode of sign-up has it."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.invitations import gifts, rules
from accounts.invitations.models import Application, Invitation, InvitationUse
from accounts.members.models import User
from accounts.members.operations import UsernameTaken, join
from config.lib.ids import uuid7_at
from config.lib.refusals import Busy, Refused
from config.lib.runtime import figures

log = logging.getLogger(__name__)


class SignUpClosed(Refused):
    """The community takes nobody in at present."""

    slug = "sign-up-closed"
    status = 403
    title = _("Closed to new members")
    sentence = _("The number is proved, but it has no account, and nobody new can join at present.")


class InvitationNeeded(Refused):
    """One joins by invitation, and there was none."""

    slug = "invitation-needed"
    status = 403
    title = _("By invitation")
    sentence = _("The number is proved, but it has no account, and one joins by invitation. Ask a member for a link.")


class InvitationNoGood(Refused):
    """The invitation was used up, is too old, was taken back; or there never was one."""

    slug = "invitation-no-good"
    title = _("Invitation no longer good")
    sentence = _("This invitation is no longer good: it was used, taken back, or is too old. Ask for a new one.")
    field = "invitation"


class GiftNotThere(InvitationNoGood):
    """The inviter's wallet cannot pay the gift now. It does not say why: that is the inviter's own matter."""

    sentence = _("The coins that come with this invitation are not there at present. Ask whoever invited you.")


class ApplicationNeeded(Refused):
    """One applies, and staff decide."""

    slug = "application-needed"
    status = 403
    title = _("By application")
    sentence = _("The number is proved, but it has no account. Write a few words about yourself to apply for one.")


class ApplicationWaiting(Refused):
    """Staff have not decided yet."""

    slug = "application-waiting"
    status = 403
    title = _("Waiting for an answer")
    sentence = _("Your application waits for an answer. We will write to this number.")


class ApplicationDeclined(Refused):
    """Staff have declined, and it is too early to ask again."""

    slug = "application-declined"
    status = 403
    title = _("Declined")
    sentence = _("Your application was declined: %(reason)s You can apply again in %(days)s days.")


def admit(
    *, phone_number: str, username: str | None, display_name: str, invitation: str | None = None, at: datetime
) -> User:
    """Make a member of whoever has proved a number, as the mode of sign-up allows it.

    A good invitation opens the door in every mode but `closed`, and its gift is paid in the same transaction. Staff's
    acceptance opens it in every mode. May refuse with BadUsername, UsernameTaken, SignUpClosed, InvitationNeeded,
    InvitationNoGood, GiftNotThere, ApplicationNeeded, ApplicationWaiting, ApplicationDeclined.
    """
    mode = figures().SIGN_UP_MODE
    with transaction.atomic():
        accepted = Application.objects.accepted().filter(phone_number=phone_number).select_for_update().first()
        if accepted is not None:
            return _join_as_accepted(accepted, username, display_name, at)
        if mode == rules.CLOSED:
            raise SignUpClosed()
        if invitation:
            return _join_by(invitation, phone_number, username, display_name, at)
        if mode == rules.INVITATION:
            raise InvitationNeeded()
        if mode == rules.APPLICATION:
            raise refusal_to_applicant(phone_number, at) or ApplicationNeeded()
        return join(phone_number=phone_number, username=username, display_name=display_name, at=at)


def refusal_to_applicant(phone_number: str, at: datetime) -> Refused | None:
    """What stands against an application of this number now, if anything does."""
    last = Application.objects.filter(phone_number=phone_number).order_by("-id").first()
    if last is None or last.status == Application.Status.JOINED:
        return None
    if last.status == Application.Status.WAITING:
        return ApplicationWaiting()
    if last.status == Application.Status.DECLINED and last.decided_at is not None:
        again_at = last.decided_at + timedelta(days=figures().APPLICATION_AGAIN_DAYS)
        if at < again_at:
            return ApplicationDeclined(reason=last.reason, days=-(-(again_at - at) // timedelta(days=1)))
    return None


def _join_as_accepted(accepted: Application, username: str | None, display_name: str, at: datetime) -> User:
    """Make a member under the names given now, else those applied for, else made-up ones."""
    shown = display_name or accepted.display_name
    number = str(accepted.phone_number)
    try:
        with transaction.atomic():
            name = username or accepted.username or None
            member = join(phone_number=number, username=name, display_name=shown, at=at)
    except UsernameTaken:
        if username is not None:
            raise
        member = join(phone_number=number, username=None, display_name=shown, at=at)
    Application.objects.filter(pk=accepted.pk).update(status=Application.Status.JOINED)
    return member


def _join_by(code: str, phone_number: str, username: str | None, display_name: str, at: datetime) -> User:
    invitation = Invitation.objects.good(at).filter(code=code).first() if rules.is_code(code) else None
    if invitation is None or not _use(invitation, at):
        raise InvitationNoGood()
    member = join(phone_number=phone_number, username=username, display_name=display_name, at=at)
    InvitationUse.objects.create(id=uuid7_at(at), invitation=invitation, user=member, created_at=at)
    if invitation.gift is not None:
        _pay(invitation, member, at)
    return member


def _use(invitation: Invitation, at: datetime) -> bool:
    """Count one use: one conditional UPDATE, so that of many at once no more pass than uses are left.

    It comes first in the transaction, before the lock of joins, so that all wait in one order.
    """
    return bool(Invitation.objects.usable(at).filter(pk=invitation.pk).update(uses_count=F("uses_count") + 1))


def _pay(invitation: Invitation, member: User, at: datetime) -> None:
    try:
        for pay in gifts.payers():
            pay(
                inviter=invitation.inviter,
                member=member,
                coins=invitation.gift,
                invitation_id=invitation.pk,
                at=at,
            )
    except Busy:
        raise
    except Refused as refusal:
        log.info("the gift of invitation %s was not paid: %s", invitation.pk, refusal.slug)
        raise GiftNotThere() from refusal
