"""The two tokens of a signed-in program, as JWTs of one algorithm with our own key, issuer and audience.

Both name their family (`family`), whose row says whether they still count; the access token also carries the member's
`token_version`, which staff or the member raises to end everything at once.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from rest_framework_simplejwt import tokens as jwt
from rest_framework_simplejwt.exceptions import TokenError

from accounts.members.models import User

LONGEST = 2000  # characters; ours have about 500, and nothing longer is worth decoding


class AccessToken(jwt.AccessToken):
    """Opens the API for fifteen minutes."""


class RefreshToken(jwt.RefreshToken):
    """Good for one new pair; its `jti` must be the one its family expects."""


@dataclass(frozen=True)
class Tokens:
    """A pair for one program, and what the family has to remember of it."""

    access: str
    refresh: str
    jti: str
    expires_at: datetime


@dataclass(frozen=True)
class Claims:
    """What a verified token says."""

    family_id: UUID
    member_id: UUID
    version: int
    jti: str
    expires_at: datetime


def pair_for(*, member: User, family_id: UUID, at: datetime) -> Tokens:
    """A new pair of one family."""
    access, refresh = AccessToken(), RefreshToken()
    for token in (access, refresh):
        token["user_id"] = str(member.pk)
        token["family"] = str(family_id)
        token["version"] = member.token_version
        token.set_iat(at_time=at)
        token.set_exp(from_time=at)
    return Tokens(
        access=str(access),
        refresh=str(refresh),
        jti=refresh["jti"],
        expires_at=datetime.fromtimestamp(refresh["exp"], tz=UTC),
    )


def read_access(token: str) -> Claims | None:
    """The claims of an access token of ours that has not expired, or None."""
    return _read(AccessToken, token)


def read_refresh(token: str) -> Claims | None:
    """The claims of a refresh token of ours that has not expired, or None."""
    return _read(RefreshToken, token)


def _read(kind: type[jwt.Token], token: str) -> Claims | None:
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        claims = kind(token)  # type: ignore[arg-type]
        return Claims(
            family_id=UUID(claims["family"]),
            member_id=UUID(claims["user_id"]),
            version=int(claims["version"]),
            jti=str(claims["jti"]),
            expires_at=datetime.fromtimestamp(claims["exp"], tz=UTC),
        )
    except (TokenError, KeyError, ValueError, TypeError):
        return None
