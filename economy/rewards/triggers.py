"""The registry of what can be rewarded. A room adds its triggers in `ready()`, and the rule's row by a migration.

A trigger is a fact that happens to a member; a rule (RewardRule) says what it is worth. A room that registers a trigger
calls `operations.owe` in the transaction in which it happens, and `operations.withdraw` when the cause is removed.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from accounts.members.models import User

Steps = Callable[[User, datetime], tuple[int, int]]
LookUp = Callable[[Collection[UUID]], Mapping[UUID, str]]


@dataclass(frozen=True)
class Trigger:
    """Something a member does. `why` completes "You got this …"; `look_up` says where causes are, many at once."""

    slug: str
    label: str | Promise  # "First post"
    why: str | Promise  # "for your first post"
    cause_type: str  # kind of row that is the cause
    is_once: bool = False  # whether a member can have it once in all
    has_length: bool = False  # whether its causes are texts, so that a minimum length means something
    steps: Steps | None = None  # how far a member is with the next one: so many of so many
    look_up: LookUp | None = None  # ids of causes → their addresses, without those that are gone


_triggers: dict[str, Trigger] = {}


def register(trigger: Trigger) -> None:
    """Register one; a second one of the same slug must be the same."""
    if _triggers.setdefault(trigger.slug, trigger) != trigger:
        raise ValueError(f"two different triggers are named {trigger.slug!r}")


def registered() -> list[Trigger]:
    """All of them, by slug."""
    return [_triggers[slug] for slug in sorted(_triggers)]


def of(slug: str) -> Trigger | None:
    """The trigger of this slug, or None when no room knows it (any more)."""
    return _triggers.get(slug)
