"""Writes between the first proof of a sign-in and the open door: what else must be proved, and taking the answer.

Who has a second factor gives it. A number that was silent for DORMANT_DAYS may have another owner by now, so a code to
it opens nothing by itself. Who has closed their account is asked whether they want it back. docs/decisions/0010.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit.operations import note
from accounts.departures.operations import come_back
from accounts.departures.queries import may_come_back
from accounts.members.models import User
from accounts.notifications.operations import Channel, owe_message
from accounts.signin import rules
from accounts.signin.models import EmailProof, SecondStep
from accounts.signin.operations import factors, notices, passwords
from config.lib.limits import Limit, give_back, take
from config.lib.refusals import Refused, TooMany
from config.lib.runtime import figures

Needs = SecondStep.Needs
PHONE, PASSWORD = "PHONE", "PASSWORD"

STEP_LIVES = timedelta(minutes=10)
_ANSWERS = {Needs.FACTOR: 5, Needs.EMAIL: 3, Needs.PASSWORD: 3, Needs.USERNAME: 3, Needs.RETURN: 3}
_SILENCE = (Needs.EMAIL, Needs.PASSWORD, Needs.USERNAME)
DAY = 86400


class AccountShut(Refused):
    """Who one is was proved, but the account is banned, or closed for good."""

    slug = "account-shut"
    status = 403
    title = _("Account shut")
    sentence = _("This account is closed or banned, so nobody can sign in to it.")


class StepOver(Refused):
    """The second step took too long, was answered wrongly too often, was used, or never was."""

    slug = "second-step-over"
    title = _("Begin again")
    sentence = _("This sign-in took too long or was answered wrongly too often. Begin again from the start.")


class WrongSecondProof(Refused):
    """Not what was asked for; `attempts_left` answers remain."""

    slug = "wrong-second-proof"
    title = _("Not right")
    sentence = _("This is not right. Attempts left: %(attempts_left)s.")
    field = "code"


class TooManySecondProofs(TooMany):
    """The account saw too many wrong second proofs within a day."""

    sentence = _("Too many wrong answers about this account. The next one counts in %(wait)s.")


@dataclass(frozen=True)
class SignedIn:
    """Whoever has proved all that was asked for, whether they have just joined, and whether by a second factor."""

    member: User
    is_new: bool = False
    has_second_factor: bool = False


@dataclass(frozen=True)
class Step:
    """What is still to be proved: the token belongs to whoever gave the first proof, and to nobody else."""

    token: str
    needs: SecondStep.Needs
    expires_at: datetime
    hint: str = ""  # where a code was sent, masked; until when a closed account can be opened again


def enter(*, member: User, first_proof: str, at: datetime, is_new: bool = False) -> SignedIn | Step:
    """What follows the first proof (PHONE or PASSWORD): the open door or a second step. May refuse with AccountShut."""
    needs = _needs_of(member, first_proof, at)
    if needs is None:
        return SignedIn(member, is_new=is_new)
    return _begin(member, needs, first_proof=first_proof, at=at)


def enter_by_password(*, email: str, password: str, address: str, at: datetime) -> SignedIn | Step:
    """Whoever has this confirmed address and its password, or the step that is still to be taken.

    May refuse with WrongPassword, TooManyPasswords, LimitsAway, AccountShut.
    """
    member = passwords.prove_password(email=email, password=password, address=address, at=at)
    return enter(member=member, first_proof=PASSWORD, at=at)


def finish(*, token: str, code: str, at: datetime) -> SignedIn | Step:
    """Take the answer of a second step: a code of the authenticator or e-mail, the password, a username, RETURN.

    May refuse with StepOver, WrongSecondProof, AccountShut, TooLateToReturn, TooManyFactorAnswers, TooManyPasswords,
    TooManySecondProofs, LimitsAway.
    """
    step = _count_answer(token, at)
    member = step.user
    if not _is_right(step, code, at):
        _note_wrong(step, at)
        left = step.max_attempts - step.attempts
        raise WrongSecondProof(attempts_left=left) if left > 0 else StepOver()
    # Of two right answers at once one finds the step open.
    if not SecondStep.objects.filter(pk=step.pk, done_at=None).update(done_at=at):
        raise StepOver()
    if step.needs in _SILENCE:
        _let_in_after_silence(member, at)
    has_second_factor = step.has_second_factor or step.needs == Needs.FACTOR
    if step.needs == Needs.RETURN:
        return SignedIn(come_back(member=member, at=at), has_second_factor=has_second_factor)
    if not member.is_active:
        _must_not_be_shut(member, at)
        return _begin(member, Needs.RETURN, first_proof=step.first_proof, has_second_factor=has_second_factor, at=at)
    return SignedIn(member, has_second_factor=has_second_factor)


def forget_old_steps(*, before: datetime) -> int:
    """Delete steps and proofs by e-mail that ended before a moment; how many."""
    steps, _per_model = SecondStep.objects.filter(expires_at__lt=before).delete()
    proofs, _per_model = EmailProof.objects.filter(expires_at__lt=before).delete()
    return steps + proofs


# -- What is needed -------------------------------------------------------------------------------


def _needs_of(member: User, first_proof: str, at: datetime) -> SecondStep.Needs | None:
    _must_not_be_shut(member, at)
    if member.has_second_factor:
        return Needs.FACTOR
    last_seen = member.last_active_at or member.created_at
    if first_proof == PHONE and rules.is_dormant(last_seen, days=figures().DORMANT_DAYS, at=at):
        if member.email and member.email_verified:
            return Needs.EMAIL
        return Needs.PASSWORD if passwords.has_password(member) else Needs.USERNAME
    return None if member.is_active else Needs.RETURN


def _must_not_be_shut(member: User, at: datetime) -> None:
    if not member.is_active and not may_come_back(member, at=at):
        raise AccountShut()


@transaction.atomic
def _begin(
    member: User, needs: SecondStep.Needs, *, first_proof: str, at: datetime, has_second_factor: bool = False
) -> Step:
    token, expires_at = secrets.token_urlsafe(32), at + STEP_LIVES
    step = SecondStep.objects.create(
        user=member,
        token_hash=_token_hash(token),
        needs=needs,
        first_proof=first_proof,
        has_second_factor=has_second_factor,
        token_version=member.token_version,
        max_attempts=_ANSWERS[needs],
        expires_at=expires_at,
        created_at=at,
    )
    hint = ""
    if needs == Needs.EMAIL:
        _send_code(step, at)
        hint = rules.masked_email(str(member.email))
    elif needs == Needs.RETURN and member.erased_after is not None:
        hint = member.erased_after.isoformat()
    return Step(token, needs, expires_at, hint)


def _send_code(step: SecondStep, at: datetime) -> None:
    member, code = step.user, f"{secrets.randbelow(1_000_000):06}"
    EmailProof.objects.create(
        user=member,
        email=str(member.email),
        purpose=EmailProof.Purpose.DORMANT,
        secret_hash=_code_hash(step, code),
        expires_at=step.expires_at,
        created_at=at,
    )
    owe_message(
        channel=Channel.EMAIL,
        recipient=str(member.email),
        subject=gettext("Your code for %(site)s") % {"site": settings.SITE_NAME},
        body=gettext(
            "%(code)s is the code to finish signing in to %(site)s. It is good for ten minutes.\n\nThe phone number of"
            " your account was not seen for long, so we ask for this second proof. If that is not you, give the code to"
            " nobody: without it the account stays shut."
        )
        % {"code": code, "site": settings.SITE_NAME},
        at=at,
        give_up_at=step.expires_at,
    )


# -- Answers --------------------------------------------------------------------------------------


def _count_answer(token: str, at: datetime) -> SecondStep:
    """Count one answer before it is looked at: of many at once as many get through as there are attempts left."""
    step = SecondStep.objects.select_related("user").filter(token_hash=_token_hash(token)).first()
    if step is None or step.user.token_version != step.token_version:
        raise StepOver()
    open_ones = SecondStep.objects.filter(pk=step.pk, done_at=None, expires_at__gt=at, attempts__lt=F("max_attempts"))
    if not open_ones.update(attempts=F("attempts") + 1):
        raise StepOver()
    step.refresh_from_db(fields=["attempts"])
    return step


def _is_right(step: SecondStep, answer: str, at: datetime) -> bool:
    member = step.user
    if step.needs == Needs.FACTOR:
        return factors.check(member=member, code=answer, at=at)
    if step.needs == Needs.PASSWORD:
        return passwords.is_right(member=member, password=answer, at=at)
    if step.needs == Needs.RETURN:
        return answer == Needs.RETURN
    looks = _is_code_of_email if step.needs == Needs.EMAIL else _is_username
    return _counted(step, answer, at, looks)


def _counted(step: SecondStep, answer: str, at: datetime, looks: Callable[[SecondStep, str, datetime], bool]) -> bool:
    """Count a wrong answer in advance, over all steps of the account: whoever has its number can begin many."""
    limit = Limit("second-proofs", str(step.user_id), figures().SECOND_PROOFS_PER_DAY, DAY)
    counted = take(limit, refuse=TooManySecondProofs)
    if not looks(step, answer, at):
        return False
    give_back(counted, limit)
    return True


def _is_code_of_email(step: SecondStep, answer: str, at: datetime) -> bool:
    code = answer.replace(" ", "")
    proofs = EmailProof.objects.filter(user_id=step.user_id, purpose=EmailProof.Purpose.DORMANT, used_at=None)
    return bool(proofs.filter(secret_hash=_code_hash(step, code), expires_at__gt=at).update(used_at=at))


def _is_username(step: SecondStep, answer: str, at: datetime) -> bool:
    name = answer.strip().removeprefix("@").lower()
    return step.user.pages.filter(username=name).exists()


def _note_wrong(step: SecondStep, at: datetime) -> None:
    who, facts = step.user, {"way": step.needs}
    note(action="sign-in-failed", entity_type="member", entity_id=who.pk, account=who, new_values=facts, at=at)
    if step.attempts >= step.max_attempts and step.needs == Needs.FACTOR:
        # Whoever came so far has the phone or the password.
        notices.tell(member=who, what="wrong-second-factor", at=at)


@transaction.atomic
def _let_in_after_silence(member: User, at: datetime) -> None:
    passwords.hold_coins(member, at)
    notices.tell(member=member, what="dormant-sign-in", at=at)


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _code_hash(step: SecondStep, code: str) -> str:
    return rules.secret_hash(f"{step.pk}:{code}", purpose=EmailProof.Purpose.DORMANT, pepper=settings.CODE_PEPPER)
