"""Applications: made by whoever has proved a number, decided by staff."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.invitations import rules
from accounts.invitations.models import Application
from accounts.invitations.operations.admitting import ApplicationWaiting, refusal_to_applicant
from accounts.members.models import User
from accounts.members.operations import BadUsername
from accounts.members.rules import is_good_username
from accounts.notifications.operations import Channel, owe_message
from config.lib.ids import uuid7_at
from config.lib.refusals import NotAllowed, NotThere, Refused
from config.lib.runtime import figures

Status = Application.Status

DECIDED_KEPT_FOR = timedelta(days=90)


class NothingToApplyFor(Refused):
    """Sign-up is in another mode, or the number has an account."""

    slug = "nothing-to-apply-for"
    title = gettext_lazy("Nothing to apply for")
    sentence = gettext_lazy("One does not join by application at present, or this number has an account already.")


def apply(
    *, phone_number: str, words: str, at: datetime, username: str | None = None, display_name: str = ""
) -> Application:
    """Ask to join, with a number that was proved. A second press of the button finds the first application.

    May refuse with NothingToApplyFor, BadUsername, ApplicationDeclined (too early to ask again).
    """
    if figures().SIGN_UP_MODE != rules.APPLICATION or User.objects.filter(phone_number=phone_number).exists():
        raise NothingToApplyFor()
    if username and not is_good_username(username):
        raise BadUsername()
    against = refusal_to_applicant(phone_number, at)
    if against is not None and not isinstance(against, ApplicationWaiting):
        raise against
    waiting = Application.objects.filter(phone_number=phone_number, status=Status.WAITING)
    try:
        with transaction.atomic():
            return waiting.first() or Application.objects.create(
                id=uuid7_at(at),
                phone_number=phone_number,
                username=username or "",
                display_name=display_name,
                words=words,
                created_at=at,
            )
    except IntegrityError:
        return waiting.get()  # the other press was faster


def accept(*, staff: User, application: Application, reason: str, at: datetime) -> None:
    """Let an applicant join at their next sign-in, and tell them. May refuse with NotAllowed, NotThere (decided)."""
    said = _("Welcome to %(site)s: your application was accepted. Sign in with this number to begin.")
    _decide(staff, application, Status.ACCEPTED, reason, said % {"site": settings.SITE_NAME}, at)


def decline(*, staff: User, application: Application, reason: str, at: datetime) -> None:
    """Decline, and tell the applicant why. May refuse with NotAllowed, NotThere (decided already)."""
    said = _("%(site)s: your application was declined: %(reason)s")
    _decide(staff, application, Status.DECLINED, reason, said % {"site": settings.SITE_NAME, "reason": reason}, at)


def _decide(staff: User, application: Application, status: Status, reason: str, said: str, at: datetime) -> None:
    if not staff.is_staff or not reason.strip():
        raise NotAllowed()
    with transaction.atomic():
        decided: dict[str, Any] = {"status": status, "decided_by": staff, "decided_at": at, "reason": reason.strip()}
        # Of two who decide at once, the second finds it decided.
        if not Application.objects.filter(pk=application.pk, status=Status.WAITING).update(**decided):
            raise NotThere()
        owe_message(channel=Channel.SMS, recipient=str(application.phone_number), body=said, at=at)


def forget_decided(*, at: datetime) -> int:
    """Delete applications 90 days after they were decided: an acceptance is good for as long. How many."""
    long_ago = at - DECIDED_KEPT_FOR
    deleted, _per_model = Application.objects.exclude(status=Status.WAITING).filter(decided_at__lt=long_ago).delete()
    return deleted
