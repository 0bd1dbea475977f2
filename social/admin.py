"""Index of the app's tables in the admin, where Django looks for them."""

from social.boosts.admin import BoostAdmin
from social.feed.admin import (
    CommentAdmin,
    DecayEventAdmin,
    DecayRunAdmin,
    FollowAdmin,
    PostAdmin,
    TipAdmin,
    UncountedTipAdmin,
)
from social.pictures.admin import PictureAdmin

__all__ = [
    "BoostAdmin",
    "CommentAdmin",
    "DecayEventAdmin",
    "DecayRunAdmin",
    "FollowAdmin",
    "PictureAdmin",
    "PostAdmin",
    "TipAdmin",
    "UncountedTipAdmin",
]
