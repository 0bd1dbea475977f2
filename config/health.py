"""`/healthz` and `/readyz`.

Plain views rather than django-health-check: ours must not wait for a busy connection pool.
"""

import logging
import time
from collections.abc import Callable
from functools import partial

import psycopg
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.tasks import HEARTBEAT

log = logging.getLogger(__name__)

OLDEST_HEARTBEAT = 90  # seconds
PATIENCE = 1  # seconds for each server to answer


class NotReady(Exception):
    """What is missing, in words that tell a stranger nothing about the machine."""


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process is up and answers; nothing else is asked."""
    return _answer({})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether a load balancer may send members here: database, Redis, migrations, and beat at work."""
    checks: dict[str, Callable[[], None]] = {
        "database": database_answers,
        "redis": redis_answers,
        "migrations": nothing_to_migrate,
        "beat": partial(beat_is_alive, now=time.time()),
    }
    return _answer({name: _outcome(name, check) for name, check in checks.items()})


def _answer(checks: dict[str, str]) -> JsonResponse:
    is_ready = all(outcome == "ok" for outcome in checks.values())
    answer = JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "checks": checks}, status=200 if is_ready else 503
    )
    answer["Cache-Control"] = "no-store"
    # Django logs every 5xx as an error; a prober that asks each second would bury the real ones.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def _outcome(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as why:
        return str(why)
    except (psycopg.Error, redis.RedisError, OSError) as why:
        log.warning("not ready: %s (%s)", name, type(why).__name__)
        return "does not answer"
    return "ok"


def _ask_database(question: str) -> list[tuple[object, ...]]:
    # A connection of its own: when all of the pool are busy the site is slow, but the database is there.
    how = connection.get_connection_params()
    how |= {"connect_timeout": PATIENCE, "options": f"-c statement_timeout={PATIENCE}s"}
    how.pop("cursor_factory", None)
    with psycopg.connect(**how, autocommit=True) as line:
        return line.execute(question).fetchall()


def database_answers() -> None:
    _ask_database("SELECT 1")


def redis_answers() -> None:
    client = redis.Redis.from_url(
        settings.REDIS_FOR_LIMITS,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        client.ping()
    finally:
        client.close()


class _Migrations:
    """Remembers that nothing is left to migrate.

    A running process's code does not change, and rows are not taken back.
    """

    is_complete = False


def nothing_to_migrate() -> None:
    if _Migrations.is_complete:
        return
    try:
        applied = {(app, name) for app, name in _ask_database("SELECT app, name FROM django_migrations")}
    except psycopg.errors.UndefinedTable:
        applied = set()
    waiting = set(MigrationLoader(None).graph.leaf_nodes()) - applied
    if waiting:
        raise NotReady(f"waiting for {len(waiting)} apps to be migrated")
    _Migrations.is_complete = True


def beat_is_alive(*, now: float) -> None:
    beaten_at = cache.get(HEARTBEAT)
    if beaten_at is None:
        raise NotReady("no heartbeat yet")
    if now - beaten_at > OLDEST_HEARTBEAT:
        raise NotReady("the last heartbeat is too old")
