"""Changes of watched tables, as the database keeps them."""

import pytest
from constance.models import Constance
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory

from accounts.audit import acting, operations, watching
from accounts.audit.acting import ActingMiddleware
from accounts.audit.models import AdminAction, AuditLog
from accounts.members.models import User

pytestmark = pytest.mark.django_db


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def rows_about(thing, table="accounts_user"):
    return list(AuditLog.objects.filter(entity_type=table, entity_id=str(thing)).order_by("created_at"))


def test_a_role_set_by_psql_writes_its_row(alice):
    sql("UPDATE accounts_user SET role = 'ADMIN' WHERE id = %s", alice.pk)
    (row,) = rows_about(alice.pk)
    assert (row.action, row.entity_id) == ("UPDATE", str(alice.pk))
    assert (row.old_values, row.new_values) == ({"role": "USER"}, {"role": "ADMIN"})
    assert row.account is None


def test_who_acts_stands_beside_the_change(alice, moderator):
    with acting.acting(account=moderator.pk, address="192.0.2.7", agent="Lynx", reason="spam"):
        User.objects.filter(pk=alice.pk).update(status="SUSPENDED")
    (row,) = rows_about(alice.pk)
    assert (row.account_id, row.ip_address, row.user_agent, row.reason) == (moderator.pk, "192.0.2.7", "Lynx", "spam")


def test_nobody_is_named_once_the_acting_is_over(alice, moderator):
    with acting.acting(account=moderator.pk):
        User.objects.filter(pk=alice.pk).update(status="SUSPENDED")
    User.objects.filter(pk=alice.pk).update(status="ACTIVE")
    # In a test all is one transaction, in which the setting would stay; a job of its own has one of its own.
    assert acting.facts() == {}


@pytest.mark.django_db(transaction=True)
def test_a_connection_takes_nothing_along_to_the_next_request(alice, moderator):
    with acting.acting(account=moderator.pk):
        User.objects.filter(pk=alice.pk).update(status="SUSPENDED")
        with transaction.atomic():
            User.objects.filter(pk=alice.pk).update(status="BANNED")
    sql("UPDATE accounts_user SET status = 'ACTIVE' WHERE id = %s", alice.pk)
    assert [row.account_id for row in rows_about(alice.pk)] == [moderator.pk, moderator.pk, None]


def test_the_member_is_read_when_the_row_is_written(alice):
    """The API learns who asks inside the view, after every middleware."""
    request = RequestFactory().post("/", HTTP_USER_AGENT="curl")

    def view(request):
        request.user = alice
        User.objects.filter(pk=alice.pk).update(email="a@example.org")

    ActingMiddleware(view)(request)
    (row,) = rows_about(alice.pk)
    assert (row.account_id, row.user_agent, row.ip_address) == (alice.pk, "curl", "127.0.0.1")


def test_secrets_are_not_kept_and_numbers_only_by_their_ends(alice):
    alice.set_password("a long and lasting secret")
    alice.two_factor_secret = "JBSWY3DPEHPK3PXP"
    alice.phone_number = "+447700900123"
    alice.save()
    (row,) = rows_about(alice.pk)
    assert set(row.new_values) == {"password", "two_factor_secret", "phone_number"}
    assert row.new_values["password"] == row.new_values["two_factor_secret"] == "(kept secret)"
    assert row.new_values["phone_number"] == "+44…23"
    assert "900123" not in str(row.old_values) + str(row.new_values)


def test_what_is_not_watched_writes_nothing(alice):
    alice.daily_comments_free_remaining = 1
    alice.save()
    sql("UPDATE accounts_user SET posts_created_count = 7, last_active_at = now() WHERE id = %s", alice.pk)
    sql("UPDATE accounts_user SET role = role WHERE id = %s", alice.pk)
    assert rows_about(alice.pk) == []


def test_a_setting_leaves_old_and_new():
    Constance.objects.update_or_create(key="TIP_MIN", defaults={"value": "2.00"})
    Constance.objects.update_or_create(key="TIP_MIN", defaults={"value": "3.00"})
    made, changed = rows_about("TIP_MIN", "constance_constance")
    assert (made.action, made.old_values, made.new_values["value"]) == ("INSERT", None, "2.00")
    assert (changed.action, changed.old_values, changed.new_values) == ("UPDATE", {"value": "2.00"}, {"value": "3.00"})


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["accounts_auditlog", "accounts_adminaction"])
def test_rows_of_the_audit_are_neither_changed_nor_deleted(statement, table, moderator, now):
    operations.note(action="export", entity_type="accounts_user", at=now)
    operations.note_staff_action(staff=moderator, action="suspend", target_type="member", reason="spam", at=now)
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        sql(statement.format(table))
    assert refused.value.__cause__.sqlstate == "CV003"
    assert AuditLog.objects.exists()
    assert AdminAction.objects.exists()


def test_nor_emptied():
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql("SET LOCAL civitas.is_for_tests = 'no'")
        sql("TRUNCATE accounts_auditlog")


def test_every_watched_table_has_its_trigger():
    for watched in watching.watched_tables():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT encode(tgargs, 'escape'), (SELECT array_agg(attname::text) FROM pg_attribute "
                "WHERE attrelid = tgrelid AND attnum = ANY (tgattr)) "
                "FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'audit_changed'",
                [watched.table],
            )
            found = cursor.fetchone()
        assert found, f"{watched.table} has no trigger"
        arguments = found[0].split("\\000")[:4]
        lists = (watched.columns, watched.masked, watched.secret)
        assert arguments == [watched.key, *(",".join(names) for names in lists)], watched.table
        assert set(found[1]) == set(watched.columns), watched.table


@pytest.mark.parametrize(
    ("statement", "is_one"),
    [
        ('UPDATE "accounts_user" SET "role" = %s', True),
        ('UPDATE "accounts_user" SET "last_active_at" = %s', False),
        ('INSERT INTO "constance_constance" ("key") VALUES (%s)', True),
        ('DELETE FROM "accounts_page" WHERE "id" = %s', True),
        ('SELECT "role" FROM "accounts_user"', False),
        ('UPDATE "social_post" SET "title" = %s', False),
    ],
)
def test_only_writes_of_watched_columns_say_who_acts(statement, is_one):
    assert watching.changes_what_is_watched(statement) is is_one
