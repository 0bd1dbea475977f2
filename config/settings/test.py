"""pytest: real servers of its own (without fsync), fast hashes, figures in memory."""

import os

os.environ["CIVITAS_FOR_TESTS"] = "1"  # base asks the embedded launcher for the tests' own servers

from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, DATABASES, LOGGING, SIMPLE_JWT, STATIC_ROOT
from config.settings.figures import FIGURES

DEBUG = False
SECRET_KEY = "tests-only-" + "k" * 50
JWT_SIGNING_KEY = "tests-only-" + "j" * 50
SIMPLE_JWT["SIGNING_KEY"] = JWT_SIGNING_KEY
CODE_PEPPER = "tests-only-" + "p" * 50
FIELD_ENCRYPTION_KEYS = ["dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CONSTANCE_BACKEND = "constance.backends.memory.MemoryBackend"
CONSTANCE_CONFIG = FIGURES | {
    name: (0, *FIGURES[name][1:]) for name in ("NEW_MEMBER_HOURS", "NEW_DEVICE_HELD_HOURS")
}  # the cast has just joined
RUNTIME_SETTINGS_FRESH_FOR = 0.0
# Each worker empties its cache and its counters between tests, and only those.
CACHES["default"]["KEY_PREFIX"] = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
LIMITS_PREFIX = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # nothing is collected into it, but whoever serves it wants to find it
CELERY_TASK_ALWAYS_EAGER = False
LOGGING["root"]["level"] = "ERROR"
DATABASES["default"]["TEST"] = {"TEMPLATE": "template0"}
# Only a session that says so may empty the ledger between tests (economy/migrations/0002_ledger.sql).
DATABASES["default"]["OPTIONS"]["options"] += " -c civitas.is_for_tests=yes"
