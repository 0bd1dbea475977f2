"""Writes of the feed, one noun per file. Each is a transaction of its own, or part of the one that is open."""

from social.feed.operations.comments import edit_comment, remove_comment, write_comment
from social.feed.operations.decay import Decay, apply_decay
from social.feed.operations.follows import OwnPage, end_follows, follow, unfollow
from social.feed.operations.pins import pin_post, unpin_post
from social.feed.operations.posts import DuplicatePost, edit_post, remove_post, write_post
from social.feed.operations.queue import run_queue
from social.feed.operations.readers import flush_views, note_reader
from social.feed.operations.tips import (
    NewMemberTips,
    NotTippable,
    OwnContent,
    RefundWindowOver,
    SharedContent,
    TipLimitReached,
    TipResolved,
    TipTooSmall,
    TooManyTakeBacks,
    TooManyTips,
    settle_tips,
    take_back,
    tip_comment,
    tip_post,
)
from social.feed.operations.writing import UnusableText

__all__ = [
    "Decay",
    "DuplicatePost",
    "NewMemberTips",
    "NotTippable",
    "OwnContent",
    "OwnPage",
    "RefundWindowOver",
    "SharedContent",
    "TipLimitReached",
    "TipResolved",
    "TipTooSmall",
    "TooManyTakeBacks",
    "TooManyTips",
    "UnusableText",
    "apply_decay",
    "edit_comment",
    "edit_post",
    "end_follows",
    "flush_views",
    "follow",
    "note_reader",
    "pin_post",
    "remove_comment",
    "remove_post",
    "run_queue",
    "settle_tips",
    "take_back",
    "tip_comment",
    "tip_post",
    "unfollow",
    "unpin_post",
    "write_comment",
    "write_post",
]
