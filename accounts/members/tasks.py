"""The worker's door to members."""

from celery import shared_task
from django.utils import timezone

from accounts.members import operations


@shared_task(name="accounts.tasks.forget_pictures", ignore_result=True, expires=3600)
def forget_pictures() -> int:
    """Delete the files of pictures that no page has any more. Safe to run twice."""
    return operations.forget_pictures(at=timezone.now())


@shared_task(name="accounts.tasks.end_suspensions", ignore_result=True, expires=60)
def end_suspensions() -> int:
    """Let those act again whose suspension is over. Safe to run twice."""
    return operations.end_suspensions(at=timezone.now())
