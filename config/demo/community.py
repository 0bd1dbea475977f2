"""The lively part of the demo, all at once or not at all."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from config.demo.people import people
from config.demo.story import Story
from config.demo.texts import topics
from config.lib import partitions

MOST_LIVELY = 500  # up to here everyone has a story of their own; beyond, LIVELY have, beside a crowd
LIVELY = 200


def lively_among(members: int) -> int:
    """How many of so many members get a story of their own."""
    return members if members <= MOST_LIVELY else LIVELY


def make(
    *,
    members: int,
    weeks: int,
    seed: int,
    now: datetime,
    progress: Callable[[float], None] = lambda part: None,
) -> Story:
    """Tell the story of so many people in one transaction.

    Jobs that run beside it see an empty community until it is complete, so they cannot close a week of it half told.
    """
    partitions.make_months(first=now - timedelta(weeks=weeks, days=1), last=now)
    story = Story(people(members, seed=seed, topics=topics()), weeks=weeks, seed=seed, now=now)
    try:
        with transaction.atomic():
            story.tell(progress)
    except BaseException:
        story.enclosures.take_back()
        raise
    progress(1.0)
    return story
