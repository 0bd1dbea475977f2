"""The cast of every test: alice, bob whom she knows, mallory the stranger who tries, a moderator, an admin."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

_ENROLLED = {"two_factor_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}  # staff have a second factor


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The tests' database has the roles too, so that what members read is read behind the wall."""
    from config import roles

    with django_db_blocker.unblock():
        with suppress(roles.MayNotMakeRoles):
            roles.make()
        _empty_row_by_row()


# Row by row what has rows, past triggers and foreign keys; content types and permissions stay.
_EMPTY_ALL = """
DO $$
DECLARE
  v_table regclass;
  v_has_rows boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR v_table IN
    SELECT c.oid FROM pg_class c
      WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
        AND c.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', v_table) INTO v_has_rows;
    IF v_has_rows THEN
      EXECUTE format('DELETE FROM %s', v_table);
    END IF;
  END LOOP;
END
$$
"""


def _empty_row_by_row() -> None:
    """After tests with real transactions: Django's flush gives some 600 tables and indexes new files, for 0.2 s a test.

    Where the embedded server lets us; on a server of one's own the flush goes on.
    """
    given = connection.get_connection_params()
    with suppress(psycopg.Error):
        with psycopg.connect(
            host=given.get("host"), port=given.get("port"), dbname=given["dbname"], user="postgres"
        ) as c:
            c.execute(f"GRANT SET ON PARAMETER session_replication_role TO {given['user']}")
        every_case: Any = TransactionTestCase
        every_case._fixture_teardown = lambda _case: connection.cursor().execute(_EMPTY_ALL)


@pytest.fixture(autouse=True)
def _a_fresh_house(request: pytest.FixtureRequest) -> None:
    """Every test that touches the database starts with empty counters and caches, usual settings, migrated rows.

    A test with real transactions empties all tables behind itself, the rows of migrations included.
    """
    if "transactional_db" in request.fixturenames or "db" in request.fixturenames:
        name = "transactional_db" if "transactional_db" in request.fixturenames else "db"
    elif mark := request.node.get_closest_marker("django_db"):
        name = "transactional_db" if mark.kwargs.get("transaction") else "db"
    else:
        return
    request.getfixturevalue(name)

    from constance.backends.memory import MemoryBackend

    from config.lib import limits
    from economy.rewards.models import RewardRule
    from economy.tax.models import TaxBracket
    from economy.tax.rules import DEFAULT_BRACKETS
    from social.feed.models import QueueLevel
    from social.feed.operations.queue import follow_settings

    cache.clear()
    limits.forget_all()
    MemoryBackend._storage.clear()  # what a test has set, by a page or a command
    if not TaxBracket.objects.exists():
        TaxBracket.objects.bulk_create(TaxBracket(**asdict(bracket)) for bracket in DEFAULT_BRACKETS)
    if not RewardRule.objects.exists():
        RewardRule.objects.create(slug="first-post", trigger="first-post", amount="5.00", minimum_length=40)
    if not QueueLevel.objects.exists():
        follow_settings()


@pytest.fixture(autouse=True)
def _signed_in_like_members(monkeypatch: pytest.MonkeyPatch) -> None:
    """`force_login` leaves what a real sign-in leaves: a session in the list, freshly proved, with the second factor.

    Tests of what is missing take it away again: `BrowserSession.objects.update(second_factor_at=None)`.
    """
    from django.test.client import Client

    by_force = Client.force_login

    def force_login(client: Client, user: Any, backend: str | None = None) -> None:
        from accounts.signin.operations import sessions

        by_force(client, user, backend)
        session = client.session
        sessions.begin(
            session,
            member=user,
            address="127.0.0.1",
            user_agent="",
            second_factor=user.has_second_factor,
            at=timezone.now(),
        )
        del session[sessions.BEGUN_KEY]
        session.save()

    monkeypatch.setattr(Client, "force_login", force_login)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def join(db: None) -> Callable[..., Any]:
    """Make a member by the real operation: join("ana", at=…)."""
    from accounts.members.operations import join as join_member

    numbers = iter(range(1000, 9999))

    def make(username: str, **given: Any) -> Any:
        phone = given.pop("phone_number", f"+49170555{next(numbers)}")
        at = given.pop("at", None) or timezone.now()
        member = join_member(phone_number=phone, username=username, display_name=username.title(), at=at)
        for name, value in given.items():
            setattr(member, name, value)
        if given:
            member.save(update_fields=list(given))
        return member

    return make


@pytest.fixture
def alice(join: Callable[..., Any]) -> Any:
    return join("alice")


@pytest.fixture
def bob(join: Callable[..., Any]) -> Any:
    return join("bob")


@pytest.fixture
def mallory(join: Callable[..., Any]) -> Any:
    return join("mallory")


@pytest.fixture
def moderator(join: Callable[..., Any]) -> Any:
    return join("mod_erator", role="MODERATOR", **_ENROLLED, two_factor_confirmed_at=timezone.now())


@pytest.fixture
def admin_member(join: Callable[..., Any]) -> Any:
    return join("admin_istrator", role="ADMIN", **_ENROLLED, two_factor_confirmed_at=timezone.now())


@pytest.fixture
def api() -> Callable[..., Any]:
    """A client of the API, signed in as a member by a real token when one is given."""
    from rest_framework.test import APIClient

    def client(member: Any = None) -> Any:
        made = APIClient()
        if member is not None:
            made.force_authenticate(member)
        return made

    return client
