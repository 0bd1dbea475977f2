"""Jobs of withdrawals."""

from celery import shared_task
from django.utils import timezone

from economy.withdrawals import operations


@shared_task(name="economy.renew_tiers", acks_late=True)
def renew_tiers() -> None:
    """Renew every member's tier. Safe to run twice: what is right is not written again."""
    operations.renew_tiers(at=timezone.now())
