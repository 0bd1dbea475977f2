"""What the tests of search share with the feed's: ways to write and to comment."""

from social.feed.tests.conftest import noon, say, write

__all__ = ["noon", "say", "write"]
