"""Writes of a member's e-mail address: a link goes to it, and the address counts once its owner has brought it back.

Whether another account has an address shows only to whoever has opened the link in its mailbox.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit.operations import note
from accounts.members.models import User
from accounts.notifications.operations import Channel, owe_message
from accounts.signin import rules
from accounts.signin.models import EmailProof
from accounts.signin.operations import notices, passwords
from config.lib.limits import Limit, counted
from config.lib.links import absolute
from config.lib.refusals import Refused, TooMany
from config.lib.runtime import figures

Purpose = EmailProof.Purpose
LINK_LIVES = timedelta(days=1)
HOUR = 3600


class TooManyLinks(TooMany):
    """The member asked for too many links, or too many were asked for one address."""

    sentence = _("Too many messages were asked for. You can ask for another one in %(wait)s.")


class SameEmail(Refused):
    """The address is the member's already, and confirmed."""

    slug = "same-email"
    title = _("The same address")
    sentence = _("This is already your address, and confirmed.")
    field = "email"


class LinkNoGood(Refused):
    """The link was used, is too old, was replaced by a newer one, or belongs to another account."""

    slug = "link-no-good"
    status = 404
    title = _("This link no longer works")
    sentence = _("It was used, is too old, or belongs to another account. Ask for a new one.")


class EmailTaken(Refused):
    """Another account has confirmed the address; only whoever reads its mail hears of it."""

    slug = "email-taken"
    title = _("Address taken")
    sentence = _("Another account here has this address. Sign in to that one, or take another address.")
    field = "email"


def begin(*, member: User, email: str, at: datetime) -> None:
    """Send a link to an address that a member wants to have; an earlier link is dead from then on.

    The answer is the same whether or not another account has the address. May refuse with SameEmail, TooManyLinks,
    LimitsAway.
    """
    if member.email_verified and (member.email or "").lower() == email.lower():
        raise SameEmail()
    whom = rules.pseudonym(email.lower(), pepper=settings.CODE_PEPPER)
    most = figures().EMAIL_LINKS_PER_HOUR
    limits = (Limit("email-links", str(member.pk), most, HOUR), Limit("email-links-to", whom, most, HOUR))
    secret = secrets.token_urlsafe(32)
    with counted(*limits, refuse=TooManyLinks, is_strict=True), transaction.atomic():
        _links_of(member).delete()
        EmailProof.objects.create(
            user=member,
            email=email,
            purpose=Purpose.VERIFY,
            secret_hash=_hash(secret),
            expires_at=at + LINK_LIVES,
            created_at=at,
        )
        link = absolute(reverse("accounts:confirm_email", args=[secret]))
        owe_message(
            channel=Channel.EMAIL,
            recipient=email,
            subject=gettext("Confirm your e-mail address at %(site)s") % {"site": settings.SITE_NAME},
            body=gettext(
                "Hello,\n\nthe account @%(name)s at %(site)s wants to use this address. If that is you, open this link"
                " within a day, in a browser that is signed in:\n\n%(link)s\n\nIf not, do nothing: without the link the"
                " address is not used."
            )
            % {"name": member.primary_page.username, "site": settings.SITE_NAME, "link": link},
            at=at,
            give_up_at=at + LINK_LIVES,
        )


def waiting_for(member: User, *, at: datetime) -> str | None:
    """The address whose link the member has not opened yet, or None."""
    link = _links_of(member).filter(expires_at__gt=at).first()
    return link.email if link is not None else None


def give_up(*, member: User) -> None:
    """Wait for no link any more. Doing it twice is no error."""
    _links_of(member).delete()


def address_to_confirm(*, member: User, secret: str, at: datetime) -> str:
    """The address that a link of this member's would confirm. May refuse with LinkNoGood, also for another's link."""
    link = _links_of(member).filter(secret_hash=_hash(secret), expires_at__gt=at).first()
    if link is None:
        raise LinkNoGood()
    return link.email


def confirm(*, member: User, secret: str, at: datetime) -> None:
    """Make the address of a link the member's own. May refuse with LinkNoGood, EmailTaken.

    The address before, or else the phone, is told.
    """
    try:
        with transaction.atomic():
            email = _take(member, secret, at)
            if member.email is None or member.email.lower() != email.lower():
                # Before the change, so that whoever reads the old address hears of it.
                notices.tell(member=member, what="email-changed", at=at)
            User.objects.filter(pk=member.pk).update(email=email, email_verified=True)
            note(action="email-changed", entity_type="member", entity_id=member.pk, account=member, at=at)
    except IntegrityError as error:
        # Two accounts confirmed one address at the same moment, and the other was first.
        raise EmailTaken() from error
    member.refresh_from_db(fields=["email", "email_verified"])


def _take(member: User, secret: str, at: datetime) -> str:
    """Use the link up; of two clicks at once one finds it unused."""
    link = _links_of(member).filter(secret_hash=_hash(secret), expires_at__gt=at).first()
    if link is None or not EmailProof.objects.filter(pk=link.pk, used_at=None).update(used_at=at):
        raise LinkNoGood()
    # Links to reset a password that went to the address before are dead.
    EmailProof.objects.filter(user=member, purpose=Purpose.RESET).delete()
    others = User.objects.alias(lower=Lower("email")).filter(lower=Lower(Value(link.email))).exclude(pk=member.pk)
    if others.filter(email_verified=True).exists():
        raise EmailTaken()
    others.update(email=None)  # nobody has ever shown that they read its mail
    member.refresh_from_db(fields=["email", "email_verified"])
    return link.email


@transaction.atomic
def remove(*, member: User, at: datetime) -> None:
    """Do without an address. A password opens nothing then. Doing it twice is no error. May refuse with LastWayIn."""
    passwords.must_have_number(member)
    _links_of(member).delete()
    EmailProof.objects.filter(user=member, purpose=Purpose.RESET).delete()
    if member.email is None:
        return
    notices.tell(member=member, what="email-removed", at=at)
    User.objects.filter(pk=member.pk).update(email=None, email_verified=False)
    member.refresh_from_db(fields=["email", "email_verified"])
    note(action="email-removed", entity_type="member", entity_id=member.pk, account=member, at=at)


def _links_of(member: User) -> QuerySet[EmailProof]:
    return EmailProof.objects.filter(user=member, purpose=Purpose.VERIFY, used_at=None)


def _hash(secret: str) -> str:
    return rules.secret_hash(secret, purpose=Purpose.VERIFY, pepper=settings.CODE_PEPPER)
