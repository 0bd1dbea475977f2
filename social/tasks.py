"""Index of the app's jobs, where Celery looks for them."""

from social.feed.tasks import flush_views, run_queue, settle_tips

__all__ = ["flush_views", "run_queue", "settle_tips"]
