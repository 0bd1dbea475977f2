"""Index of the app's tables, where Django looks for them."""

from social.boosts.models import Boost
from social.bounties.models import Bounty
from social.coauthors.models import CoAuthor
from social.drafts.models import Draft
from social.feed.models import (
    Comment,
    CommentEdition,
    DecayEvent,
    DecayRun,
    Follow,
    Mention,
    Post,
    PostEdition,
    QueueLevel,
    Quote,
    Tip,
    TipShare,
    UncountedTip,
)
from social.hashtags.models import Hashtag, PostTag
from social.pictures.models import Picture
from social.polls.models import Poll, PollOption, PollVote
from social.search.models import CommentWords, PageWords, PostWords

__all__ = [
    "Boost",
    "Bounty",
    "CoAuthor",
    "Comment",
    "CommentEdition",
    "CommentWords",
    "DecayEvent",
    "DecayRun",
    "Draft",
    "Follow",
    "Hashtag",
    "Mention",
    "PageWords",
    "Picture",
    "Poll",
    "PollOption",
    "PollVote",
    "Post",
    "PostEdition",
    "PostTag",
    "PostWords",
    "QueueLevel",
    "Quote",
    "Tip",
    "TipShare",
    "UncountedTip",
]
