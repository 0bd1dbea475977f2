"""Writes of the second factor: setting an authenticator up, taking its codes and the recovery codes, switching it off.

The secret is kept encrypted, recovery codes as hashes. A code of the authenticator counts once: the step it belongs to
is written by one conditional UPDATE, and only a later step's code counts after it. docs/decisions/0010 says why.
"""

import io
from dataclasses import dataclass
from datetime import datetime

import qrcode
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathImage

from accounts.audit.operations import note
from accounts.members.models import User
from accounts.signin import totp
from accounts.signin.models import RecoveryCode
from accounts.signin.operations import failures, notices
from config.lib.limits import Limit, give_back, take
from config.lib.refusals import Refused, TooMany
from config.lib.runtime import figures


class TooManyFactorAnswers(TooMany):
    """Too many wrong answers about the second factor within an hour."""

    sentence = _("Too many wrong codes of the second factor. The next one counts in %(wait)s.")


class WrongFactorCode(Refused):
    """No code that the authenticator shows now, none that has not been used, and no recovery code that is left."""

    slug = "wrong-second-factor"
    title = _("Wrong code")
    sentence = _("This code does not count. Wait for the next one of your authenticator, or use a recovery code.")
    field = "answer"


class WrongFirstCode(WrongFactorCode):
    """Not what the authenticator shows that is just being set up; there are no recovery codes yet."""

    sentence = _("This is not the code that belongs to this secret now. Write the one that the app shows next.")


class FactorIsOn(Refused):
    """There is a second factor already."""

    slug = "second-factor-on"
    status = 409
    title = _("On already")
    sentence = _("Your account has a second factor already. Switch it off before you set up another one.")


class FactorIsOff(Refused):
    """There is no second factor."""

    slug = "second-factor-off"
    status = 409
    title = _("Off already")
    sentence = _("Your account has no second factor.")


class StaffNeedSecondFactor(Refused):
    """Moderators and admins cannot do without."""

    slug = "staff-need-second-factor"
    title = _("Staff need a second factor")
    sentence = _(
        "You look after this community, so your account keeps its second factor. Make new recovery codes instead."
    )


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator needs to know; nothing of it is in the member's row yet."""

    secret: str
    uri: str
    qr_svg: str


def begin(*, member: User, at: datetime, secret: str | None = None) -> Enrolment:
    """A secret for an authenticator, or the one of a set-up under way. May refuse with FactorIsOn."""
    if member.has_second_factor:
        raise FactorIsOn()
    secret = secret or totp.new_secret()
    uri = totp.uri_of(secret, site=settings.SITE_NAME, name=member.primary_page.username)
    return Enrolment(secret, uri, _qr(uri))


def confirm(*, member: User, secret: str, code: str, at: datetime) -> list[str]:
    """Switch the second factor on when the authenticator's code is right; the recovery codes, shown this once.

    Everything that is signed in ends but what the caller keeps (`sessions.stay`). May refuse with WrongFirstCode,
    TooManyFactorAnswers, FactorIsOn, LimitsAway.
    """
    counted = _count(member)
    step = totp.step_of(code.replace(" ", ""), secret=secret, at=at)
    if step is None:
        raise WrongFirstCode()
    _uncount(member, counted)
    with transaction.atomic():
        # Two forms sent at once: the second finds it on.
        is_first = User.objects.filter(pk=member.pk, two_factor_confirmed_at=None).update(
            two_factor_secret=secret,
            two_factor_confirmed_at=at,
            two_factor_step=step,
            token_version=F("token_version") + 1,
        )
        if not is_first:
            raise FactorIsOn()
        codes = _renew_codes(member, at)
        note(action="second-factor-on", entity_type="member", entity_id=member.pk, account=member, at=at)
        notices.tell(member=member, what="second-factor-on", at=at)
    _read_anew(member)
    return codes


def check(*, member: User, code: str, at: datetime) -> bool:
    """Whether this is a code of the member's authenticator, or one of the recovery codes; it is used up then.

    May refuse with TooManyFactorAnswers, LimitsAway.
    """
    counted = _count(member)
    is_right = _take_step(member, code, at) or _take_recovery_code(member, code, at)
    if is_right:
        _uncount(member, counted)
    return is_right


