from accounts.signin.tests.conftest import phone  # noqa: F401 - fixture
from economy.rewards.tests.conftest import owed, rule  # noqa: F401 - fixtures
from social.feed.tests.conftest import figure, noon, say, tip, write  # noqa: F401 - fixtures
