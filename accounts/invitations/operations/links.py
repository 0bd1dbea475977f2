"""Invitations: made and taken back by members who may act."""

import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.invitations.models import Invitation
from accounts.members.models import User
from accounts.members.operations import must_act
from config.lib.ids import uuid7_at
from config.lib.money import CENT
from config.lib.refusals import NotThere, Refused
from config.lib.runtime import figures


class TooManyInvitations(Refused):
    """INVITATIONS_MOST good ones at a time."""

    slug = "too-many-invitations"
    title = _("Too many invitations")
    sentence = _("You can have %(most)s invitations open at a time. Take one back, or wait until one is used.")


class WrongInvitation(Refused):
    """More uses or days than an invitation can have, or none."""

    slug = "wrong-invitation"
    title = _("Not possible")
    sentence = _("An invitation is good for 1 to %(most_uses)s people and 1 to %(most_days)s days.")


class GiftTooLarge(Refused):
    """More than a member may give away per day could never be paid."""

    slug = "gift-limit"
    title = _("Too large a gift")
    sentence = _("A gift is between 0.01 and %(most)s coins, the most that a member may give away in a day.")
    field = "gift"


def make_invitation(
    *, inviter: User, uses: int, days: int, at: datetime, note: str = "", gift: Decimal | None = None
) -> Invitation:
    """Make a link for so many people and days; `gift` is what each of them gets from the inviter's wallet.

    May refuse with NotAllowed, WrongInvitation, GiftTooLarge, TooManyInvitations.
    """
    now = figures()
    must_act(inviter)
    if not (1 <= uses <= now.INVITATION_USES_MOST and 1 <= days <= now.INVITATION_DAYS_MOST):
        raise WrongInvitation(most_uses=now.INVITATION_USES_MOST, most_days=now.INVITATION_DAYS_MOST)
    if gift is not None and not CENT <= gift <= now.GIFT_DAILY_MAX:
        raise GiftTooLarge(most=str(now.GIFT_DAILY_MAX))
    with transaction.atomic():
        # Two at once wait for each other here, so that both are counted.
        User.objects.select_for_update(no_key=True).values_list("pk").get(pk=inviter.pk)
        if Invitation.objects.good(at).filter(inviter=inviter).count() >= now.INVITATIONS_MOST:
            raise TooManyInvitations(most=now.INVITATIONS_MOST)
        return Invitation.objects.create(
            id=uuid7_at(at),
            inviter=inviter,
            code=secrets.token_urlsafe(16),
            note=note,
            uses_most=uses,
            gift=gift,
            expires_at=at + timedelta(days=days),
            created_at=at,
        )


def revoke(*, inviter: User, invitation_id: UUID, at: datetime) -> Invitation:
    """Take one's own invitation back; whoever has joined stays. Done already, it is no error. May refuse with NotThere.

    Suspended members may too: it only takes away.
    """
    mine = Invitation.objects.filter(pk=invitation_id, inviter=inviter)
    mine.filter(revoked_at=None).update(revoked_at=at)
    invitation = mine.first()
    if invitation is None:
        raise NotThere()
    return invitation
