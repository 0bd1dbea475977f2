"""Coming back to an account that one has closed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit.operations import note
from accounts.departures.models import Departure
from accounts.members.models import User
from config.lib.refusals import Refused


class TooLateToReturn(Refused):
    """The days in which one may come back are over."""

    slug = "account-erased"
    status = 403
    title = _("Too late")
    sentence = _("The time in which this account could be opened again is over.")


@transaction.atomic
def come_back(*, member: User, at: datetime) -> User:
    """Open the account that its member closed; they have just proved who they are. Doing it twice is no error.

    A suspension that has not ended goes on. May refuse with TooLateToReturn.
    """
    # Erasing takes the same row first: whoever comes second finds what the other has done.
    present = User.objects.select_for_update(no_key=True).get(pk=member.pk)
    if present.is_active:
        return present
    departure = Departure.objects.filter(user=present, ended_at=None).first()
    is_over = present.erased_after is None or present.erased_after <= at
    if present.status != User.Status.CLOSED or departure is None or departure.begun_at is not None or is_over:
        raise TooLateToReturn()
    present.status = User.Status.ACTIVE
    if departure.status_before == User.Status.SUSPENDED:
        if present.status_until is None or present.status_until > at:
            present.status = User.Status.SUSPENDED
        else:
            present.status_reason, present.status_until = "", None
    present.erased_after = None
    present.save(update_fields=["status", "status_reason", "status_until", "erased_after"])
    departure.ended_at, departure.ending = at, Departure.Ending.RETURNED
    departure.save(update_fields=["ended_at", "ending"])
    note(action="return", entity_type="account", entity_id=present.pk, account=present, at=at)
    return present
