"""Jobs of rewards."""

from celery import shared_task
from django.utils import timezone

from economy.rewards import operations


@shared_task(name="economy.pay_rewards", acks_late=True)
def pay_rewards() -> None:
    """Take back what is to go back, then pay what is owed. Safe to run twice: a row is settled where coins move."""
    now = timezone.now()
    operations.take_back_rewards(at=now)
    operations.pay_rewards(at=now)


@shared_task(name="economy.owe_streaks", acks_late=True)
def owe_streaks() -> None:
    """Owe the streaks that ended within the last week. Safe to run twice: a last day counts once."""
    operations.owe_streaks(at=timezone.now())
