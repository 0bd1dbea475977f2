"""What the tests of search share with the feed's: ways to write and to comment, and functions without their locks."""

from social.feed.tests.conftest import noon, rewritten, say, write

__all__ = ["noon", "rewritten", "say", "write"]
