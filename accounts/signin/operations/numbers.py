"""Writes of moving an account to another phone number: a code to the old one, one to the new one, then the change.

And of freeing one: staff take a number that was silent for long from its account, so that its new owner can join.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.audit.operations import note
from accounts.departures.operations import remember_number
from accounts.members.models import User
from accounts.members.operations import end_all_sessions
from accounts.signin import rules
from accounts.signin.models import BrowserSession, PhoneVerification, TokenFamily
from accounts.signin.operations import notices, sessions
from accounts.signin.operations.codes import DAY, CodeExpired, Purpose, Sent, prove_code, send_code
from config.lib.limits import Limit, give_back, take
from config.lib.refusals import NotAllowed, NotThere, Refused, TooMany
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


class NumberInUse(Refused):
    """The number was not silent for DORMANT_DAYS: it is its member's."""

    slug = "number-in-use"
    title = _("Number in use")
    sentence = _("This account was used within the last %(days)s days, so its number stays.")


@dataclass(frozen=True)
class Change:
    """The codes of a change under way, one to each number; an account whose number was freed has no old one."""

    old: Sent | None
    new: Sent


def begin_change(*, member: User, phone_number: str, address: str, at: datetime) -> Change:
    """Send a code to the member's number and one to the number (E.164) they want to move to.

    May refuse with SameNumber, TooManyCodes, LimitsAway. Whether anyone has the new number is not even looked up.
    """
    if phone_number == str(member.phone_number):
        raise SameNumber()
    old = None
    if member.phone_number is not None:
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
    session: SessionBase, *, member: User, old_id: UUID | None, new_id: UUID, code: str, address: str, at: datetime
) -> None:
    """Take the code that went to the new number and move the account there; the code of the old one came before.

    Without an `old_id` only an account that has no number gets one; the caller has asked for another fresh proof.
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


def free_number(*, staff: User, member: User, reason: str, at: datetime) -> None:
    """Take a number from an account that was silent for DORMANT_DAYS, so that its new owner can join; for admins.

    The account keeps e-mail and password as its way in, and can be given another number then; without them it stays
    shut. May refuse with NotAllowed, NotThere (it has none), NumberInUse.
    """
    if not staff.is_superuser or staff.pk == member.pk or not reason.strip():
        raise NotAllowed()
    if member.phone_number is None:
        raise NotThere()
    number, days = str(member.phone_number), figures().DORMANT_DAYS
    with transaction.atomic():
        # Whoever proves the number at this moment waits and then joins; a second step under way ends with the version.
        _hold(number)
        silent = User.objects.alias(seen_at=Coalesce("last_active_at", "created_at")).filter(
            pk=member.pk, phone_number=number, seen_at__lte=at - timedelta(days=days)
        )
        freed = silent.update(
            phone_number=None, phone_verified_at=None, number_freed_at=at, token_version=F("token_version") + 1
        )
        if not freed:
            raise NumberInUse(days=days)
        end_all_sessions(member, at, ending=TokenFamily.Ending.STAFF)
        member.refresh_from_db(fields=["phone_number", "phone_verified_at", "number_freed_at", "token_version"])
        notices.tell(member=member, what="number-freed", at=at)


def _hold(number: str) -> None:
    """Let nobody else join with a number, move to it or lose it before this transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"accounts.signin:{number}"])


def _must_have_proved_old(member: User, old_id: UUID | None, at: datetime) -> None:
    if old_id is None:
        if member.phone_number is None:
            return
        raise CodeExpired()
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
def _move(session: SessionBase, *, member: User, number: str, old_id: UUID | None, at: datetime) -> None:
    # Whoever joins with this number, or moves to it, at the same moment waits here and then finds it taken.
    _hold(number)
    mine = User.objects.select_for_update(no_key=True).get(pk=member.pk)
    before = str(mine.phone_number) if mine.phone_number is not None else None
    if old_id is None:
        is_as_proved = before is None
    else:
        is_as_proved = PhoneVerification.objects.filter(pk=old_id, phone_number=before).exists()
    if not is_as_proved:
        raise CodeExpired()  # another change of the same member was quicker
    if User.objects.filter(phone_number=number).exists():
        raise NumberTaken()
    held_until = at + timedelta(hours=figures().COINS_HELD_HOURS)
    User.objects.filter(pk=mine.pk).update(
        phone_number=number,
        phone_verified_at=at,
        number_freed_at=None,
        coins_held_until=max(held_until, mine.coins_held_until or held_until),
    )
    member.refresh_from_db(fields=["phone_number", "phone_verified_at", "number_freed_at", "coins_held_until"])
    if before is not None:
        # The number that is free now may join, but has had its welcome grant.
        remember_number(before, at=at)
    sessions.end_others(session, member=member, at=at)
    # The proof of the old number says nothing about who uses the account from now on; that of the new one does.
    BrowserSession.objects.filter(session_key=session.session_key, user=member).update(proved_at=at)
    masks = {"from": rules.masked(before) if before else "", "to": rules.masked(number)}
    note(action="number-changed", entity_type="member", entity_id=member.pk, account=member, new_values=masks, at=at)
    notices.tell(
        member=member,
        what="number-changed",
        at=at,
        to_number=before,
        details={"number": rules.masked(number)},
    )
