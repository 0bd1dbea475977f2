"""Index of the app's tables in the admin, where Django looks for them."""

from social.boosts.admin import BoostAdmin
from social.coauthors.admin import CoAuthorAdmin
from social.feed.admin import (
    CommentAdmin,
    DecayEventAdmin,
    DecayRunAdmin,
    FollowAdmin,
    PostAdmin,
    TipAdmin,
    TipShareAdmin,
    UncountedTipAdmin,
)

__all__ = [
    "BoostAdmin",
    "CoAuthorAdmin",
    "CommentAdmin",
    "DecayEventAdmin",
    "DecayRunAdmin",
    "FollowAdmin",
    "PostAdmin",
    "TipAdmin",
    "TipShareAdmin",
    "UncountedTipAdmin",
]
