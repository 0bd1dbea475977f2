"""Writes of moving an account to another phone number: a code to the old one, one to the new one, then the change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit.operations import note
from accounts.departures.operations import remember_number
from accounts.members.models import User
from accounts.signin import rules
from accounts.signin.models import BrowserSession, PhoneVerification
from accounts.signin.operations import notices, sessions
from accounts.signin.operations.codes import DAY, CodeExpired, Purpose, Sent, prove_code, send_code
from config.lib.limits import Limit, give_back, take
from config.lib.refusals import Refused, TooMany
from config.lib.runtime import figures


class TooManyNumbers(TooMany):
    """The member has changed the number too often today."""

    sentence = _("You have changed your number often enough for one day. You can change it again in %(wait)s.")


class SameNumber(Refused):
    """The new number is the old one."""

    slug = "same-number"
    title = _("The same number")
    sentence = _("This is already your number.")
    field = "phone"


class NumberTaken(Refused):
    """Another account has the number; only whoever has proved the number hears of it."""

    slug = "number-taken"
    title = _("Number taken")
    sentence = _("Your account cannot move to this number: it belongs to an account here. Nothing has changed.")
    field = "phone"


@dataclass(frozen=True)
class Change:
    """The codes of a change under way, one to each number."""

    old: Sent
    new: Sent


def begin_change(*, member: User, phone_number: str, address: str, at: datetime) -> Change:
    """Send a code to the member's number and one to the number (E.164) they want to move to.

    May refuse with SameNumber, TooManyCodes, LimitsAway. Whether anyone has the new number is not even looked up.
    """
    if phone_number == str(member.phone_number):
        raise SameNumber()
    old = send_code(
        phone_number=str(member.phone_number), purpose=Purpose.OLD_NUMBER, member=member, address=address, at=at
    )
    new = send_code(phone_number=phone_number, purpose=Purpose.NEW_NUMBER, member=member, address=address, at=at)
    return Change(old, new)


def prove_old(*, member: User, verification_id: UUID, code: str, address: str, at: datetime) -> None:
    """Take the code that went to the member's present number. May refuse as `codes.prove_code` does."""
    prove_code(
        verification_id=verification_id,
        purpose=Purpose.OLD_NUMBER,
        member=member,
        code=code,
        address=address,
        at=at,
    )


def change_number(
    session: SessionBase, *, member: User, old_id: UUID, new_id: UUID, code: str, address: str, at: datetime
) -> None:
    """Take the code that went to the new number and move the account there; the code of the old one came before.

    All other sessions and programs end, and no coins leave for COINS_HELD_HOURS. May refuse with CodeExpired (also when
    the old number was not proved), WrongCode, TooManyAnswers, TooManyNumbers, NumberTaken, LimitsAway.
    """
    limit = Limit("number-changes", str(member.pk), figures().NUMBER_CHANGES_PER_DAY, DAY)
    counted = take(limit, refuse=TooManyNumbers)
    try:
        _must_have_proved_old(member, old_id, at)
        number = prove_code(
            verification_id=new_id,
            purpose=Purpose.NEW_NUMBER,
            member=member,
            code=code,
            address=address,
            at=at,
        )
        _move(session, member=member, number=number, old_id=old_id, at=at)
    except Refused:
        give_back(counted, limit)  # nothing was changed
        raise


def _must_have_proved_old(member: User, old_id: UUID, at: datetime) -> None:
    proved = PhoneVerification.objects.filter(
        pk=old_id,
        purpose=Purpose.OLD_NUMBER,
        user=member,
        phone_number=member.phone_number,
        verified_at__isnull=False,
        expires_at__gt=at,
    )
    if not proved.exists():
        raise CodeExpired()


@transaction.atomic
def _move(session: SessionBase, *, member: User, number: str, old_id: UUID, at: datetime) -> None:
    # Whoever joins with this number, or moves to it, at the same moment waits here and then finds it taken.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"accounts.signin:{number}"])
    mine = User.objects.select_for_update(no_key=True).get(pk=member.pk)
    before = str(mine.phone_number)
    if not PhoneVerification.objects.filter(pk=old_id, phone_number=before).exists():
        raise CodeExpired()  # another change of the same member was quicker
    if User.objects.filter(phone_number=number).exists():
        raise NumberTaken()
    held_until = at + timedelta(hours=figures().COINS_HELD_HOURS)
    User.objects.filter(pk=mine.pk).update(
        phone_number=number,
        phone_verified_at=at,
        coins_held_until=max(held_until, mine.coins_held_until or held_until),
    )
    member.refresh_from_db(fields=["phone_number", "phone_verified_at", "coins_held_until"])
    # The number that is free now may join, but has had its welcome grant.
    remember_number(before, at=at)
    sessions.end_others(session, member=member, at=at)
    # The proof of the old number says nothing about who uses the account from now on; that of the new one does.
    BrowserSession.objects.filter(session_key=session.session_key, user=member).update(proved_at=at)
    masks = {"from": rules.masked(before), "to": rules.masked(number)}
    note(action="number-changed", entity_type="member", entity_id=member.pk, account=member, new_values=masks, at=at)
    notices.tell(
        member=member,
        what="number-changed",
        at=at,
        to_number=before,
        details={"number": rules.masked(number)},
    )
