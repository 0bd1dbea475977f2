"""Celery's index for the house itself: the heartbeat that `/readyz` listens for."""

import time

from celery import shared_task
from django.core.cache import cache

HEARTBEAT = "beat-heartbeat"
HEARTBEAT_KEPT = 3600  # seconds: long enough to tell an old heartbeat from none


@shared_task(ignore_result=True, expires=30)
def heartbeat() -> None:
    """Note the time. Scheduled every 10 s, it shows that beat, broker and worker all pass work on."""
    cache.set(HEARTBEAT, time.time(), HEARTBEAT_KEPT)
