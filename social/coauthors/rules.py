"""How much co-authors may be given of a post's tips. Pure."""

from collections.abc import Sequence

MOST = 5
LEAST_PERCENT = 1
# The writer keeps something, so that no tip on their words leaves them out.
MOST_PERCENT_TOGETHER = 99


def fault_of(percents: Sequence[int]) -> str:
    """What is wrong with shares, in whole percent: "" (nothing), "too-many", "too-small" or "too-much"."""
    if len(percents) > MOST:
        return "too-many"
    if any(percent < LEAST_PERCENT for percent in percents):
        return "too-small"
    return "too-much" if sum(percents) > MOST_PERCENT_TOGETHER else ""
