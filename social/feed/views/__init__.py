"""The feed's pages. HTTP in, one operation, HTTP out; whole pages without scripts, fragments for htmx."""

from social.feed.views.comments import edit_comment, remove_comment, write_comment
from social.feed.views.feeds import feed_following, feed_hot
from social.feed.views.pages import follow, followers, page, unfollow
from social.feed.views.posts import edit_post, price_of_post, read_post, remove_post, write_post
from social.feed.views.tippers import tippers_of_comment, tippers_of_post, usual_tip
from social.feed.views.tips import take_back, tip_comment, tip_post

__all__ = [
    "edit_comment",
    "edit_post",
    "feed_following",
    "feed_hot",
    "follow",
    "followers",
    "page",
    "price_of_post",
    "read_post",
    "remove_comment",
    "remove_post",
    "take_back",
    "tip_comment",
    "tip_post",
    "tippers_of_comment",
    "tippers_of_post",
    "unfollow",
    "usual_tip",
    "write_comment",
    "write_post",
]
