"""How long a bounty waits."""

from datetime import timedelta

SHORTEST = timedelta(days=1)
LONGEST = timedelta(days=30)
USUAL = timedelta(days=7)


def may_last(span: timedelta) -> bool:
    """Whether a bounty may wait so long for an answer: 1 to 30 days."""
    return SHORTEST <= span <= LONGEST
