"""The worker's door to pictures."""

from celery import shared_task
from django.utils import timezone

from social.pictures import operations


@shared_task(name="social.throw_away_pictures", acks_late=True, ignore_result=True, expires=600)
def throw_away_pictures() -> int:
    """Throw away the pictures that nobody wants any more. Safe to run twice at once and after any crash."""
    return operations.throw_away(at=timezone.now())
