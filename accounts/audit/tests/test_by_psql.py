"""The audit against somebody with psql and the owner's rights: a connection of its own, without Django's help."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection

from accounts.audit import operations
from accounts.audit.models import AuditLog
from config.lib.partitions import make_months_ahead

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def psql():
    """Run one statement, each in a transaction of its own, as `manage.py dbshell` would; its rows."""
    here = connection.get_connection_params()
    wanted = {name: here[name] for name in ("dbname", "user", "password", "host", "port") if here.get(name)}
    with psycopg.connect(**wanted, autocommit=True) as session:

        def run(statement, *values):
            cursor = session.execute(statement, values)
            return cursor.fetchall() if cursor.description else cursor.rowcount

        yield run


def test_a_role_that_is_set_leaves_a_row_without_a_name(psql, alice):
    assert psql("UPDATE accounts_user SET role = 'ADMIN' WHERE id = %s", alice.pk) == 1
    (row,) = AuditLog.objects.filter(entity_id=str(alice.pk), action="UPDATE", new_values__has_key="role")
    assert (row.old_values, row.new_values, row.account) == ({"role": "USER"}, {"role": "ADMIN"}, None)


@pytest.mark.parametrize("table", ["accounts_auditlog", "accounts_adminaction"])
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "UPDATE {} SET reason = 'never'", "TRUNCATE {}", "TRUNCATE {} CASCADE"]
)
def test_rows_stay_as_they_are(statement, table, psql, moderator, now):
    operations.note(action="export", entity_type="accounts_user", at=now)
    operations.note_staff_action(staff=moderator, action="suspend", target_type="member", reason="spam", at=now)
    before = psql(f"SELECT count(*), min(reason) FROM {table}")
    with pytest.raises(psycopg.DatabaseError) as refused:
        psql(statement.format(table))
    assert refused.value.sqlstate == "CV003"
    assert psql(f"SELECT count(*), min(reason) FROM {table}") == before


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET reason = 'never'", "TRUNCATE {}"])
@pytest.mark.parametrize("is_known", [True, False])
def test_nor_by_the_name_of_a_month(statement, is_known, psql, now):
    at = now if is_known else datetime(2044, 5, 1, tzinfo=UTC)
    operations.note(action="export", entity_type="accounts_user", at=at)
    month = f"accounts_auditlog_y{now:%Y}m{now:%m}" if is_known else "accounts_auditlog_default"
    with pytest.raises(psycopg.DatabaseError) as refused:
        psql(statement.format(month))
    assert refused.value.sqlstate == "CV003"
    assert psql(f"SELECT count(*) FROM {month}")[0][0] >= 1


def test_the_next_months_are_there_once_the_job_has_run(psql, now):
    make_months_ahead(now)
    following = datetime(now.year + now.month // 12, now.month % 12 + 1, 1, tzinfo=UTC)
    for table in ("accounts_auditlog", "accounts_notification"):
        assert psql("SELECT to_regclass(%s) IS NOT NULL", f"{table}_y{following:%Y}m{following:%m}") == [(True,)]


def test_a_row_of_a_month_that_nobody_made_is_kept(psql):
    at = datetime(2044, 5, 1, tzinfo=UTC)
    psql(
        "INSERT INTO accounts_auditlog (id, created_at, action, entity_type, entity_id, user_agent, reason)"
        " VALUES (civitas_uuid7(%s), %s, 'export', 'account', 'far', '', '')",
        at,
        at,
    )
    found = psql("SELECT tableoid::regclass::text FROM accounts_auditlog WHERE entity_id = 'far'")
    assert found == [("accounts_auditlog_default",)]
