"""Writes about joining, one noun per file."""

from accounts.invitations.operations.admitting import (
    ApplicationDeclined,
    ApplicationNeeded,
    ApplicationWaiting,
    GiftNotThere,
    InvitationNeeded,
    InvitationNoGood,
    SignUpClosed,
    admit,
)
from accounts.invitations.operations.applications import (
    NothingToApplyFor,
    accept,
    apply,
    decline,
    forget_decided,
)
from accounts.invitations.operations.links import (
    GiftTooLarge,
    TooManyInvitations,
    WrongInvitation,
    make_invitation,
    revoke,
)

__all__ = [
    "ApplicationDeclined",
    "ApplicationNeeded",
    "ApplicationWaiting",
    "GiftNotThere",
    "GiftTooLarge",
    "InvitationNeeded",
    "InvitationNoGood",
    "NothingToApplyFor",
    "SignUpClosed",
    "TooManyInvitations",
    "WrongInvitation",
    "accept",
    "admit",
    "apply",
    "decline",
    "forget_decided",
    "make_invitation",
    "revoke",
]
