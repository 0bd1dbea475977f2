"""The feed in the API: one view per address of interfaces.md, each a call of one operation or query."""

from social.feed.api.comments import CommentsView, CommentView
from social.feed.api.history import HistoryOfCommentView, HistoryOfPostView
from social.feed.api.pages import FollowersView, FollowView, PostsOfPageView
from social.feed.api.posts import FollowingFeedView, HotFeedView, PostsView, PostView
from social.feed.api.tips import TipsOnCommentView, TipsOnPostView, TipView

__all__ = [
    "CommentView",
    "CommentsView",
    "FollowView",
    "FollowersView",
    "FollowingFeedView",
    "HistoryOfCommentView",
    "HistoryOfPostView",
    "HotFeedView",
    "PostView",
    "PostsOfPageView",
    "PostsView",
    "TipView",
    "TipsOnCommentView",
    "TipsOnPostView",
]
