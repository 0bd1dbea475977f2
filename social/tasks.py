"""Index of the app's jobs, where Celery looks for them."""

from social.feed.tasks import settle_tips
from social.pictures.tasks import throw_away_pictures

__all__ = ["settle_tips", "throw_away_pictures"]
