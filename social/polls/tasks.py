"""Jobs of polls: the clock at the edge, one call each."""

from celery import shared_task
from django.utils import timezone

from social.polls import operations


@shared_task(name="social.close_polls", acks_late=True)
def close_polls() -> int:
    """Close the polls whose time is up. Safe to run twice at once and after any crash: a poll is closed once."""
    return operations.close_polls(at=timezone.now())
