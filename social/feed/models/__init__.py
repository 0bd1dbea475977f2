"""The tables of the feed."""

from social.feed.models.comments import Comment, CommentQuerySet
from social.feed.models.decay import DecayEvent, DecayRun
from social.feed.models.editions import CommentEdition, PostEdition
from social.feed.models.follows import Follow
from social.feed.models.mentions import Mention, Quote
from social.feed.models.posts import Post, PostQuerySet
from social.feed.models.queue import QueueLevel
from social.feed.models.tips import Tip, TipShare, UncountedTip

__all__ = [
    "Comment",
    "CommentEdition",
    "CommentQuerySet",
    "DecayEvent",
    "DecayRun",
    "Follow",
    "Mention",
    "Post",
    "PostEdition",
    "PostQuerySet",
    "QueueLevel",
    "Quote",
    "Tip",
    "TipShare",
    "UncountedTip",
]
