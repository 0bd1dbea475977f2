"""What else is done when a member is erased; apps above add their steps in `ready()` (the ledger, the feed)."""

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
