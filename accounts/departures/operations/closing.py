"""Closing one's own account."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit.operations import note
from accounts.departures import forgetting
from accounts.departures.messages import tell_of_closing
from accounts.departures.models import Departure
from accounts.members.models import User
from accounts.members.operations import end_all_sessions
from accounts.signin.models import TokenFamily
from config.lib.refusals import NotAllowed, Refused
from config.lib.runtime import figures


class LastAdmin(Refused):
    """Nobody would be left who can give roles."""

    slug = "last-admin"
    status = 409
    title = _("The last admin")
    sentence = _("You are the only admin. Make someone else an admin first, then close your account.")


@transaction.atomic
def close_account(*, member: User, removes_writing: bool, at: datetime) -> datetime:
    """Close one's own account; until when one may come back. A suspended member may, too.

    Pages are hidden and every session ends at once; erasing waits for CLOSE_DAYS. May refuse with NotAllowed,
    LastAdmin.
    """
    if member.role == User.Role.ADMIN:
        # All admins in one order: of the last two who leave at once, the second one finds herself alone.
        others = User.objects.select_for_update(no_key=True).filter(role=User.Role.ADMIN, status=User.Status.ACTIVE)
        if not [admin for admin in others.order_by("pk") if admin.pk != member.pk]:
            raise LastAdmin()
    present = User.objects.select_for_update(no_key=True).get(pk=member.pk)
    if not present.is_active:
        raise NotAllowed()
    until = at + timedelta(days=figures().CLOSE_DAYS)
    Departure.objects.create(
        user=present, status_before=present.status, removes_writing=removes_writing, created_at=at, updated_at=at
    )
    present.status = User.Status.CLOSED
    present.erased_after = until
    present.token_version += 1
    present.save(update_fields=["status", "erased_after", "token_version"])
    end_all_sessions(present, at, ending=TokenFamily.Ending.MEMBER)
    forgetting.close(present, at)
    facts = {"until": until.isoformat(), "removes_writing": removes_writing}
    note(action="close-account", entity_type="account", entity_id=present.pk, account=present, new_values=facts, at=at)
    tell_of_closing(present, until=until, at=at)
    return until
