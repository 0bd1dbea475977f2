"""Index of the app's jobs, where Celery looks for them."""

from social.bounties.tasks import return_bounties
from social.feed.tasks import settle_tips
from social.polls.tasks import close_polls

__all__ = ["close_polls", "return_bounties", "settle_tips"]
