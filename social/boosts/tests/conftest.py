from social.feed.tests.conftest import figure, noon, rewritten, write  # noqa: F401 - fixtures
