"""Writes of proving anew, within a session, who uses it: by message, password or second factor."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext_lazy as _

from accounts.members.models import User
from accounts.signin.operations import factors, failures, passwords
from accounts.signin.operations.codes import CodeExpired, Purpose, Sent, prove_code, send_code
from accounts.signin.operations.proofs import note_proof
from config.lib.refusals import Refused


class Way(StrEnum):
    """By what a member proves anew who they are."""

    FACTOR = "factor"
    PASSWORD = "password"  # noqa: S105 - the word
    SMS = "sms"


class WrongAnswer(Refused):
    """Not the member's password, or a way that is not open to them."""

    slug = "wrong-answer"
    title = _("Wrong answer")
    sentence = _("That is not your password. Look at it again, or take a code to your phone.")
    field = "answer"


def ways_of(member: User) -> list[Way]:
    """By what this member can prove it, the first one offered first. Whoever has a second factor gives that."""
    if member.has_second_factor:
        return [Way.FACTOR]
    if member.phone_number is None:
        return [Way.PASSWORD]
    return [Way.PASSWORD, Way.SMS] if passwords.has_password(member) else [Way.SMS]


def send_proof(*, member: User, address: str, at: datetime) -> Sent:
    """Send a code to the member's number. May refuse with WrongAnswer (there is none), TooManyCodes, LimitsAway."""
    if member.phone_number is None:
        raise WrongAnswer()
    return send_code(
        phone_number=str(member.phone_number), purpose=Purpose.PROOF, member=member, address=address, at=at
    )


def prove(
    session: SessionBase,
    *,
    member: User,
    way: Way,
    answer: str,
    address: str,
    user_agent: str,
    at: datetime,
    verification_id: UUID | None = None,
) -> None:
    """Take the answer and note the proof in this session.

    May refuse with WrongAnswer, WrongFactorCode and TooManyFactorAnswers, WrongCode, CodeExpired and TooManyAnswers, as
    the way has it, and with LimitsAway by any.
    """
    if way not in ways_of(member):
        raise WrongAnswer()
    if way is Way.SMS:
        if verification_id is None:
            raise CodeExpired()
        prove_code(
            verification_id=verification_id,
            purpose=Purpose.PROOF,
            member=member,
            code=answer,
            address=address,
            at=at,
        )
    elif way is Way.PASSWORD:
        if not passwords.is_right(member=member, password=answer, at=at):
            failures.note_failed_proof(member=member, way=way, at=at)
            raise WrongAnswer()
    elif not factors.check(member=member, code=answer, at=at):
        failures.note_failed_proof(member=member, way=way, at=at)
        raise factors.WrongFactorCode()
    note_proof(session, member=member, address=address, user_agent=user_agent, second_factor=way is Way.FACTOR, at=at)
