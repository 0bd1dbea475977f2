"""Production: refuses to start without its own servers and secrets; passes `manage.py check --deploy`."""

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASE_URL, PROCESS, REDIS_URL, SIMPLE_JWT, SITE_NAME, SMS_BACKEND, read, structured

DEBUG = False
if read.flag("DJANGO_DEBUG", False):
    read.refuse("DJANGO_DEBUG is on with production settings; use config.settings.dev for development.")
if not DATABASE_URL or not REDIS_URL:
    read.refuse("production needs DATABASE_URL and REDIS_URL; the embedded servers are for one machine only.")


def _secret(name: str) -> str:
    value = read.env.str(name, default="")
    if len(value) < 50 or len(set(value)) < 5:
        read.refuse(
            f"{name} must be set to at least 50 random characters "
            "(python -c 'import secrets; print(secrets.token_urlsafe(50))')."
        )
    return value


SECRET_KEY = _secret("DJANGO_SECRET_KEY")
JWT_SIGNING_KEY = _secret("JWT_SIGNING_KEY")
CODE_PEPPER = _secret("CODE_PEPPER")
if len({SECRET_KEY, JWT_SIGNING_KEY, CODE_PEPPER}) < 3:
    read.refuse("DJANGO_SECRET_KEY, JWT_SIGNING_KEY and CODE_PEPPER must differ from one another.")
SIMPLE_JWT["SIGNING_KEY"] = JWT_SIGNING_KEY
FIELD_ENCRYPTION_KEYS = read.words("FIELD_ENCRYPTION_KEYS", [])
if not FIELD_ENCRYPTION_KEYS:
    read.refuse("FIELD_ENCRYPTION_KEYS must hold at least one Fernet key (newest first, comma-separated).")

ALLOWED_HOSTS = read.words("DJANGO_ALLOWED_HOSTS", [])
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    read.refuse("DJANGO_ALLOWED_HOSTS must name the hosts of this site, without '*'.")
CSRF_TRUSTED_ORIGINS = read.words("DJANGO_CSRF_TRUSTED_ORIGINS", [])
if SMS_BACKEND.endswith("Outbox"):
    read.refuse("SMS_BACKEND is the outbox of development; set accounts.notifications.sms.Twilio and its credentials.")
if SMS_BACKEND.endswith("Twilio"):
    for _name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"):
        if not read.env.str(_name, default=""):
            read.refuse(f"{_name} must be set when SMS_BACKEND is Twilio.")

SECURE_SSL_REDIRECT = read.flag("DJANGO_SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if read.flag("BEHIND_TLS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
DEVICE_COOKIE_NAME = "__Host-device"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
EMAIL_BACKEND = read.env.str("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
_HOST = ALLOWED_HOSTS[0].lstrip(".")
DEFAULT_FROM_EMAIL = read.env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <no-reply@{_HOST}>")
SITE_ADDRESS = read.env.str("SITE_ADDRESS", default=f"https://{_HOST}")
LOGGING = structured(process=PROCESS or "manage", level=read.env.str("LOG_LEVEL", default="INFO"), json=True)
