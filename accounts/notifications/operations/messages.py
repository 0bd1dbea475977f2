"""Writes about messages that leave the site: owing one, delivering what is due, forgetting what is old."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from accounts.notifications import rules
from accounts.notifications.models import OutgoingMessage
from accounts.notifications.sms import TryLater, Undeliverable, carrier

log = logging.getLogger(__name__)

Channel = OutgoingMessage.Channel
Status = OutgoingMessage.Status

_USELESS_AFTER = timedelta(days=1)
_KEPT_FOR = timedelta(days=30)
_LONGEST_SUBJECT = 200
_FOR_GOOD = 500  # SMTP answers from there on
_ONE_ROUND = timedelta(seconds=50)
_NOTHING_LEAVES = ("django.core.mail.backends.dummy.EmailBackend", "django.core.mail.backends.locmem.EmailBackend")


def owe_message(
    *,
    channel: OutgoingMessage.Channel,
    recipient: str,
    body: str,
    at: datetime,
    subject: str = "",
    html: str = "",
    headers: Mapping[str, str] | None = None,
    not_before: datetime | None = None,
    give_up_at: datetime | None = None,
) -> OutgoingMessage:
    """Owe a message: a row of the caller's transaction. The worker is told after the commit; beat looks anyway.

    `html` says the same as `body`. `not_before` is for what need not be known at once: `quiet.when_to_tell`.
    """
    due = max(at, not_before) if not_before is not None else at
    message = OutgoingMessage.objects.create(
        channel=channel,
        recipient=recipient,
        # One line: it may hold a name that a member chose.
        subject=" ".join(subject.split())[:_LONGEST_SUBJECT],
        body=body,
        html=html,
        headers=dict(headers or {}),
        next_attempt_at=due,
        give_up_at=give_up_at or due + _USELESS_AFTER,
        created_at=at,
        updated_at=at,
    )
    if due == at:
        transaction.on_commit(_tell_the_worker, robust=True)
    return message


def _tell_the_worker() -> None:
    # A broker that is away costs the member nothing but a few seconds: beat collects the row.
    try:
        current_app.send_task("accounts.tasks.deliver_messages", retry=False, expires=60)
    except Exception as error:  # kombu, redis and the socket each have their own
        log.warning("the broker is away, beat will collect the message: %s", type(error).__name__)


@dataclass(frozen=True)
class _Claimed:
    """A message that this worker alone tries now."""

    id: UUID
    attempt: int
    channel: str
    recipient: str
    subject: str
    body: str
    html: str
    headers: Mapping[str, str]


def deliver_due(*, clock: Callable[[], datetime]) -> int:
    """Deliver what is due, one after the other, for up to 50 s; how many were handed over.

    The claim is a transaction of its own and so is noting the outcome: no row is locked while a carrier takes its time.
    A worker that dies in between leaves a row that is due again after its pause, so a message may arrive twice but is
    never lost.
    """
    handed_over = 0
    end = clock() + _ONE_ROUND
    while (now := clock()) < end:
        claimed = _claim_next(at=now)
        if claimed is None:
            break
        handed_over += _deliver(claimed, clock=clock)
    return handed_over


def _claim_next(*, at: datetime) -> _Claimed | None:
    with transaction.atomic():
        waiting = OutgoingMessage.objects.filter(status=Status.WAITING, next_attempt_at__lte=at)
        late = waiting.filter(give_up_at__lte=at).select_for_update(skip_locked=True, no_key=True).values("pk")[:500]
        OutgoingMessage.objects.filter(pk__in=late).update(status=Status.FAILED, body="", html="", receipt="too late")
        message = (
            waiting.filter(give_up_at__gt=at)
            .select_for_update(skip_locked=True, no_key=True)
            .order_by("next_attempt_at")
            .first()
        )
        if message is None:
            return None
        attempt = message.attempts + 1
        OutgoingMessage.objects.filter(pk=message.pk).update(
            attempts=attempt, next_attempt_at=at + rules.pause_after(attempt)
        )
    return _Claimed(
        message.pk,
        attempt,
        message.channel,
        message.recipient,
        message.subject,
        message.body,
        message.html,
        message.headers,
    )


def _deliver(claimed: _Claimed, *, clock: Callable[[], datetime]) -> bool:
    """Hand one message to its carrier and note what came of it; whether it left."""
    try:
        receipt, keeps_body = _hand_over(claimed)
    except Undeliverable as refusal:
        log.warning("message %s will not be delivered: %s", claimed.id, refusal)
        _note(claimed, status=Status.FAILED, receipt=str(refusal)[:100], body="", html="")
        return False
    except TryLater as reason:
        log.info("message %s waits for another attempt: %s", claimed.id, reason)
        _note(claimed, receipt=str(reason)[:100])
        return False
    kept = {} if keeps_body else {"body": "", "html": ""}
    _note(claimed, status=Status.SENT, sent_at=clock(), receipt=receipt[:100], **kept)
    return True


def _hand_over(claimed: _Claimed) -> tuple[str, bool]:
    """The carrier's receipt, and whether the text may stay readable here. May raise Undeliverable, TryLater."""
    if claimed.channel == Channel.SMS:
        chosen = carrier()
        return chosen.send(to=claimed.recipient, body=claimed.body), chosen.keeps_body
    letter = EmailMultiAlternatives(
        claimed.subject,
        claimed.body,
        to=[claimed.recipient],
        headers={"Auto-Submitted": "auto-generated", **claimed.headers},
    )
    if claimed.html:
        letter.attach_alternative(claimed.html, "text/html")
    try:
        letter.send()
    except SMTPRecipientsRefused as error:
        # A 5xx is the other server's last word on this address; a 4xx asks for patience.
        codes = [code for code, _words in error.recipients.values()]
        kind = Undeliverable if codes and min(codes) >= _FOR_GOOD else TryLater
        raise kind(f"{type(error).__name__} {codes}") from error
    except OSError as error:  # smtplib's errors are OSErrors
        raise TryLater(type(error).__name__) from error
    except ValueError as error:  # an address or a header that no letter can have
        raise Undeliverable(type(error).__name__) from error
    return "", settings.EMAIL_BACKEND in _NOTHING_LEAVES


def _note(claimed: _Claimed, **outcome: object) -> None:
    # Bound to the attempt: a worker that was given up for dead must not overwrite what its successor noted.
    OutgoingMessage.objects.filter(pk=claimed.id, status=Status.WAITING, attempts=claimed.attempt).update(**outcome)


def forget_old_messages(*, at: datetime) -> int:
    """Delete messages a month after they became useless; how many."""
    old = OutgoingMessage.objects.exclude(status=Status.WAITING).filter(created_at__lt=at - _KEPT_FOR)
    return old.delete()[0]
