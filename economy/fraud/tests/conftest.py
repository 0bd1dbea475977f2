from economy.stipend.tests.conftest import tips  # noqa: F401 - a fixture
