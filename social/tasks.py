"""Index of the app's jobs, where Celery looks for them."""

from social.bounties.tasks import return_bounties
from social.feed.tasks import flush_views, render_words, run_queue, settle_tips
from social.pictures.tasks import throw_away_pictures
from social.polls.tasks import close_polls

__all__ = [
    "close_polls",
    "flush_views",
    "render_words",
    "return_bounties",
    "run_queue",
    "settle_tips",
    "throw_away_pictures",
]
