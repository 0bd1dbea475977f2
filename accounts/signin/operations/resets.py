"""Writes of resetting a password by e-mail. Asking leaves one row, whoever asks for whatever address: the same answer
in the same time. A worker looks up afterwards whether anyone has confirmed the address, and only then a link goes out.
"""

import logging
import secrets
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit.operations import note
from accounts.members.models import User
from accounts.notifications.operations import Channel, owe_message
from accounts.signin import queries, rules
from accounts.signin.models import EmailProof
from accounts.signin.operations import notices, passwords
from accounts.signin.operations.emails import LinkNoGood
from config.lib.addresses import block_of
from config.lib.limits import Limit, counted
from config.lib.links import absolute
from config.lib.refusals import TooMany
from config.lib.runtime import figures

log = logging.getLogger(__name__)

Purpose = EmailProof.Purpose
LINK_LIVES = timedelta(hours=1)
HOUR = 3600
_AT_A_TIME = 100


class TooManyResets(TooMany):
    """The network address, or someone about the e-mail address, asked for too many resets."""

    sentence = _("A new password was asked for too often. You can ask again in %(wait)s.")


def ask_for_reset(*, email: str, address: str, at: datetime) -> None:
    """Have a link sent to an address, if anyone has confirmed it. May refuse with TooManyResets, LimitsAway."""
    whom, now = rules.pseudonym(email.lower(), pepper=settings.CODE_PEPPER), figures()
    limits = (
        Limit("resets-address", block_of(address), now.RESETS_PER_ADDRESS_HOUR, HOUR),
        Limit("resets-email", whom, now.RESETS_PER_EMAIL_HOUR, HOUR),
    )
    with counted(*limits, refuse=TooManyResets, is_strict=True), transaction.atomic():
        EmailProof.objects.create(
            user=None, email=email, purpose=Purpose.RESET, secret_hash="", expires_at=at + LINK_LIVES, created_at=at
        )
        transaction.on_commit(_tell_the_worker, robust=True)


def _tell_the_worker() -> None:
    # A broker that is away costs a few seconds: beat collects the row.
    try:
        current_app.send_task("accounts.tasks.send_resets", retry=False, expires=60)
    except Exception as error:  # kombu, redis and the socket each have their own
        log.warning("the broker is away, beat will collect the reset: %s", type(error).__name__)


def send_asked(*, at: datetime) -> int:
    """Send the links that were asked for; how many. Addresses that nobody has confirmed are forgotten.

    Safe to run twice at once.
    """
    sent = 0
    while found := _send_some(at):
        sent += found[0]
        if found[1] < _AT_A_TIME:
            break
    return sent


@transaction.atomic
def _send_some(at: datetime) -> tuple[int, int] | None:
    """How many links were sent, and how many rows were looked at; None when none waited."""
    asked = list(
        EmailProof.objects.filter(user=None, purpose=Purpose.RESET)
        .select_for_update(skip_locked=True)
        .order_by("id")[:_AT_A_TIME]
    )
    sent = 0
    for row in asked:
        member = queries.member_of_email(row.email) if row.expires_at > at else None
        if member is None or member.status in (User.Status.BANNED, User.Status.ERASED):
            row.delete()
        else:
            _send_link(row, member, at)
            sent += 1
    return (sent, len(asked)) if asked else None


def _send_link(row: EmailProof, member: User, at: datetime) -> None:
    secret = secrets.token_urlsafe(32)
    _links_of(member).delete()  # only the newest link works
    # To the address as its owner wrote it, whatever somebody typed.
    EmailProof.objects.filter(pk=row.pk).update(user=member, email=member.email, secret_hash=_hash(secret))
    link = absolute(reverse("accounts:reset_password", args=[secret]))
    owe_message(
        channel=Channel.EMAIL,
        recipient=str(member.email),
        subject=gettext("A new password at %(site)s") % {"site": settings.SITE_NAME},
        body=gettext(
            "Hello @%(name)s,\n\nsomeone asked for a new password of your account at %(site)s. If that was you, open"
            " this link within an hour:\n\n%(link)s\n\nIf not, do nothing: your password stays as it is."
        )
        % {"name": member.primary_page.username, "site": settings.SITE_NAME, "link": link},
        at=at,
        give_up_at=row.expires_at,
    )


def must_be_good(*, secret: str, at: datetime) -> None:
    """May refuse with LinkNoGood."""
    if _member_of(secret, at) is None:
        raise LinkNoGood()


def reset_password(*, secret: str, password: str, at: datetime) -> None:
    """Give the account of a link a new password, and sign it out everywhere. It signs nobody in.

    Whoever has taken over a mailbox must not empty the wallet: without a second factor no coins leave for
    COINS_HELD_HOURS, and the phone hears of it as well. May refuse with LinkNoGood, WeakPassword (which leaves the link
    good).
    """
    member = _member_of(secret, at)
    if member is None:
        raise LinkNoGood()
    passwords.must_be_strong(password, member=member)
    encoded = make_password(password)  # slow, and so before the transaction
    with transaction.atomic():
        # Of two forms sent at once one finds the link unused.
        if not _links_of(member).filter(secret_hash=_hash(secret)).update(used_at=at):
            raise LinkNoGood()
        passwords.write(member, encoded, at)
        if not member.has_second_factor:
            passwords.hold_coins(member, at)
        note(action="password-reset", entity_type="member", entity_id=member.pk, account=member, at=at)
        phone = str(member.phone_number) if member.phone_number else None
        notices.tell(member=member, what="password-reset", to_number=phone, at=at)


def _member_of(secret: str, at: datetime) -> User | None:
    """Whose link this is, as long as it went to the address that they still have."""
    link = (
        EmailProof.objects.select_related("user")
        .filter(purpose=Purpose.RESET, secret_hash=_hash(secret), used_at=None, expires_at__gt=at)
        .first()
    )
    member = link.user if link is not None else None
    if link is None or member is None or not member.email_verified or member.email != link.email:
        return None
    return member if member.status not in (User.Status.BANNED, User.Status.ERASED) else None


def _links_of(member: User) -> QuerySet[EmailProof]:
    return EmailProof.objects.filter(user=member, purpose=Purpose.RESET, used_at=None)


def _hash(secret: str) -> str:
    return rules.secret_hash(secret, purpose=Purpose.RESET, pepper=settings.CODE_PEPPER)
