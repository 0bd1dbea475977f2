"""Index of the app's tables, where Django looks for them."""

from accounts.audit.models import AdminAction, AuditLog
from accounts.badges.models import Badge, UserActivity, UserBadge
from accounts.departures.models import DataExport, Departure, ReleasedNumber
from accounts.invitations.models import Application, Invitation, InvitationUse
from accounts.members.models import Block, FormerName, Mute, MutedWord, Page, Profile, User
from accounts.notifications.models import Digest, Notification, OutgoingMessage, OwedNotice
from accounts.signin.models import (
    BrowserSession,
    EmailProof,
    PhoneVerification,
    RecoveryCode,
    SecondStep,
    TokenFamily,
)
from accounts.wallets.models import AddressChallenge, Wallet, WalletAddress

__all__ = [
    "AddressChallenge",
    "AdminAction",
    "Application",
    "AuditLog",
    "Badge",
    "Block",
    "BrowserSession",
    "DataExport",
    "Departure",
    "Digest",
    "EmailProof",
    "FormerName",
    "Invitation",
    "InvitationUse",
    "Mute",
    "MutedWord",
    "Notification",
    "OutgoingMessage",
    "OwedNotice",
    "Page",
    "PhoneVerification",
    "Profile",
    "RecoveryCode",
    "ReleasedNumber",
    "SecondStep",
    "TokenFamily",
    "User",
    "UserActivity",
    "UserBadge",
    "Wallet",
    "WalletAddress",
]
