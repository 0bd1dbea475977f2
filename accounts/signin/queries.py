"""Reads about sign-ins."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from accounts.members.models import User
from accounts.signin.models import BrowserSession, RecoveryCode, TokenFamily
from accounts.signin.tokens import Claims


def member_of_access(claims: Claims, *, at: datetime) -> User | None:
    """The member an access token speaks for, or None when its family has ended or the member is out. One query."""
    family = (
        TokenFamily.objects.select_related("user")
        .filter(pk=claims.family_id, user_id=claims.member_id, ended_at=None, expires_at__gt=at)
        .first()
    )
    if family is None or not family.user.is_active or family.user.token_version != claims.version:
        return None
    return family.user


def member_of_session(session_key: str, *, version: int, at: datetime) -> User | None:
    """The member whom a browser's session speaks for, or None when it has ended or the member is out. One query."""
    living = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    row = BrowserSession.objects.select_related("user").filter(Exists(living), session_key=session_key).first()
    if row is None or not row.user.is_active or row.user.token_version != version:
        return None
    return row.user


def member_of_email(email: str) -> User | None:
    """The member who has confirmed this address, regardless of case.

    It is made small here and not by the database, as where tries are counted: PostgreSQL takes İ for an i, and each way
    to write an address that is counted apart would be ten more passwords to try.
    """
    return User.objects.alias(lower=Lower("email")).filter(lower=email.lower(), email_verified=True).first()


def browsers_of(member: User, *, at: datetime) -> list[BrowserSession]:
    """The browsers that a member is signed in with, last used first."""
    living = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    rows = BrowserSession.objects.filter(Exists(living), _of_version(member), user=member, expires_at__gt=at)
    return list(rows.order_by("-last_used_at"))


def programs_of(member: User, *, at: datetime) -> list[TokenFamily]:
    """The programs that a member is signed in with, last used first."""
    rows = TokenFamily.objects.filter(_of_version(member), user=member, ended_at=None, expires_at__gt=at)
    return list(rows.order_by("-last_used_at"))


def recovery_codes_left(member: User) -> int:
    """How many of a member's recovery codes have not been used."""
    return RecoveryCode.objects.filter(user=member, used_at=None).count()


def _of_version(member: User) -> Q:
    # Rows that were made before versions were kept have none.
    return Q(token_version=None) | Q(token_version=member.token_version)
