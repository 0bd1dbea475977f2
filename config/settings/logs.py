"""Structured logs: one line an event, values escaped (a newline in a path cannot forge a line), no personal data."""

import re
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

# Paths that end in what opens something: the link to a new password, to confirm an address, an invitation …
_SECRET = re.compile(r"(/(?:signin/reset|settings/security/email|unsubscribe|join)/)[\w:.~%-]{16,}")
# The database adds to a refused row what stands in it.
_ROW = re.compile(r"(DETAIL: ).*")
# The values of a failure's variables are left out: passwords, codes and numbers are among them.
_as_dict = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))


def without_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A line about a request names its path, and whoever reads the log must not find links there that still work."""
    return {**event, **{name: _clean(event[name]) for name in ("event", "exception") if name in event}}


def _clean(said: Any) -> Any:
    if isinstance(said, str):
        return _ROW.sub(r"\1…", _SECRET.sub(r"\1…", said))
    if isinstance(said, list):
        return [_clean(part) for part in said]
    if isinstance(said, dict):
        return {name: _clean(part) for name, part in said.items()}
    return said


def structured(*, process: str, level: str, json: bool = False) -> dict[str, Any]:
    """Django's LOGGING for one process; `json` for machines, plain key=value for people."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    closing: list[Any] = (
        [_as_dict, without_secrets, structlog.processors.JSONRenderer()]
        if json
        else [
            structlog.processors.format_exc_info,
            without_secrets,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "logger", "event"]),
        ]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder(allow=[])],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *closing],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"level": level},
            "django.utils.autoreload": {"level": "WARNING"},
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "celery": {"level": "WARNING" if level == "INFO" else level},
            "django_celery_beat": {"level": "WARNING"},
            "psycopg.pool": {"level": "ERROR"},
        },
    }