def switch_off(*, member: User, code: str, at: datetime) -> None:
    """Do without a second factor from now on. Everything that is signed in ends but what the caller keeps.

    May refuse with StaffNeedSecondFactor, FactorIsOff, WrongFactorCode, TooManyFactorAnswers, LimitsAway.
    """
    if member.role != User.Role.USER:
        raise StaffNeedSecondFactor()
    _must_be_right(member, code, at)
    with transaction.atomic():
        User.objects.filter(pk=member.pk).update(
            two_factor_secret="", two_factor_confirmed_at=None, token_version=F("token_version") + 1
        )
        RecoveryCode.objects.filter(user=member).delete()
        note(action="second-factor-off", entity_type="member", entity_id=member.pk, account=member, at=at)
        notices.tell(member=member, what="second-factor-off", at=at)
    _read_anew(member)


def new_recovery_codes(*, member: User, code: str, at: datetime) -> list[str]:
    """Ten new recovery codes, shown this once; the old ones are dead.

    May refuse with FactorIsOff, WrongFactorCode, TooManyFactorAnswers, LimitsAway.
    """
    _must_be_right(member, code, at)
    with transaction.atomic():
        codes = _renew_codes(member, at)
        note(action="recovery-codes-new", entity_type="member", entity_id=member.pk, account=member, at=at)
        notices.tell(member=member, what="recovery-codes-new", at=at)
    return codes


def _must_be_right(member: User, code: str, at: datetime) -> None:
    if not member.has_second_factor:
        raise FactorIsOff()
    if not check(member=member, code=code, at=at):
        failures.note_failed_proof(member=member, way="factor", at=at)
        raise WrongFactorCode()


def _take_step(member: User, code: str, at: datetime) -> bool:
    now = User.objects.filter(pk=member.pk).values("two_factor_secret", "two_factor_confirmed_at").get()
    if now["two_factor_confirmed_at"] is None or not totp.is_secret(now["two_factor_secret"]):
        return False
    step = totp.step_of(code.replace(" ", ""), secret=now["two_factor_secret"], at=at)
    # Of the same code sent many times at once, one finds its step unused.
    return step is not None and bool(
        User.objects.filter(pk=member.pk, two_factor_step__lt=step).update(two_factor_step=step)
    )


@transaction.atomic
def _take_recovery_code(member: User, typed: str, at: datetime) -> bool:
    code = totp.recovery_code_in(typed)
    if code is None:
        return False
    digest = totp.recovery_hash(code, member_id=member.pk, pepper=settings.CODE_PEPPER)
    if not RecoveryCode.objects.filter(user=member, code_hash=digest, used_at=None).update(used_at=at):
        return False
    note(action="recovery-code-used", entity_type="member", entity_id=member.pk, account=member, at=at)
    notices.tell(member=member, what="recovery-code-used", at=at)
    return True


def _renew_codes(member: User, at: datetime) -> list[str]:
    # Two renewals at once must not leave twenty.
    User.objects.select_for_update(no_key=True).get(pk=member.pk)
    RecoveryCode.objects.filter(user=member).delete()
    codes = totp.new_recovery_codes()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(
            user=member,
            code_hash=totp.recovery_hash(code.replace("-", ""), member_id=member.pk, pepper=settings.CODE_PEPPER),
            created_at=at,
        )
        for code in codes
    )
    return codes


def _read_anew(member: User) -> None:
    member.refresh_from_db(fields=["two_factor_secret", "two_factor_confirmed_at", "token_version"])


def _limit(member: User) -> Limit:
    return Limit("factor-answers", str(member.pk), figures().WRONG_FACTOR_CODES_PER_HOUR, 3600)


def _count(member: User) -> str:
    """Count one wrong answer in advance, so that a burst in parallel cannot slip through; a right one is given back."""
    return take(_limit(member), refuse=TooManyFactorAnswers)


def _uncount(member: User, counted: str) -> None:
    give_back(counted, _limit(member))


def _qr(uri: str) -> str:
    picture = qrcode.make(uri, image_factory=SvgPathImage, border=0, error_correction=qrcode.ERROR_CORRECT_M)
    written = io.BytesIO()
    picture.save(written)
    return written.getvalue().decode().partition("?>")[2].strip()
