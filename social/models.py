"""Index of the app's tables, where Django looks for them."""

from social.boosts.models import Boost
from social.feed.models import Comment, DecayEvent, DecayRun, Follow, Post, Tip, UncountedTip

__all__ = ["Boost", "Comment", "DecayEvent", "DecayRun", "Follow", "Post", "Tip", "UncountedTip"]
