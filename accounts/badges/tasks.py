"""The clock's door to badges."""

from celery import shared_task
from django.utils import timezone

from accounts.badges import operations


@shared_task(name="accounts.tasks.give_badges", ignore_result=True, acks_late=True, expires=3600)
def give_badges() -> int:
    """Give what rules have earned since. Safe to run twice, and twice at once."""
    return operations.give_earned(at=timezone.now())
