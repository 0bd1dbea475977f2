"""What every place shares. Figures of the economy are not here: they are runtime settings (`figures.py`)."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import embedded
from config.settings import environment as read
from config.settings.admin import unfold
from config.settings.environment import BASE_DIR
from config.settings.figures import FIGURES, FIGURES_BY_GROUP, PUBLIC
from config.settings.logs import structured

FOR_TESTS = read.env.bool("CIVITAS_FOR_TESTS", default=False)
PROCESS = read.env.str("CIVITAS_PROCESS", default="")  # web, worker or beat, as the supervisor says

DATA_DIR = Path(read.env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
SITE_NAME = read.env.str("SITE_NAME", default="Civitas")
UNFOLD = unfold(SITE_NAME)

# -- Servers --------------------------------------------------------------------------------------
DATABASE_URL = read.url("DATABASE_URL", ("postgres", "postgresql"))
REDIS_URL = read.url("REDIS_URL", ("redis", "rediss", "unix"))
_SERVERS: Any = None
if not (DATABASE_URL and REDIS_URL):
    try:
        _SERVERS = embedded.ensure(DATA_DIR, for_tests=FOR_TESTS, postgres=not DATABASE_URL, redis=not REDIS_URL)
    except embedded.CannotStart as why:
        read.refuse(str(why))

_DATABASE: dict[str, Any]
if DATABASE_URL:
    _DATABASE = dict(read.env.db_url_config(DATABASE_URL))
else:
    _DATABASE = {
        "NAME": _SERVERS.name,
        "USER": _SERVERS.user,
        "PASSWORD": "",
        "HOST": str(_SERVERS.host),
        "PORT": str(_SERVERS.port),
    }
# A pooled connection is looked at before it serves: those that died with a restarted server cost nobody a request.
_DATABASE |= {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": PROCESS == "web"}
_DATABASE["OPTIONS"] = {**_DATABASE.get("OPTIONS", {}), "application_name": f"civitas-{PROCESS or 'manage'}"}
_SESSION = ["-c TimeZone=UTC"]
if PROCESS == "web":
    # A page that waits longer than this has lost its reader; jobs may take their time.
    _SESSION += [
        "-c statement_timeout=15s",
        "-c lock_timeout=3s",
        "-c idle_in_transaction_session_timeout=10s",
        # Of the twenty rows of a page nothing is worth remembering, and room for it is made by the number of all posts.
        "-c enable_memoize=off",
    ]
    _DATABASE["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": read.whole_number("DATABASE_POOL_SIZE", 12, least=1, most=200),
        "timeout": 10,
    }
_DATABASE["OPTIONS"]["options"] = " ".join(_SESSION)
DATABASES = {"default": _DATABASE}


def redis_address(number: int, *, broker: bool = False) -> str:
    """The address of one numbered Redis database, in the dialect of the cache or of Celery's broker."""
    if REDIS_URL.startswith("unix://") or not REDIS_URL:
        socket = REDIS_URL.removeprefix("unix://").split("?")[0] if REDIS_URL else str(_SERVERS.socket)
        socket = quote(socket)
        return f"redis+socket://{socket}?virtual_host={number}" if broker else f"unix://{socket}?db={number}"
    parts = read.urlsplit(REDIS_URL)
    return parts._replace(path=f"/{number}").geturl()


# A refused connection must fail at once: redis-py's own defaults take five seconds.
_REDIS_PATIENCE = {"socket_timeout": 2, "socket_connect_timeout": 1, "retry_on_timeout": False}
CACHES = {
    "default": {
        "BACKEND": "config.lib.cache.ForgivingRedisCache",
        "LOCATION": redis_address(1),
        "OPTIONS": _REDIS_PATIENCE,
        "KEY_PREFIX": "civitas",
    }
}
REDIS_FOR_LIMITS = redis_address(3)

CELERY_BROKER_URL = redis_address(2, broker=True)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    "max_retries": 0,  # a request must not wait six seconds for a broker that is away: beat collects what is owed
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_TIMEZONE = "UTC"

