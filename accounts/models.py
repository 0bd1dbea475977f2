"""Index of the app's tables, where Django looks for them."""

from accounts.badges.models import Badge, UserActivity, UserBadge
from accounts.members.models import Page, Profile, User
from accounts.notifications.models import OutgoingMessage
from accounts.signin.models import PhoneVerification, TokenFamily
from accounts.wallets.models import Wallet

__all__ = [
    "Badge",
    "OutgoingMessage",
    "Page",
    "PhoneVerification",
    "Profile",
    "TokenFamily",
    "User",
    "UserActivity",
    "UserBadge",
    "Wallet",
]
