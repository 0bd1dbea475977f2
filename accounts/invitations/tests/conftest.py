"""Modes of sign-up, invitations of alice, and numbers that nobody has."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from constance.test import override_config

from accounts.invitations import operations
from accounts.invitations.models import Invitation
from accounts.members.models import User


@pytest.fixture
def mode() -> Iterator[Callable[[str], None]]:
    """Set the mode of sign-up: mode("closed")."""
    changed: list[Any] = []

    def set_mode(name: str) -> None:
        change = override_config(SIGN_UP_MODE=name)
        change.enable()
        changed.append(change)

    yield set_mode
    for change in reversed(changed):
        change.disable()


@pytest.fixture
def invite(now: datetime) -> Callable[..., Invitation]:
    """An invitation of a member: invite(alice, uses=3, gift=Decimal("5.00"))."""

    def made(inviter: User, **given: Any) -> Invitation:
        return operations.make_invitation(inviter=inviter, **{"uses": 1, "days": 7, "at": now, **given})

    return made


@pytest.fixture
def admit(db: None, now: datetime) -> Callable[..., User]:
    """Let someone in: admit("+4915199900001", invitation=code)."""

    def admitted(phone_number: str = "+4915199900001", **given: Any) -> User:
        names = {"username": None, "display_name": "", "invitation": None, "at": now}
        return operations.admit(phone_number=phone_number, **(names | given))

    return admitted


@pytest.fixture
def apply(db: None, now: datetime) -> Callable[..., Any]:
    """Apply to join."""

    def applied(phone_number: str = "+4915199900001", **given: Any) -> Any:
        return operations.apply(phone_number=phone_number, **{"words": "I bake.", "at": now, **given})

    return applied
