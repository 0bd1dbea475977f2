"""The feed's pages. HTTP in, one operation, HTTP out; whole pages without scripts, fragments for htmx."""

from social.feed.views.choices import choose_feeds
from social.feed.views.comments import edit_comment, remove_comment, write_comment
from social.feed.views.feeds import feed_following, feed_gems, feed_hot, feed_new, feed_trending
from social.feed.views.history import history_of_comment, history_of_post
from social.feed.views.pages import follow, followers, page, unfollow
from social.feed.views.pins import pin_post, unpin_post
from social.feed.views.posts import edit_post, price_of_post, read_post, remove_post, write_post
from social.feed.views.tips import take_back, tip_comment, tip_post

__all__ = [
    "choose_feeds",
    "edit_comment",
    "edit_post",
    "feed_following",
    "feed_gems",
    "feed_hot",
    "feed_new",
    "feed_trending",
    "follow",
    "followers",
    "history_of_comment",
    "history_of_post",
    "page",
    "pin_post",
    "price_of_post",
    "read_post",
    "remove_comment",
    "remove_post",
    "take_back",
    "tip_comment",
    "tip_post",
    "unfollow",
    "unpin_post",
    "write_comment",
    "write_post",
]
