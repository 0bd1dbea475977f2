"""Index of the app's jobs, where Celery looks for them."""

from social.feed.tasks import render_words, settle_tips

__all__ = ["render_words", "settle_tips"]
