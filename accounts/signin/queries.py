"""Reads about sign-ins."""

from datetime import datetime

from accounts.members.models import User
from accounts.signin.models import TokenFamily
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
