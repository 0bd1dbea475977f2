"""Writes about what members did and are known for, one noun per file."""

from accounts.badges.operations.activity import note_activity
from accounts.badges.operations.earned import give_badge, give_earned
from accounts.badges.operations.handed import (
    BadgeNameTaken,
    EarnedByRule,
    HasBadge,
    NoSuchIcon,
    NoSuchPage,
    change_badge,
    hand_badge,
    make_badge,
    take_badge,
)

__all__ = [
    "BadgeNameTaken",
    "EarnedByRule",
    "HasBadge",
    "NoSuchIcon",
    "NoSuchPage",
    "change_badge",
    "give_badge",
    "give_earned",
    "hand_badge",
    "make_badge",
    "note_activity",
    "take_badge",
]
