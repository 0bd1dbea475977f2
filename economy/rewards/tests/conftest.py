from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest

from economy.rewards import operations
from economy.rewards.models import Reward, RewardRule


@pytest.fixture
def rule(db: None) -> Callable[..., RewardRule]:
    """rule("streak-7", "3.00", daily_cap="6.00") makes a rule be so, whatever the migrations have made."""

    def make(trigger: str, amount: str, **given: Any) -> RewardRule:
        caps = {name: D(given.pop(name)) for name in ("daily_cap", "weekly_cap") if name in given}
        defaults = {"daily_cap": None, "weekly_cap": None, "minimum_length": 0, "cool_down_minutes": 0, "is_on": True}
        made, _is_new = RewardRule.objects.update_or_create(
            slug=trigger, defaults={**defaults, "trigger": trigger, "amount": D(amount), **caps, **given}
        )
        return made

    return make


@pytest.fixture
def owed(db: None) -> Callable[..., Any]:
    """owed(alice, "thread", at=…) owes the reward of one more cause; the rewards that there are for it now."""
    from config.lib.ids import uuid7

    def owe(member: Any, trigger: str, *, at: Any, **given: Any) -> Reward | None:
        cause = given.pop("cause", None) or ("thread", uuid7())
        operations.owe(trigger=trigger, member=member, cause=cause, at=at, **given)
        return Reward.objects.filter(cause_id=cause[1]).first()

    return owe
