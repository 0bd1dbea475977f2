"""Keeping in the audit that somebody tried and was wrong: at the door, before something dangerous, at the admin."""

from contextlib import suppress
from datetime import datetime

from django.conf import settings

from accounts.audit.operations import note
from accounts.members.models import User
from accounts.signin import rules
from accounts.signin.models import PhoneVerification
from config.lib.limits import Limit, counted
from config.lib.refusals import TooMany

HOUR = 3600


def note_wrong_code(sent: PhoneVerification, *, at: datetime) -> None:
    """Keep that a code sent to a number was answered wrongly.

    Whose the number is, is looked up whether anybody has it or not, and one row is written either way: time tells
    nothing. The number itself is not kept.
    """
    if sent.user is not None:
        note_failed_proof(member=sent.user, way="sms", at=at)
        return
    whom = rules.pseudonym(str(sent.phone_number), pepper=settings.CODE_PEPPER)
    member = User.objects.filter(phone_number=sent.phone_number).first()
    facts = {"way": "sms"}
    note(action="sign-in-failed", entity_type="number", entity_id=whom, account=member, new_values=facts, at=at)


def note_failed_proof(*, member: User, way: str, at: datetime) -> None:
    """Keep that a signed-in member could not prove anew who they are (`way`: sms, password, factor)."""
    facts = {"way": way}
    note(action="proof-failed", entity_type="member", entity_id=member.pk, account=member, new_values=facts, at=at)


def note_refused_at_admin(*, member: User, at: datetime) -> None:
    """Keep that a member who is not of the staff came to the admin; one row an hour, however often they come."""
    with suppress(TooMany), counted(Limit("admin-refused", str(member.pk), 1, HOUR)):
        note(action="admin-refused", entity_type="member", entity_id=member.pk, account=member, at=at)
