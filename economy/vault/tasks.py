"""Jobs of the vault."""

from celery import shared_task
from django.utils import timezone

from economy.vault import operations


@shared_task(name="economy.open_vault", acks_late=True)
def open_vault() -> None:
    """Open what has waited long enough. Safe to run twice: a deposit is opened once."""
    operations.open_vault(at=timezone.now())
