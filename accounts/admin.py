"""Index of the app's tables in the admin, where Django looks for them."""

from accounts.audit.admin import AdminActionAdmin, AuditLogAdmin
from accounts.badges.admin import BadgeAdmin, UserActivityAdmin, UserBadgeAdmin
from accounts.invitations.admin import ApplicationAdmin, InvitationAdmin
from accounts.members.admin import MemberAdmin, PageAdmin, ProfileAdmin
from accounts.notifications.admin import OutgoingMessageAdmin
from accounts.signin.admin import PhoneVerificationAdmin, TokenFamilyAdmin

__all__ = [
    "AdminActionAdmin",
    "ApplicationAdmin",
    "AuditLogAdmin",
    "BadgeAdmin",
    "InvitationAdmin",
    "MemberAdmin",
    "OutgoingMessageAdmin",
    "PageAdmin",
    "PhoneVerificationAdmin",
    "ProfileAdmin",
    "TokenFamilyAdmin",
    "UserActivityAdmin",
    "UserBadgeAdmin",
]
