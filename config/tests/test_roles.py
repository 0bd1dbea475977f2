"""The database's roles: what they may, that making them may be repeated, and what happens where they cannot be made."""

import logging

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from config import checks, roles
from config.lib import walls
from economy.ledger.models import Posting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def no_roles(monkeypatch):
    """A database whose owner was never given the role."""
    monkeypatch.setattr(walls, "SERVING", "civitas_nobody_made")
    monkeypatch.setattr(walls._Known, "is_up", False)
    monkeypatch.setattr(walls._Known, "looked_at", None)


def privileges(role, table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT right_ FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS right_"
            " WHERE has_table_privilege(%s, %s, right_)",
            [role, table],
        )
        return [right for (right,) in cursor.fetchall()]


def test_they_are_made_once():
    roles.make()
    assert roles.make() == []


def test_roles_prints_what_it_would_do(capsys):
    call_command("roles", "--sql")
    printed = capsys.readouterr().out
    assert "CREATE ROLE" in printed
    assert 'GRANT INSERT ON "economy_posting" TO "civitas_readwrite"' in printed
    assert 'GRANT SELECT ("id") ON "accounts_wallet" TO "civitas_member"' in printed


def test_what_is_printed_can_be_run():
    with roles._maker() as maker:
        for statement in roles.statements():
            maker.execute(statement.encode())
    assert roles.make() == []


def test_a_new_table_gets_its_grants_and_no_more_is_done():
    connection.cursor().execute("CREATE TABLE economy_novelty (id bigserial PRIMARY KEY)")
    try:
        assert roles.make() == [
            'GRANT SELECT ON "economy_novelty" TO "civitas_readonly"',
            *(
                f'GRANT {right} ON "economy_novelty" TO "civitas_readwrite"'
                for right in ("SELECT", "INSERT", "UPDATE", "DELETE")
            ),
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO civitas_readwrite",
        ]
    finally:
        connection.cursor().execute("DROP TABLE economy_novelty")


def test_readwrite_may_not_change_the_ledger_and_readonly_changes_nothing():
    assert privileges("civitas_readwrite", "economy_posting") == ["SELECT", "INSERT"]
    assert (
        privileges("civitas_readonly", "economy_posting")
        == privileges("civitas_readonly", "accounts_user")
        == ["SELECT"]
    )
    assert privileges("civitas_member", "economy_posting") == ["SELECT"]
    assert privileges("civitas_member", "accounts_user") == privileges("civitas_member", "accounts_wallet") == []


def test_reports_see_every_posting(alice, bob):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM economy_posting")
        everything = cursor.fetchone()
    with roles._maker() as maker:
        maker.execute("SET ROLE civitas_readonly")
        assert maker.execute("SELECT count(*) FROM economy_posting").fetchone() == everything


class TestWithoutRoles:
    """A database of an owner who may make none."""

    def test_pages_work_and_one_line_says_that_there_is_no_wall(self, no_roles, alice, bob, caplog):
        client = Client()
        client.force_login(alice)
        with caplog.at_level(logging.WARNING, logger="config.lib.walls"):
            for _ in range(2):
                assert "Welcome grant" in client.get("/wallet/").content.decode()
        assert [record.message for record in caplog.records if record.name == "config.lib.walls"] == [
            f"members' postings are read without row-level security: {walls.HINT}"
        ]

    def test_the_check_warns(self, no_roles):
        assert [warning.id for warning in checks.wall_stands(databases=["default"])] == ["civitas.W001"]
        assert checks.wall_stands(databases=None) == []

    def test_the_check_is_silent_where_the_wall_stands(self):
        assert checks.wall_stands(databases=["default"]) == []

    def test_a_right_that_is_missing_is_no_wall_and_no_error(self, alice, monkeypatch):
        monkeypatch.setattr(walls._Known, "is_up", False)
        monkeypatch.setattr(walls._Known, "looked_at", None)
        monkeypatch.setitem(walls.opened, "accounts_user", ())
        assert not walls.is_built()
        assert Posting.objects.served_to(alice.pk).count() >= 1

    def test_up_says_it_and_goes_on(self, no_roles, monkeypatch, capsys):
        from config.management.commands import up

        def refuse():
            raise roles.MayNotMakeRoles("permission denied to create role")

        monkeypatch.setattr(roles, "make", refuse)
        up.Command()._make_roles()
        assert "without row-level security (permission denied to create role)" in capsys.readouterr().out
        with pytest.raises(CommandError, match="roles --sql"):
            call_command("roles")
