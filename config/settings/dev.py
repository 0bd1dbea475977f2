"""`make run`: everything works at once, nothing leaves the machine (SMS and e-mail land in /dev/outbox/)."""

from config.settings.base import *  # noqa: F403
from config.settings.base import CELERY_BROKER_URL, SIMPLE_JWT, read  # noqa: F401
from config.settings.development_keys import keys
from config.settings.figures import FIGURES

DEBUG = read.flag("DJANGO_DEBUG", True)
SECRET_KEY = read.env.str("DJANGO_SECRET_KEY", default=keys["django"])
JWT_SIGNING_KEY = read.env.str("JWT_SIGNING_KEY", default=keys["jwt"])
SIMPLE_JWT["SIGNING_KEY"] = JWT_SIGNING_KEY
CODE_PEPPER = read.env.str("CODE_PEPPER", default=keys["codes"])
FIELD_ENCRYPTION_KEYS = read.words("FIELD_ENCRYPTION_KEYS", [keys["fields"]])
ALLOWED_HOSTS = read.words("DJANGO_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", ".localhost"])
CSRF_TRUSTED_ORIGINS = read.words("DJANGO_CSRF_TRUSTED_ORIGINS", [])
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# On one's own machine everybody has just joined, and wants to try things.
CONSTANCE_CONFIG = FIGURES | {name: (0, *FIGURES[name][1:]) for name in ("NEW_MEMBER_HOURS", "NEW_DEVICE_HELD_HOURS")}
