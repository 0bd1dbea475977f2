"""What a load balancer hears."""

import time

import pytest
from django.core.cache import cache
from django.test import Client

from config import health
from config.tasks import HEARTBEAT, heartbeat


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture(autouse=True)
def forget() -> None:
    health._Migrations.is_complete = False
    cache.delete(HEARTBEAT)


def test_healthz_asks_nobody(client: Client) -> None:
    answer = client.get("/healthz")  # without the database mark any query would fail
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": {}}
    assert answer["Cache-Control"] == "no-store"
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_readyz_is_ready_once_beat_has_ticked(client: Client) -> None:
    waiting = client.get("/readyz")
    assert waiting.status_code == 503
    assert waiting.json()["checks"]["beat"] == "no heartbeat yet"
    heartbeat()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": "ok", "redis": "ok", "migrations": "ok", "beat": "ok"},
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "status"), [(89, 200), (91, 503)])
def test_a_heartbeat_counts_for_ninety_seconds(client: Client, age: int, status: int) -> None:
    cache.set(HEARTBEAT, time.time() - age, 600)
    assert client.get("/readyz").status_code == status


@pytest.mark.django_db
def test_a_lost_redis_is_told_quickly_and_the_rest_still_checked(client: Client, settings) -> None:
    settings.REDIS_FOR_LIMITS = "unix:///nonexistent/redis.sock"
    began = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - began < 2
    assert answer.status_code == 503
    assert answer.json()["checks"]["redis"] == "does not answer"
    assert answer.json()["checks"]["database"] == "ok"


def test_a_lost_database_is_told_without_its_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        health.connection, "get_connection_params", lambda: {"host": "/nonexistent", "dbname": "secret"}
    )
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "does not answer"
    assert "secret" not in answer.text
    assert "/nonexistent" not in answer.text


@pytest.mark.django_db
def test_a_migration_that_waits_keeps_members_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeat()
    monkeypatch.setattr(health, "_ask_database", lambda question: [("accounts", "0001_initial")])
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "to be migrated" in answer.json()["checks"]["migrations"]