# -- The house ------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "accounts",
    "economy",
    "social",
    "marketplace",
    "governance",
    "unfold.apps.BasicAppConfig",  # leaves admin.site to CivitasAdminConfig
    "unfold.contrib.filters",
    "unfold.contrib.constance",
    "constance",
    "config.admin_site.CivitasAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django_celery_beat",
    "django_htmx",
    "pgtrigger",
    "phonenumber_field",
    "rest_framework",
    "drf_standardized_errors",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
]
MIDDLEWARE = [
    "config.lib.headers.HeadersMiddleware",
    "config.errors.UnavailableMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.lib.headers.PolicyOfPathMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.signin.middleware.KindSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.lib.throttles.ThrottleMiddleware",
    "config.lib.problems.ApiShellMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.audit.acting.ActingMiddleware",
    "config.lib.walls.ServingMiddleware",
    "accounts.signin.middleware.DeviceMiddleware",
    "accounts.signin.middleware.MemberMiddleware",
    "accounts.members.middleware.PreferencesMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "accounts.wallets.pages.chrome",
            ],
            "builtins": ["config.templatetags.civitas"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Members --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:signin"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "E164"

SMS_BACKEND = read.env.str("SMS_BACKEND", default="accounts.notifications.sms.Outbox")
TWILIO_ACCOUNT_SID = read.env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = read.env.str("TWILIO_AUTH_TOKEN", default="")
TWILIO_FROM = read.env.str("TWILIO_FROM", default="")
TWILIO_BASE_URL = read.env.str("TWILIO_BASE_URL", default="https://api.twilio.com")

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
DEVICE_COOKIE_NAME = "device"
# Not cached: a session that was ended must stay ended when Redis comes back from a pause.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# -- Limits and headers (reliability.md) ----------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
TRUSTED_PROXIES = read.whole_number("TRUSTED_PROXIES", 0, least=0, most=5)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# -- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.signin.authentication.BearerAuthentication",
        "accounts.signin.authentication.MemberSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.lib.parsing.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "config.lib.pagination.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "config.lib.schema.CivitasSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "config.lib.problems.handle",
    "COERCE_DECIMAL_TO_STRING": True,
    "URL_FORMAT_OVERRIDE": None,
    "PAGE_SIZE": 20,
    "NUM_PROXIES": TRUSTED_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Civitas",
    "DESCRIPTION": "Join, write, tip, and keep the books of a community that runs its own economy.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_NAME_OVERRIDES": {"LoyaltyTierEnum": "accounts.wallets.models.Wallet.Tier"},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.lib.schema.document_problems",
    ],
}
SIMPLE_JWT: dict[str, Any] = {  # SIGNING_KEY comes with each place's own settings
    "ALGORITHM": "HS256",
    "ISSUER": "civitas",
    "AUDIENCE": "civitas-api",
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
}

# -- Runtime settings -----------------------------------------------------------------------------
CONSTANCE_BACKEND = "config.lib.stored_settings.StoredSettings"
CONSTANCE_DATABASE_CACHE_BACKEND = "default"
CONSTANCE_CONFIG = FIGURES
CONSTANCE_CONFIG_FIELDSETS = FIGURES_BY_GROUP
PUBLIC_SETTINGS = PUBLIC
CONSTANCE_ADDITIONAL_FIELDS = {
    "coins": [
        "django.forms.DecimalField",
        {
            "widget": "unfold.widgets.UnfoldAdminDecimalFieldWidget",
            "min_value": 0,
            "max_value": 1_000_000,
            "max_digits": 12,
            "decimal_places": 2,
        },
    ],
    "share": [
        "django.forms.DecimalField",
        {
            "widget": "unfold.widgets.UnfoldAdminDecimalFieldWidget",
            "min_value": 0,
            "max_value": 1,
            "decimal_places": 4,
        },
    ],
    "count": [
        "django.forms.IntegerField",
        {"widget": "unfold.widgets.UnfoldAdminIntegerFieldWidget", "min_value": 0, "max_value": 10_000_000},
    ],
    # Spans of time that a clock can be moved by, and that somebody could mean.
    **{
        unit: [
            "django.forms.IntegerField",
            {"widget": "unfold.widgets.UnfoldAdminIntegerFieldWidget", "min_value": 0, "max_value": most},
        ]
        for unit, most in (
            ("seconds", 31_536_000),
            ("minutes", 525_600),
            ("hours", 87_600),
            ("days", 3_650),
            ("months", 1_200),
        )
    },
    "tax_base": [
        "django.forms.ChoiceField",
        {
            "widget": "unfold.widgets.UnfoldAdminSelectWidget",
            "choices": (("average", _("time-weighted average")), ("closing", _("closing balance"))),
        },
    ],
    "sign_up_mode": [
        "django.forms.ChoiceField",
        {
            "widget": "unfold.widgets.UnfoldAdminSelectWidget",
            "choices": (
                ("open", _("open to everyone")),
                ("invitation", _("by invitation")),
                ("application", _("by application")),
                ("closed", _("closed")),
            ),
        },
    ],
    "signal_kinds": [
        "django.forms.RegexField",
        {
            "widget": "unfold.widgets.UnfoldAdminTextInputWidget",
            "regex": r"^((RING|ADDRESS|EARNINGS|AWAY)( |$))*$",
            "max_length": 100,
            "required": False,
            "error_messages": {"invalid": _("Kinds with one blank between them, such as: RING AWAY.")},
        },
    ],
    "country_codes": [
        "django.forms.RegexField",
        {
            "widget": "unfold.widgets.UnfoldAdminTextInputWidget",
            "regex": r"^[+0-9, ]*$",
            "max_length": 1000,
            "required": False,
            "error_messages": {"invalid": _("Country codes in digits, with blanks between them, such as: 44 49 351.")},
        },
    ],
}
CONSTANCE_SUPERUSER_ONLY = True
RUNTIME_SETTINGS_FRESH_FOR = 1.0  # seconds a process may go on with the figures it has read

# -- Language, time, files ------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]  # a language is listed when its catalogue is complete
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
PRIVATE_ROOT = DATA_DIR / "private"  # never served: copies of members' data, fetched through the site by their owner
EMAIL_BACKEND = read.env.str("EMAIL_BACKEND", default="django.core.mail.backends.dummy.EmailBackend")
EMAIL_HOST = read.env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = read.whole_number("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = read.env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = read.env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = read.flag("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = read.env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <no-reply@localhost>")
# For links in what leaves the site: whoever writes it may have no request to go by.
SITE_ADDRESS = read.env.str("SITE_ADDRESS", default=f"http://127.0.0.1:{read.env.str('PORT', default='8000')}")

LOGGING = structured(process=PROCESS or "manage", level=read.env.str("LOG_LEVEL", default="INFO"))
