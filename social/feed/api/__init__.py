"""The feed in the API: one view per address of interfaces.md, each a call of one operation or query."""

from social.feed.api.comments import CommentsView, CommentView
from social.feed.api.feeds import FollowingFeedView, GemsFeedView, HotFeedView, NewFeedView, TrendingFeedView
from social.feed.api.history import HistoryOfCommentView, HistoryOfPostView
from social.feed.api.pages import FollowersView, FollowView, PostsOfPageView
from social.feed.api.pins import PinView
from social.feed.api.posts import PostsView, PostView
from social.feed.api.tips import TipsOnCommentView, TipsOnPostView, TipView

__all__ = [
    "CommentView",
    "CommentsView",
    "FollowView",
    "FollowersView",
    "FollowingFeedView",
    "GemsFeedView",
    "HistoryOfCommentView",
    "HistoryOfPostView",
    "HotFeedView",
    "NewFeedView",
    "PinView",
    "PostView",
    "PostsOfPageView",
    "PostsView",
    "TipView",
    "TipsOnCommentView",
    "TipsOnPostView",
    "TrendingFeedView",
]
