"""Writes about token families: one begins with a sign-in, lives from one refresh token to the next, and ends."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit.operations import note
from accounts.members.models import User
from accounts.signin import devices, tokens
from accounts.signin.models import TokenFamily
from accounts.signin.operations import sessions
from accounts.signin.tokens import Claims, Tokens
from config.lib.ids import uuid7_at
from config.lib.limits import Limit, take
from config.lib.refusals import Refused, TooMany
from config.lib.runtime import figures


class TokenNoGood(Refused):
    """The refresh token is not ours, expired, was used before, or its session has ended."""

    slug = "not-authenticated"
    status = 401
    title = _("Not signed in")
    sentence = _("This refresh token is not, or no longer, good. Sign in again.")


class TooManyRefreshes(TooMany):
    """The session refreshed its tokens too often."""

    sentence = _("This session has refreshed its tokens too often. It can do so again in %(wait)s.")


@transaction.atomic
def begin_family(*, member: User, address: str, user_agent: str, at: datetime) -> Tokens:
    """Sign a program in: a new family and its first pair."""
    family_id = uuid7_at(at)
    pair = tokens.pair_for(member=member, family_id=family_id, at=at)
    TokenFamily.objects.create(
        id=family_id,
        user=member,
        current_jti=pair.jti,
        token_version=member.token_version,
        expires_at=pair.expires_at,
        last_used_at=at,
        ip_address=address,
        user_agent=devices.kept(user_agent),
        created_at=at,
        updated_at=at,
    )
    facts = {"way": "program", "address": address}
    note(action="sign-in", entity_type="program", entity_id=family_id, account=member, new_values=facts, at=at)
    sessions.tell_of_program(member=member, family_id=family_id, address=address, user_agent=user_agent, at=at)
    return pair


def refresh(*, token: str, at: datetime) -> Tokens:
    """A new pair for a refresh token, which is dead from then on.

    May refuse with TokenNoGood, TooManyRefreshes, LimitsAway. A token that was used before has been copied: its family
    ends, and nobody knows which of the two was the thief.
    """
    claims = tokens.read_refresh(token)
    if claims is None:
        raise TokenNoGood()
    take(
        Limit("refreshes", str(claims.family_id), figures().REFRESHES_PER_SESSION_HOUR, 3600),
        refuse=TooManyRefreshes,
    )
    pair = _renewed(claims, at=at)
    if pair is None:
        # Raised outside of the transaction, because the family's end has to stay.
        raise TokenNoGood()
    return pair


@transaction.atomic
def _renewed(claims: Claims, *, at: datetime) -> Tokens | None:
    # Another refresh with the same token waits here, and then finds that it came second.
    family = _open_family(claims)
    if family is None or family.expires_at <= at:
        return None
    member = User.objects.get(pk=family.user_id)
    if not member.is_active or member.token_version != claims.version:
        return None
    if family.current_jti != claims.jti:
        _end(family, TokenFamily.Ending.REUSE, at)
        note(action="token-reused", entity_type="program", entity_id=family.pk, account=member, at=at)
        return None
    pair = tokens.pair_for(member=member, family_id=family.pk, at=at)
    family.current_jti = pair.jti
    family.expires_at = pair.expires_at
    family.last_used_at = at
    family.save(update_fields=["current_jti", "expires_at", "last_used_at"])
    return pair


@transaction.atomic
def end_family(*, token: str, at: datetime) -> None:
    """Sign a program out. Doing it twice is no error. May refuse with TokenNoGood when the token is not one of ours."""
    claims = tokens.read_refresh(token)
    if claims is None:
        raise TokenNoGood()
    family = _open_family(claims)
    if family is not None:
        _end(family, TokenFamily.Ending.SIGNED_OUT, at)
        note(action="sign-out", entity_type="program", entity_id=family.pk, account=family.user, at=at)


def _open_family(claims: Claims) -> TokenFamily | None:
    return (
        TokenFamily.objects.select_for_update(no_key=True)
        .filter(pk=claims.family_id, user_id=claims.member_id, ended_at=None)
        .first()
    )


def _end(family: TokenFamily, ending: TokenFamily.Ending, at: datetime) -> None:
    family.ended_at = at
    family.ending = ending
    family.save(update_fields=["ended_at", "ending"])
