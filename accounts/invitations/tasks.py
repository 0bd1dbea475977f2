"""Jobs of the room: applications that were decided long ago."""

from celery import shared_task
from django.utils import timezone

from accounts.invitations import operations


@shared_task(name="accounts.tasks.forget_applications", acks_late=True)
def forget_applications() -> None:
    """Delete applications 90 days after their decision. Safe to run twice."""
    operations.forget_decided(at=timezone.now())
