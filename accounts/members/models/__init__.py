"""Members' tables: `member` (who they are), `names` (what they were called), `boundaries` (whom they keep away)."""

from accounts.members.models.boundaries import Block, Mute, MutedWord
from accounts.members.models.member import (
    USERNAME_PATTERN,
    MemberManager,
    MemberQuerySet,
    Page,
    PageQuerySet,
    Profile,
    User,
)
from accounts.members.models.names import FormerName

__all__ = [
    "USERNAME_PATTERN",
    "Block",
    "FormerName",
    "MemberManager",
    "MemberQuerySet",
    "Mute",
    "MutedWord",
    "Page",
    "PageQuerySet",
    "Profile",
    "User",
]
