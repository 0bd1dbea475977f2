from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.audit.models import AuditLog
from accounts.members.models import User
from accounts.signin import totp
from accounts.signin.models import RecoveryCode
from accounts.signin.operations import factors
from accounts.signin.tests.conftest import Phone
from config.lib import limits
from config.lib.limits import LimitsAway

pytestmark = pytest.mark.django_db

# RFC 6238, appendix B: the secret "12345678901234567890", and the last six of its eight digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def later(steps):
    return NOW + timedelta(seconds=30 * steps)


@pytest.fixture
def enrolled(alice):
    """alice with a second factor; `codes` are her recovery codes."""
    alice.secret = totp.new_secret()
    alice.codes = factors.confirm(member=alice, secret=alice.secret, code=totp.code_at(alice.secret, NOW), at=NOW)
    return alice


# -- Rules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_rfc(seconds, code):
    assert totp.code_at(RFC_SECRET, datetime.fromtimestamp(seconds, tz=UTC)) == code


@pytest.mark.parametrize(("off", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(off, counts):
    code = totp.code_at(RFC_SECRET, later(off))
    assert (totp.step_of(code, secret=RFC_SECRET, at=NOW) is not None) is counts


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "１２３４５６", "abcdef", "\x00", "9" * 10_000])
def test_what_is_no_code_is_no_step(typed):
    assert totp.step_of(typed, secret=RFC_SECRET, at=NOW) is None


def test_an_authenticator_is_told_all_it_needs(alice):
    enrolment = factors.begin(member=alice, at=NOW)
    assert totp.is_secret(enrolment.secret)
    assert enrolment.uri == (
        f"otpauth://totp/Civitas%3Aalice?secret={enrolment.secret}&issuer=Civitas&algorithm=SHA1&digits=6&period=30"
    )
    assert enrolment.qr_svg.startswith("<svg")
    assert "style=" not in enrolment.qr_svg
    assert factors.begin(member=alice, at=NOW).secret != enrolment.secret


@pytest.mark.parametrize("typed", ["abcde-fghjk", "ABCDE FGHJK", " abcdefghjk ", "abcde–fghjk".replace("–", "-")])
def test_a_recovery_code_as_people_write_it(typed):
    assert totp.recovery_code_in(typed) == "abcdefghjk"


@pytest.mark.parametrize("typed", ["", "abcde", "abcde-fghj0", "\x00", "ａbcdefghjk", "a" * 10_000])
def test_what_is_no_recovery_code(typed):
    assert totp.recovery_code_in(typed) is None


# -- On -------------------------------------------------------------------------------------------


def test_it_is_on_with_the_first_right_code(enrolled):
    fresh = User.objects.get(pk=enrolled.pk)
    assert fresh.has_second_factor
    assert fresh.two_factor_secret == enrolled.secret
    assert fresh.token_version == 2
    assert len(set(enrolled.codes)) == 10
    assert AuditLog.objects.filter(action="second-factor-on", account=enrolled).count() == 1
    assert "switched on" in Phone(str(enrolled.phone_number)).messages[0]


