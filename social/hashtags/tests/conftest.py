"""The feed's own fixtures."""

from social.feed.tests.conftest import noon, say, write  # noqa: F401
