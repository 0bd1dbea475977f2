"""The months of audit and notifications: made ahead, safe without one, let go of in time."""

from datetime import UTC, datetime

import pytest
from constance import config
from django.db import connection

from accounts.audit import operations
from accounts.audit.models import AuditLog
from config.lib import partitions, runtime

pytestmark = pytest.mark.django_db


def months(table="accounts_auditlog"):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = %s::regclass ORDER BY 1",
            [table],
        )
        return [name.removeprefix(f"{table}_") for (name,) in cursor.fetchall()]


def where(row):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM accounts_auditlog WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("table", ["accounts_auditlog", "accounts_notification"])
def test_the_job_makes_the_next_months(table):
    partitions.make_months_ahead(datetime(2031, 11, 3, tzinfo=UTC))
    assert {"y2031m11", "y2031m12", "y2032m01", "y2032m02"} <= set(months(table))


def test_a_row_lies_in_its_month(now):
    operations.note(action="export", entity_type="accounts_user", entity_id="this-one", at=now)
    assert where(AuditLog.objects.get(entity_id="this-one")) == f"accounts_auditlog_y{now:%Y}m{now:%m}"


def test_a_row_without_a_month_still_lands_somewhere_safe():
    operations.note(
        action="export", entity_type="accounts_user", entity_id="this-one", at=datetime(2044, 5, 1, tzinfo=UTC)
    )
    row = AuditLog.objects.get(entity_id="this-one")
    assert where(row) == "accounts_auditlog_default"
    assert row.action == "export"


def test_a_month_that_came_too_late_keeps_no_other_from_being_made():
    """Jobs were away for long: rows of this month lie in DEFAULT before its partition is there."""
    operations.note(
        action="export", entity_type="accounts_user", entity_id="early", at=datetime(2044, 5, 1, tzinfo=UTC)
    )
    partitions.make_months_ahead(datetime(2044, 5, 2, tzinfo=UTC))
    partitions.make_months_ahead(datetime(2044, 5, 3, tzinfo=UTC))
    assert "y2044m05" not in months()
    assert {"y2044m06", "y2044m07", "y2044m08"} <= set(months())
    assert {"y2044m05", "y2044m06"} <= set(months("accounts_notification"))
    assert where(AuditLog.objects.get(entity_id="early")) == "accounts_auditlog_default"


def test_old_months_go_and_young_ones_stay(now):
    partitions.make_months(first=datetime(2029, 1, 1, tzinfo=UTC), last=datetime(2029, 12, 1, tzinfo=UTC))
    config.AUDIT_KEPT_MONTHS = 3
    config.NOTIFICATIONS_KEPT_MONTHS = 0
    runtime.forget()
    operations.drop_old_months(at=datetime(2029, 8, 15, tzinfo=UTC))
    left = [name for name in months() if name.startswith("y2029")]
    assert left[0] == "y2029m05"
    assert "y2029m01" in months("accounts_notification")
    assert "default" in months()
