"""Pure rules of signing in: the form of numbers and codes, how a code is kept, how a number is shown."""

import hmac
import re
from datetime import datetime, timedelta
from uuid import UUID

import phonenumbers

CODE_LIVES = timedelta(minutes=10)
CODE_FORM = re.compile(r"[0-9]{6}", re.ASCII)
LONGEST_NUMBER = 32  # characters as typed, with blanks and brackets


def number_of(typed: str) -> str | None:
    """The number as E.164, or None when it cannot be one. Takes blanks, brackets, dashes and a leading 00.

    Whether the number is in use is not asked: libraries learn of new ranges late, and the carrier knows.
    """
    text = typed.strip()
    if not text.isascii() or len(text) > LONGEST_NUMBER or not re.fullmatch(r"(\+|00)[0-9 ()./-]+", text):
        return None
    try:
        number = phonenumbers.parse("+" + text[2:] if text.startswith("00") else text)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_code(text: object) -> bool:
    """Whether something is a text of exactly six ASCII digits."""
    return isinstance(text, str) and CODE_FORM.fullmatch(text) is not None


def code_hash(*, verification_id: UUID, code: str, pepper: str) -> str:
    """HMAC-SHA256 over id and code: useless without the pepper, and useless for another request's code."""
    return hmac.digest(pepper.encode(), f"{verification_id}:{code}".encode(), "sha256").hex()


def pseudonym(number: str, *, pepper: str) -> str:
    """What a number is called where it is only counted, so that the counters do not list who signs in."""
    return hmac.digest(pepper.encode(), f"number:{number}".encode(), "sha256").hex()[:32]


def secret_hash(secret: str, *, purpose: str, pepper: str) -> str:
    """How the secret of a link, or a code for one sign-in, is kept: useless without the pepper, and for anything else.

    64 hexadecimal digits of HMAC-SHA256.
    """
    return hmac.digest(pepper.encode(), f"{purpose}:{secret}".encode(), "sha256").hex()


def is_dormant(last_seen: datetime, *, days: int, at: datetime) -> bool:
    """Whether a number was silent for so many days that it may have another owner by now."""
    return at - last_seen >= timedelta(days=days)


def block_of_number(number: str) -> str:
    """The block of 1,000 numbers that a number lies in: all but its last three digits."""
    return number[:-3]


def country_codes(text: str) -> frozenset[int]:
    """The country codes in a text such as "44 49, +351"."""
    return frozenset(int(code) for code in re.findall(r"[0-9]{1,3}", text, re.ASCII))


def cool_down(unproved: int, *, free: int, first: int) -> timedelta:
    """How long after the last of some unproved codes the next may be sent: first, twice, four times … as long.

    Nothing while there are fewer than `free`; never more than a day.
    """
    if unproved < free:
        return timedelta()
    return timedelta(seconds=min(first * 2 ** min(unproved - free, 20), 86400))


def masked(number: str) -> str:
    """Enough of a number to recognise one's own: +4915112345678 → +49 ••• 78; nothing of none."""
    if not number:
        return ""
    country = phonenumbers.parse(number).country_code
    return f"+{country} ••• {number[-2:]}"


def masked_email(email: str) -> str:
    """Enough of an address to recognise one's own: ana.lucia@example.org → a•••@example.org."""
    name, _at, site = email.partition("@")
    return f"{name[:1]}•••@{site}"