def test_nothing_of_it_is_kept_in_clear(enrolled):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT two_factor_secret FROM accounts_user WHERE id = %s", [enrolled.pk])
        assert enrolled.secret not in cursor.fetchone()[0]
    hashes = set(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert not hashes & {code.replace("-", "") for code in enrolled.codes}


def test_a_wrong_first_code_switches_nothing_on(alice):
    secret = totp.new_secret()
    with pytest.raises(factors.WrongFactorCode):
        factors.confirm(member=alice, secret=secret, code=totp.code_at(secret, later(5)), at=NOW)
    assert not User.objects.get(pk=alice.pk).has_second_factor
    assert not RecoveryCode.objects.exists()


def test_it_is_not_set_up_over_another(enrolled):
    with pytest.raises(factors.FactorIsOn):
        factors.begin(member=enrolled, at=NOW)
    other = totp.new_secret()
    with pytest.raises(factors.FactorIsOn):
        factors.confirm(member=enrolled, secret=other, code=totp.code_at(other, NOW), at=NOW)
    assert User.objects.get(pk=enrolled.pk).two_factor_secret == enrolled.secret


# -- Codes ----------------------------------------------------------------------------------------


def test_a_code_counts_once(enrolled):
    code = totp.code_at(enrolled.secret, later(1))
    assert factors.check(member=enrolled, code=f"{code[:3]} {code[3:]}", at=later(1))
    assert not factors.check(member=enrolled, code=code, at=later(1))
    assert not factors.check(member=enrolled, code=totp.code_at(enrolled.secret, NOW), at=later(1))
    assert factors.check(member=enrolled, code=totp.code_at(enrolled.secret, later(2)), at=later(2))


def test_the_code_that_switched_it_on_does_not_count_again(enrolled):
    assert not factors.check(member=enrolled, code=totp.code_at(enrolled.secret, NOW), at=NOW)


def test_a_recovery_code_counts_once_and_is_told(enrolled, bob):
    code = enrolled.codes[0]
    assert factors.check(member=enrolled, code=code.upper().replace("-", " "), at=NOW)
    assert not factors.check(member=enrolled, code=code, at=NOW)
    assert RecoveryCode.objects.filter(user=enrolled, used_at=None).count() == 9
    assert "recovery code of your account was used" in Phone(str(enrolled.phone_number)).messages[0]
    assert AuditLog.objects.filter(action="recovery-code-used", account=enrolled).count() == 1


def test_mallorys_codes_do_not_open_alices_account(enrolled, mallory):
    secret = totp.new_secret()
    hers = factors.confirm(member=mallory, secret=secret, code=totp.code_at(secret, NOW), at=NOW)
    assert not factors.check(member=enrolled, code=hers[0], at=later(1))
    assert not factors.check(member=enrolled, code=totp.code_at(secret, later(1)), at=later(1))


def test_without_a_factor_no_code_counts(alice):
    assert not factors.check(member=alice, code="000000", at=NOW)
    assert not factors.check(member=alice, code="abcde-fghjk", at=NOW)


@pytest.mark.parametrize("typed", ["", "000000", "x" * 10_000, "\x00", "１２３４５６", "' OR 1=1 --"])
def test_what_is_no_code_does_not_count(enrolled, typed):
    assert not factors.check(member=enrolled, code=typed, at=later(40))


def test_the_eleventh_wrong_answer_of_an_hour_waits(enrolled):
    for _answer in range(10):
        assert not factors.check(member=enrolled, code="abcde-fghjk", at=NOW)
    with pytest.raises(factors.TooManyFactorAnswers):
        factors.check(member=enrolled, code=enrolled.codes[0], at=NOW)
    limits.forget_all()
    assert factors.check(member=enrolled, code=enrolled.codes[0], at=NOW)


def test_right_answers_are_not_counted(enrolled):
    for step in range(1, 15):
        assert factors.check(member=enrolled, code=totp.code_at(enrolled.secret, later(step)), at=later(step))


def test_without_counters_no_code_is_looked_at(enrolled, settings):
    settings.REDIS_FOR_LIMITS = "unix:///nowhere/redis.sock?db=3"
    with pytest.raises(LimitsAway):
        factors.check(member=enrolled, code=totp.code_at(enrolled.secret, later(1)), at=later(1))


# -- Off, and new codes ---------------------------------------------------------------------------


def test_it_is_switched_off_with_a_last_code(enrolled):
    with pytest.raises(factors.WrongFactorCode):
        factors.switch_off(member=enrolled, code="000000", at=later(50))
    factors.switch_off(member=enrolled, code=totp.code_at(enrolled.secret, later(1)), at=later(1))
    fresh = User.objects.get(pk=enrolled.pk)
    assert (fresh.has_second_factor, fresh.two_factor_secret, fresh.token_version) == (False, "", 3)
    assert not RecoveryCode.objects.exists()
    assert any("switched OFF" in body for body in Phone(str(enrolled.phone_number)).messages)
    with pytest.raises(factors.FactorIsOff):
        factors.switch_off(member=enrolled, code="000000", at=later(2))


@pytest.mark.parametrize("role", ["MODERATOR", "ADMIN"])
def test_staff_keep_theirs(enrolled, role):
    User.objects.filter(pk=enrolled.pk).update(role=role)
    enrolled.role = role
    with pytest.raises(factors.StaffNeedSecondFactor):
        factors.switch_off(member=enrolled, code=totp.code_at(enrolled.secret, later(1)), at=later(1))
    assert User.objects.get(pk=enrolled.pk).has_second_factor


def test_new_recovery_codes_kill_the_old_ones(enrolled):
    made = factors.new_recovery_codes(member=enrolled, code=totp.code_at(enrolled.secret, later(1)), at=later(1))
    assert not set(made) & set(enrolled.codes)
    assert RecoveryCode.objects.filter(user=enrolled).count() == 10
    assert not factors.check(member=enrolled, code=enrolled.codes[0], at=timezone.now())
    assert factors.check(member=enrolled, code=made[0], at=timezone.now())
