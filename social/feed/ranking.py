"""Why a post stands where it does: its place in the queue, from its own columns and the settings. No query."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from config.lib.runtime import figures
from social.feed import rules
from social.feed.models import Post
from social.feed.operations.queue import levels


@dataclass(frozen=True)
class Place:
    """A post's place as of a moment."""

    level: Post.Level
    until: datetime | None  # when it is looked at; None where it may stay for ever
    keep: Decimal  # coins that keep it on its level
    rise: Decimal | None  # coins that lift it; None on the top level
    spenders: int  # from so many members
    velocity: Decimal  # coins per hour, now
    boosted_until: datetime | None  # None when no boost is running
    views: int

    @property
    def name(self) -> str:
        """The level's name in templates and in JSON."""
        return self.level.name.lower()


def place_of(post: Post, *, at: datetime, settings: Any = None) -> Place:
    """Where a post stands and why. `settings` saves a list of posts from asking anew for each."""
    settings = settings or figures()
    steps = levels(settings)
    level = Post.Level(post.queue_level)
    step = steps[level]
    return Place(
        level=level,
        until=level_ends(post, settings=settings),
        keep=step.keep_coins,
        rise=None if level == Post.Level.HOT else steps[level - 1].keep_coins,
        spenders=step.keep_spenders,
        velocity=rules.faded(rules.Velocity(post.engagement_velocity, post.velocity_at), at=at),
        boosted_until=boosted_until(post, at=at, settings=settings),
        views=post.views_count,
    )


def level_ends(post: Post, *, settings: Any = None) -> datetime | None:
    """When a post must have earned its place on the level; None in the archive."""
    allowed = levels(settings or figures())[post.queue_level].time_allowed
    return None if allowed is None else post.queue_entered_at + allowed


def boosted_until(post: Post, *, at: datetime, settings: Any = None) -> datetime | None:
    """The end of the boost that is running, or None."""
    if post.last_boosted_at is None:
        return None
    ends = post.last_boosted_at + timedelta(hours=(settings or figures()).BOOST_HOURS)
    return ends if ends > at else None
