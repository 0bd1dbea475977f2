"""Jobs of the observatory."""

from celery import shared_task
from django.utils import timezone

from economy.observatory import operations


@shared_task(name="economy.refresh_state", acks_late=True)
def refresh_state() -> None:
    """Write the state of the economy as it is now. Safe to run twice."""
    operations.refresh_state(at=timezone.now())


@shared_task(name="economy.refresh_leaders", acks_late=True)
def refresh_leaders() -> None:
    """Write the tables of members anew. Safe to run twice."""
    operations.refresh_leaders(at=timezone.now())


@shared_task(name="economy.take_snapshot", acks_late=True)
def take_snapshot() -> None:
    """Keep the figures of today for the charts; each run of the day replaces the one before."""
    operations.take_snapshot(at=timezone.now())
