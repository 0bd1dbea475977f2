"""What a poll may be: how many answers, how long, and the bars of its result."""

from collections.abc import Sequence
from datetime import timedelta

from social.feed.rules import fault_of, tidy

FEWEST, MOST = 2, 6
LONGEST_ANSWER = 80
SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=30)


def tidied(answers: Sequence[str]) -> list[str]:
    """The answers as they are kept: each on one line; those left empty are none."""
    lines = (" ".join(tidy(answer).split()) for answer in answers)
    return [line for line in lines if line]


def fault_in(answers: Sequence[str], *, lasts: timedelta) -> str | None:
    """What is wrong with a poll of these (tidied) answers: few, many, long, unusable, twice, time; or nothing."""
    if len(answers) < FEWEST:
        return "few"
    if len(answers) > MOST:
        return "many"
    for answer in answers:
        fault = fault_of(answer, most=LONGEST_ANSWER)
        if fault is not None:
            return "long" if fault == "too-long" else "unusable"
    if len({answer.casefold() for answer in answers}) < len(answers):
        return "twice"
    if not SHORTEST <= lasts <= LONGEST:
        return "time"
    return None


def share(votes: int, voters: int) -> float:
    """The part of all votes, to a tenth of a percent: 1 of 3 → 0.333; 0 before anybody has voted."""
    return round(votes / voters, 3) if voters else 0.0
