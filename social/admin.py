"""Index of the app's tables in the admin, where Django looks for them."""

from social.boosts.admin import BoostAdmin
from social.bounties.admin import BountyAdmin
from social.feed.admin import (
    CommentAdmin,
    DecayEventAdmin,
    DecayRunAdmin,
    FollowAdmin,
    PostAdmin,
    QueueLevelAdmin,
    TipAdmin,
    UncountedTipAdmin,
)
from social.polls.admin import PollAdmin

__all__ = [
    "BoostAdmin",
    "BountyAdmin",
    "CommentAdmin",
    "DecayEventAdmin",
    "DecayRunAdmin",
    "FollowAdmin",
    "PollAdmin",
    "PostAdmin",
    "QueueLevelAdmin",
    "TipAdmin",
    "UncountedTipAdmin",
]
