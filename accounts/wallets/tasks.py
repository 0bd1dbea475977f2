"""The clock's door to addresses."""

from celery import shared_task
from django.utils import timezone

from accounts.wallets import operations


@shared_task(name="accounts.tasks.forget_texts_to_sign", ignore_result=True)
def forget_texts_to_sign() -> int:
    """Delete the texts that nobody signed in time. Safe to run twice."""
    return operations.forget_old_texts(at=timezone.now())
