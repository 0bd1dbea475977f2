"""The job that looks for signals."""

from celery import shared_task
from django.utils import timezone

from economy.fraud import operations


@shared_task(name="economy.look_for_signals", acks_late=True)
def look_for_signals() -> None:
    """Look for every kind. Safe to run twice: what is open already is only updated."""
    operations.look_for_signals(at=timezone.now())
