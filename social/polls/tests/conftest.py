from collections.abc import Callable
from typing import Any

import pytest

from social.feed.tests.conftest import figure, noon, rewritten, write  # noqa: F401 - fixtures
from social.polls.models import PollOption


@pytest.fixture
def ask(write: Callable[..., Any]) -> Callable[..., Any]:  # noqa: F811
    """ask(alice, "Tea", "Coffee") publishes a post with a poll, of a day unless `minutes` says otherwise."""

    def make(author: Any, *options: str, minutes: int = 1440, **given: Any) -> Any:
        answers = list(options) or ["Tea", "Coffee"]
        return write(author, carrying={"poll": {"options": answers, "minutes": minutes}}, **given)

    return make


def option_of(post: Any, text: str) -> Any:
    return PollOption.objects.get(poll__post=post, text=text).pk
