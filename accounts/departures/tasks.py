"""The worker's door to leaving: copies of data are made, time runs out, files and people are forgotten."""

from celery import shared_task
from django.utils import timezone

from accounts.departures import operations


@shared_task(name="accounts.tasks.make_exports", ignore_result=True)
def make_exports() -> int:
    """Make the exports that are due. Safe to run any number of times at once: each has one worker."""
    return operations.make_due_exports(clock=timezone.now)


@shared_task(name="accounts.tasks.forget_exports", ignore_result=True)
def forget_exports() -> int:
    """Delete exports whose days are over."""
    return operations.forget_exports(at=timezone.now())


@shared_task(name="accounts.tasks.erase_closed_accounts", ignore_result=True)
def erase_closed_accounts() -> int:
    """Tell closed accounts that time runs out, and erase those whose time has. Safe to run twice, at once or anew."""
    at = timezone.now()
    operations.remind_closed(at=at)
    operations.forget_released_numbers(at=at)
    return operations.erase_due(clock=timezone.now)
