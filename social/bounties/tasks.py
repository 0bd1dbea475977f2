"""Jobs of bounties: the clock at the edge, one call each."""

from celery import shared_task
from django.utils import timezone

from social.bounties import operations


@shared_task(name="social.return_bounties", acks_late=True)
def return_bounties() -> int:
    """Give back bounties whose time is over. Safe to run twice at once and after any crash: each goes back once."""
    return operations.return_bounties(at=timezone.now())
