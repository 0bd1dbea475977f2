"""Stopping e-mails by the link in each: it names the member and the list, and is signed, so that nobody can make one.

It does not expire: whoever finds an old e-mail may stop what it belongs to. It can do nothing else.
"""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.urls import reverse

DIGEST = "digest"  # the one list that is no kind of notice

_SALT = "accounts.notifications.unsubscribe"


@dataclass(frozen=True)
class Stop:
    """Whom to send no more of what: DIGEST, or the name of a kind."""

    member_id: UUID
    list_name: str


def path_for(member_id: UUID, list_name: str) -> str:
    """Where a member stops a list."""
    token = signing.dumps([member_id.hex, list_name], salt=_SALT)
    return reverse("accounts:unsubscribe", args=[token])


def read(token: str) -> Stop | None:
    """What a link was made for; None for one that was not made here."""
    try:
        member_hex, list_name = signing.loads(token, salt=_SALT)
        return Stop(UUID(hex=member_hex), str(list_name))
    except (signing.BadSignature, ValueError, TypeError):
        return None
