"""Writes of signing in by phone: sending a code, and proving it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.invitations.models import Application
from accounts.invitations.operations import admit, apply
from accounts.members.models import User
from accounts.notifications.operations import Channel, owe_message
from accounts.signin import rules
from accounts.signin.models import PhoneVerification, TokenFamily
from accounts.signin.operations import failures, sending
from accounts.signin.operations.second_steps import PHONE, SignedIn, Step, enter, forget_old_steps
from config.lib import limits
from config.lib.addresses import block_of
from config.lib.ids import uuid7_at
from config.lib.limits import Limit
from config.lib.refusals import Refused, TooMany
from config.lib.runtime import figures

Purpose = PhoneVerification.Purpose
_T = TypeVar("_T")

MINUTE, HOUR, DAY = 60, 3600, 86400
_KEPT_FOR = timedelta(days=7)
_WORDS = {
    Purpose.SIGN_IN: gettext_lazy("%(code)s is your Civitas code. It is good for ten minutes. Give it to nobody."),
    Purpose.PROOF: gettext_lazy(
        "%(code)s is your Civitas code to confirm that it is you. It is good for ten minutes. Give it to nobody."
    ),
    Purpose.OLD_NUMBER: gettext_lazy(
        "%(code)s is your Civitas code to move your account to ANOTHER number. If that was not you, give it to nobody"
        " and sign out all other sessions."
    ),
    Purpose.NEW_NUMBER: gettext_lazy(
        "%(code)s is your Civitas code to move your account to this number. It is good for ten minutes."
    ),
}


class TooManyAnswers(TooMany):
    """The number or the network address gave too many wrong codes."""

    sentence = gettext_lazy("Too many wrong codes. Sign-in by code is possible again in %(wait)s.")


class WrongCode(Refused):
    """Not the code that was sent; `attempts_left` answers remain."""

    slug = "wrong-code"
    title = gettext_lazy("Wrong code")
    sentence = gettext_lazy("This is not the code that we sent. Attempts left: %(attempts_left)s.")
    field = "code"


class CodeExpired(Refused):
    """The code is too old, was used, or was answered wrongly too often; or there never was one.

    `was_looked_at`: whether the answer that was refused was still compared with the code.
    """

    slug = "code-expired"
    title = gettext_lazy("Code no longer good")
    sentence = gettext_lazy("This code is no longer good: it was used, or is too old. Ask for a new one.")
    field = "code"

    def __init__(self, sentence: Any = None, *, was_looked_at: bool = False) -> None:
        super().__init__(sentence)
        self.was_looked_at = was_looked_at


@dataclass(frozen=True)
class Sent:
    """A code that is on its way."""

    verification_id: UUID
    expires_at: datetime


def send_code(
    *,
    phone_number: str,
    address: str,
    at: datetime,
    purpose: PhoneVerification.Purpose = Purpose.SIGN_IN,
    member: User | None = None,
) -> Sent:
    """Send a code to a number (E.164). May refuse with CountryNotServed, TooManyCodes, CodesPaused, LimitsAway.

    Whether a member has the number is not even looked up, so answer and time cannot tell. A code of another `purpose`
    than signing in is bound to the `member` who asked for it.
    """
    verification_id = uuid7_at(at)
    code = f"{secrets.randbelow(1_000_000):06}"
    expires_at = at + rules.CODE_LIVES
    with sending.allowed(phone_number=phone_number, address=address), transaction.atomic():
        sending.must_be_cool(phone_number=phone_number, at=at)
        PhoneVerification.objects.create(
            id=verification_id,
            purpose=purpose,
            user=member,
            phone_number=phone_number,
            code_hash=rules.code_hash(verification_id=verification_id, code=code, pepper=settings.CODE_PEPPER),
            expires_at=expires_at,
            ip_address=address,
            created_at=at,
        )
        owe_message(
            channel=Channel.SMS,
            recipient=phone_number,
            body=str(_WORDS[purpose]) % {"code": code},
            at=at,
            give_up_at=expires_at,
        )
    return Sent(verification_id, expires_at)


def prove_number(
    *,
    verification_id: UUID,
    code: str,
    address: str,
    at: datetime,
    username: str | None = None,
    display_name: str = "",
    invitation: str | None = None,
) -> SignedIn | Step:
    """Take a code; who does not have an account yet joins, under the names given, as the mode of sign-up has it.

    Where the number is not proof enough, what comes back is a step that is still to be taken.

    May refuse with WrongCode, CodeExpired, TooManyAnswers, LimitsAway, AccountShut, and for someone new with
    whatever `admit` refuses with, which leaves the code good, so that another name or invitation can be tried.
    """
    known = PhoneVerification.objects.filter(pk=verification_id, purpose=Purpose.SIGN_IN, user=None).first()

    def who(proved: PhoneVerification) -> tuple[User, bool]:
        return _who_proved(proved, username, display_name, invitation, at)

    member, is_new = _spend(known, code=code, address=address, at=at, then=who)
    return enter(member=member, first_proof=PHONE, is_new=is_new, at=at)


def apply_by_code(
    *,
    verification_id: UUID,
    code: str,
    address: str,
    words: str,
    at: datetime,
    username: str | None = None,
    display_name: str = "",
) -> Application:
    """Take a code, and write the application of whoever has proved the number, where one joins by application.

    May refuse with WrongCode, CodeExpired, TooManyAnswers, LimitsAway, and with whatever `apply` refuses with, which
    leaves the code good.
    """
    known = PhoneVerification.objects.filter(pk=verification_id, purpose=Purpose.SIGN_IN, user=None).first()

    def write(proved: PhoneVerification) -> Application:
        return apply(
            phone_number=str(proved.phone_number), words=words, username=username, display_name=display_name, at=at
        )

    return _spend(known, code=code, address=address, at=at, then=write)


def prove_code(
    *,
    verification_id: UUID,
    purpose: PhoneVerification.Purpose,
    member: User,
    code: str,
    address: str,
    at: datetime,
) -> str:
    """Take a code that a signed-in member asked for, for that purpose alone; the number it was sent to.

    May refuse with WrongCode, CodeExpired (also for another member's code), TooManyAnswers, LimitsAway.
    """
    known = PhoneVerification.objects.filter(pk=verification_id, purpose=purpose, user=member).first()
    return _spend(known, code=code, address=address, at=at, then=lambda proved: str(proved.phone_number))


def _spend(
    known: PhoneVerification | None,
    *,
    code: str,
    address: str,
    at: datetime,
    then: Callable[[PhoneVerification], _T],
) -> _T:
    """Use a code up and do what it was for, in one transaction; the answer counts as wrong until it proves right."""
    counted = _count_answer(known, address=address)
    if known is None:
        raise CodeExpired()
    digest = rules.code_hash(verification_id=known.pk, code=code, pepper=settings.CODE_PEPPER)
    try:
        with transaction.atomic():
            outcome = _spend_attempt(known, digest=digest, at=at)
            done = then(known) if outcome is None else None
    except Refused:
        counted.give_back()  # a name was refused: the code was right
        raise
    if outcome is not None:
        if isinstance(outcome, CodeExpired) and not outcome.was_looked_at:
            counted.give_back(of_number=True)  # nobody learned anything; a second click must not lock the member out
        else:
            failures.note_wrong_code(known, at=at)
        # Raised only here, because the attempt has to stay counted.
        raise outcome
    counted.give_back()
    return cast(_T, done)


def _spend_attempt(known: PhoneVerification, *, digest: str, at: datetime) -> Refused | None:
    """Count one answer and, when it is right, use the code up: one conditional UPDATE. What to refuse with, or None.

    Of many right answers at once one finds the code unused; of many guesses at once as many are looked at as attempts
    are left, because each waits for the row and then reads it anew.
    """
    spent = PhoneVerification.objects.filter(
        pk=known.pk, verified_at=None, expires_at__gt=at, attempts__lt=F("max_attempts")
    ).update(
        attempts=F("attempts") + 1,
        verified_at=Case(When(Q(code_hash=digest), then=Value(at)), default=None),
    )
    if not spent:
        return CodeExpired()
    known.refresh_from_db(fields=["attempts", "max_attempts", "verified_at"])
    if known.verified_at is not None:
        return None
    left = known.max_attempts - known.attempts
    return (
        WrongCode(attempts_left=left)
        if left
        else CodeExpired(_("That was the last attempt. Ask for a new code."), was_looked_at=True)
    )


def _who_proved(
    known: PhoneVerification, username: str | None, display_name: str, invitation: str | None, at: datetime
) -> tuple[User, bool]:
    """The member of a proved number, and whether they have just joined."""
    number = str(known.phone_number)
    # Two codes of one new number, proved at once, must not both find nobody.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"accounts.signin:{number}"])
    member = User.objects.filter(phone_number=number).first()
    if member is None:
        member = admit(
            phone_number=number, username=username or None, display_name=display_name, invitation=invitation, at=at
        )
        return member, True
    if member.phone_verified_at is None:
        User.objects.filter(pk=member.pk, phone_verified_at=None).update(phone_verified_at=at)
        member.phone_verified_at = at
    return member, False


@dataclass(frozen=True)
class _Counted:
    """An answer that was counted as wrong before it was looked at: against the address, and the number if known."""

    name: str
    address: Limit
    number: Limit | None

    def give_back(self, *, of_number: bool = False) -> None:
        """Uncount it altogether, or against the number alone."""
        against = [self.number] if of_number else [self.address, self.number]
        limits.give_back(self.name, *(limit for limit in against if limit is not None))


def _count_answer(known: PhoneVerification | None, *, address: str) -> _Counted:
    """Count one wrong answer in advance, so that a burst in parallel cannot slip through; a right one is given back."""
    now = figures()
    of_address = Limit("wrong-codes-address", block_of(address), now.WRONG_CODES_PER_ADDRESS_DAY, DAY)
    if known is None:
        return _Counted(limits.take(of_address, refuse=TooManyAnswers), of_address, None)
    whom = rules.pseudonym(str(known.phone_number), pepper=settings.CODE_PEPPER)
    of_number = Limit("wrong-codes", whom, now.WRONG_CODES_PER_NUMBER_DAY, DAY)
    return _Counted(limits.take(of_address, of_number, refuse=TooManyAnswers), of_address, of_number)


def forget_old(*, at: datetime) -> dict[str, Any]:
    """Delete codes and steps a week after they expired, families that have ended for as long, and expired sessions."""
    long_ago = at - _KEPT_FOR
    codes, _per_model = PhoneVerification.objects.filter(expires_at__lt=long_ago).delete()
    families, _per_model = TokenFamily.objects.filter(Q(expires_at__lt=long_ago) | Q(ended_at__lt=long_ago)).delete()
    steps = forget_old_steps(before=long_ago)
    SessionStore.clear_expired()
    return {"codes": codes, "families": families, "steps": steps}
