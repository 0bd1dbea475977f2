"""The clock's door to sign-in."""

from celery import shared_task
from django.utils import timezone

from accounts.notifications.operations import forget_old_messages
from accounts.signin import operations
from accounts.signin.operations import resets, sessions


@shared_task(name="accounts.tasks.forget_sign_ins", ignore_result=True)
def forget_sign_ins() -> None:
    """Delete codes, families, sessions and messages that have had their day. Safe to run twice."""
    now = timezone.now()
    operations.forget_old(at=now)
    sessions.forget_ended(at=now)
    forget_old_messages(at=now)


@shared_task(name="accounts.tasks.send_resets", ignore_result=True)
def send_resets() -> None:
    """Send the links to new passwords that were asked for. Safe to run twice."""
    resets.send_asked(at=timezone.now())
