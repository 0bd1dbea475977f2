"""Jobs of the audit."""

from celery import shared_task
from django.utils import timezone

from accounts.audit import operations


@shared_task(name="accounts.tasks.drop_old_months", acks_late=True)
def drop_old_months() -> int:
    """Drop months of audit and notifications that are older than the settings say. Safe to run twice."""
    return operations.drop_old_months(at=timezone.now())
