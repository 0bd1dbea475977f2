"""Jobs of the ledger."""

from celery import shared_task
from django.utils import timezone

from config.lib import idempotency, partitions
from economy.ledger import leaving, operations


@shared_task(name="economy.roll_up_funds", acks_late=True)
def roll_up_funds() -> None:
    """Collect what movements have added to funds. Safe to run twice: an entry is collected by deleting it."""
    operations.roll_up_funds()


@shared_task(name="economy.make_months_ahead", acks_late=True)
def make_months_ahead() -> None:
    """Make the partitions of this month and the next ones. Safe to run twice."""
    partitions.make_months_ahead(timezone.now())


@shared_task(name="economy.collect_left_behind", acks_late=True)
def collect_left_behind() -> None:
    """Take to the treasury what has come free in wallets of erased accounts. Safe to run twice."""
    leaving.collect_left_behind(at=timezone.now())


@shared_task(name="economy.forget_answers", acks_late=True)
def forget_answers() -> None:
    """Delete idempotent answers older than a day."""
    idempotency.forget_old()
