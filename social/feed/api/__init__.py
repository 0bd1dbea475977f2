"""The feed in the API: one view per address of interfaces.md, each a call of one operation or query."""

from social.feed.api.comments import Comments, OneComment
from social.feed.api.pages import Followers, Following, PostsOfPage
from social.feed.api.posts import FollowingFeed, HotFeed, OnePost, Posts
from social.feed.api.tips import OneTip, TipsOnComment, TipsOnPost

__all__ = [
    "Comments",
    "Followers",
    "Following",
    "FollowingFeed",
    "HotFeed",
    "OneComment",
    "OnePost",
    "OneTip",
    "Posts",
    "PostsOfPage",
    "TipsOnComment",
    "TipsOnPost",
]
