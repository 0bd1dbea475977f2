"""Index of the app's tables in the admin, where Django looks for them."""

from social.boosts.admin import BoostAdmin
from social.bounties.admin import BountyAdmin
from social.coauthors.admin import CoAuthorAdmin
from social.feed.admin import (
    CommentAdmin,
    DecayEventAdmin,
    DecayRunAdmin,
    FollowAdmin,
    PostAdmin,
    QueueLevelAdmin,
    TipAdmin,
    TipShareAdmin,
    UncountedTipAdmin,
)
from social.hashtags.admin import HashtagAdmin
from social.pictures.admin import PictureAdmin
from social.polls.admin import PollAdmin

__all__ = [
    "BoostAdmin",
    "BountyAdmin",
    "CoAuthorAdmin",
    "CommentAdmin",
    "DecayEventAdmin",
    "DecayRunAdmin",
    "FollowAdmin",
    "HashtagAdmin",
    "PictureAdmin",
    "PollAdmin",
    "PostAdmin",
    "QueueLevelAdmin",
    "TipAdmin",
    "TipShareAdmin",
    "UncountedTipAdmin",
]
