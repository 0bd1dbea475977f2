"""What else is done when a member closes their account, and when they are erased; apps above add to it in `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.members.models import User


@dataclass(frozen=True)
class Leaving:
    """A member whose days to come back are over, and what they chose."""

    member: User
    removes_writing: bool
    at: datetime


# Does some of its work, in a transaction of its own; whether more is left. Done twice, it finds nothing to do.
Step = Callable[[Leaving], bool]

_steps: list[Step] = []


def on_erase(step: Step) -> None:
    """Register a step. All steps run before the member's name and number go, so that an unfinished one is seen."""
    if step not in _steps:
        _steps.append(step)


def steps() -> list[Step]:
    """All steps, in the order in which they were registered."""
    return list(_steps)


# Part of the closing transaction; coming back does not undo it.
Closing = Callable[[User, datetime], None]

_closings: list[Closing] = []


def on_close(closing: Closing) -> None:
    """Register what happens as a member closes their account (`closing(member, at)`)."""
    if closing not in _closings:
        _closings.append(closing)


def close(member: User, at: datetime) -> None:
    """Do all of it."""
    for closing in _closings:
        closing(member, at)
