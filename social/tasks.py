"""Index of the app's jobs, where Celery looks for them."""

from social.feed.tasks import settle_tips

__all__ = ["settle_tips"]
