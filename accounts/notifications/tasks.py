"""The worker's door to the outbox and to the notices that are owed."""

from celery import shared_task
from django.utils import timezone

from accounts.notifications import operations


@shared_task(name="accounts.tasks.deliver_messages", ignore_result=True, expires=60)
def deliver_messages() -> int:
    """Deliver what is due, for up to 50 s. Safe to run any number of times at once: each message has one deliverer."""
    return operations.deliver_due(clock=timezone.now)


@shared_task(name="accounts.tasks.gather_notices", ignore_result=True, expires=60)
def gather_notices(*, is_last: bool = False) -> None:
    """Turn what is owed into notifications, and come again soon if there was anything. Safe to run twice at once."""
    then = operations.gather_round(at=timezone.now(), is_last=is_last)
    if then != operations.Then.NOTHING:
        operations.call_the_worker(in_seconds=operations.PAUSE, is_last=then == operations.Then.THE_LAST)
