"""The worker's door to the outbox and to the notices that are owed."""

from celery import shared_task
from django.utils import timezone

from accounts.notifications import operations
from accounts.notifications.operations import absence


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


@shared_task(name="accounts.tasks.send_urgent_notices", ignore_result=True, expires=60)
def send_urgent_notices() -> int:
    """E-mail what members want to hear of at once, to those who are away. Safe to run any number of times at once."""
    return absence.send_urgent(clock=timezone.now)


@shared_task(name="accounts.tasks.send_digests", ignore_result=True, expires=600)
def send_digests() -> int:
    """Plan the digests of those who have chosen anew, and e-mail what is due. Safe to run twice at once."""
    absence.plan_digests(at=timezone.now())
    return absence.send_digests(clock=timezone.now)
