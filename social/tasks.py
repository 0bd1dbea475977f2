"""Index of the app's jobs, where Celery looks for them."""

from social.feed.tasks import run_queue, settle_tips

__all__ = ["run_queue", "settle_tips"]
