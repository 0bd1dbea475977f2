"""The worker's door to the outbox and to the notices that are owed."""

from celery import shared_task
from django.utils import timezone

from accounts.notifications import operations


@shared_task(name="accounts.tasks.deliver_messages", ignore_result=True, expires=60)
def deliver_messages() -> int:
    """Deliver what is due, for up to 50 s. Safe to run any number of times at once: each message has one deliverer."""
    return operations.deliver_due(clock=timezone.now)


@shared_task(name="accounts.tasks.gather_notices", ignore_result=True, expires=60)
def gather_notices() -> int:
    """Turn what is owed into notifications, for up to 50 s. Safe to run any number of times at once."""
    return operations.gather_due(clock=timezone.now)
