from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from social.feed.tests.conftest import figure, noon, rewritten, say, tip, write  # noqa: F401 - fixtures


@pytest.fixture
def promise(write: Callable[..., Any]) -> Callable[..., Any]:  # noqa: F811
    """promise(alice, "25.00") publishes a post with a bounty, of a week unless `days` says otherwise."""

    def make(author: Any, coins: str = "25.00", *, days: int = 7, **given: Any) -> Any:
        return write(author, carrying={"bounty": {"amount": Decimal(coins), "days": days}}, **given)

    return make
