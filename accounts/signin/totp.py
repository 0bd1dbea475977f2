"""Pure rules of the second factor: secrets, the codes of RFC 6238 made from them, and recovery codes."""

import base64
import hmac
import re
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID

from django_otp.oath import hotp

STEP = 30  # seconds that a code lives
TOLERANCE = 1  # steps that a clock may be off, either way
RECOVERY_CODES = 10

_SIX_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_HALF = 5
_RECOVERY_CODE = re.compile(rf"[{_LETTERS}]{{{2 * _HALF}}}", re.ASCII)


def new_secret() -> str:
    """160 random bits, as authenticators take them: base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def is_secret(text: object) -> bool:
    """Whether something is such a secret."""
    return isinstance(text, str) and re.fullmatch(r"[A-Z2-7]{32}", text) is not None


def uri_of(secret: str, *, site: str, name: str) -> str:
    """What a QR code says to an authenticator (otpauth, as Google's Key URI format describes it)."""
    label = quote(f"{site}:{name}")
    return f"otpauth://totp/{label}?" + urlencode(
        {"secret": secret, "issuer": site, "algorithm": "SHA1", "digits": 6, "period": STEP}, quote_via=quote
    )


def code_at(secret: str, at: datetime) -> str:
    """The code that an authenticator shows at a moment."""
    return _code(secret, step_at(at))


def step_at(at: datetime) -> int:
    """The number of the time step that a moment lies in."""
    return int(at.timestamp()) // STEP


def step_of(code: str, *, secret: str, at: datetime) -> int | None:
    """The step whose code this is, out of the present one and its neighbours; None when it is none of theirs."""
    if _SIX_DIGITS.fullmatch(code) is None:
        return None
    found = None
    for step in range(step_at(at) - TOLERANCE, step_at(at) + TOLERANCE + 1):
        # All are compared, and each in the same time.
        if hmac.compare_digest(_code(secret, step), code):
            found = step
    return found


def _code(secret: str, step: int) -> str:
    return f"{hotp(base64.b32decode(secret), step):06}"


def new_recovery_codes() -> list[str]:
    """Ten codes of 49 bits, each in two halves that can be read aloud."""
    made: set[str] = set()
    while len(made) < RECOVERY_CODES:
        letters = "".join(secrets.choice(_LETTERS) for _place in range(2 * _HALF))
        made.add(f"{letters[:_HALF]}-{letters[_HALF:]}")
    return sorted(made)


def recovery_code_in(typed: str) -> str | None:
    """The recovery code in what someone typed, in small letters and without dashes and blanks; None when it is none."""
    code = re.sub(r"[\s-]", "", typed).lower()
    return code if _RECOVERY_CODE.fullmatch(code) else None


def recovery_hash(code: str, *, member_id: UUID, pepper: str) -> str:
    """HMAC-SHA256 of member and code: useless without the pepper, and for anyone else. `code` as `recovery_code_in`."""
    return hmac.digest(pepper.encode(), f"recovery:{member_id}:{code}".encode(), "sha256").hex()
