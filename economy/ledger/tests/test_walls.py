"""A filter that someone forgot shows no other member's postings, and no connection remembers whom it served."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from psycopg_pool import ConnectionPool

from config.lib.walls import seen_by
from economy.ledger.models import Posting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def roles(db: None) -> None:
    try:
        call_command("roles", verbosity=0)
    except CommandError as why:
        pytest.skip(f"the tests' role may not make roles: {why}")


def owners() -> set[Any]:
    """The forgotten filter: all postings there are."""
    return set(Posting.objects.values_list("wallet_id", flat=True))


def test_the_owner_of_the_tables_sees_all(alice, bob):
    assert {alice.wallet.pk, bob.wallet.pk, None} <= owners()


def test_a_forgotten_filter_shows_mallory_her_own_postings_alone(alice, bob, mallory):
    with seen_by(mallory.pk):
        assert owners() == {mallory.wallet.pk}
        assert not Posting.objects.filter(wallet_id=alice.wallet.pk).exists()


def test_nobody_sees_nothing(alice):
    with seen_by(None):
        assert owners() == set()


def test_a_month_by_its_own_name_is_refused(alice):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relid::text FROM pg_partition_tree('economy_posting') WHERE isleaf LIMIT 1")
        (month,) = cursor.fetchone()
    with pytest.raises(ProgrammingError, match="permission denied"), seen_by(alice.pk), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {month}")


@pytest.mark.parametrize("statement", ["DELETE FROM economy_posting", "UPDATE accounts_wallet SET balance = 1000000"])
def test_behind_the_wall_nothing_is_written(alice, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), seen_by(alice.pk), connection.cursor() as cursor:
        cursor.execute(statement)


def test_afterwards_all_is_as_before_also_inside_a_transaction_and_after_an_error(alice, bob):
    all_of_them = owners()
    with transaction.atomic():
        with seen_by(alice.pk):
            assert owners() == {alice.wallet.pk}
        assert owners() == all_of_them
        with pytest.raises(RuntimeError), seen_by(alice.pk):
            raise RuntimeError
        assert owners() == all_of_them
    assert owners() == all_of_them


def test_a_connection_of_the_pool_forgets_whom_it_served(alice, bob, settings):
    """Two requests on the one connection of a real pool: the second begins as the owner, serving nobody."""
    given = connection.get_connection_params()
    words = {name: given[name] for name in ("dbname", "user", "password", "host", "port") if given.get(name)}
    look = "SELECT pg_backend_pid(), current_user::text, coalesce(current_setting('civitas.member', true), '')"
    with ConnectionPool(kwargs=words, min_size=1, max_size=1) as pool:
        with pool.connection() as first:
            first.execute("SELECT set_config('role', 'civitas_member', true)")
            first.execute("SELECT set_config('civitas.member', %s, true)", [str(alice.pk)])
            assert first.execute("SELECT DISTINCT wallet_id FROM economy_posting").fetchall() == [(alice.wallet.pk,)]
            backend, role, _member = first.execute(look).fetchone()
            assert role == "civitas_member"
        with pool.connection() as second:
            assert second.execute(look).fetchone() == (backend, words["user"], "")


def test_the_wall_is_what_keeps_them_apart(alice, bob):
    """A control: without the policy's condition the forgotten filter shows everything."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE POLICY open_door ON economy_posting FOR SELECT USING (true)")
    try:
        with seen_by(alice.pk):
            assert bob.wallet.pk in owners()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP POLICY open_door ON economy_posting")


def test_roles_prints_what_it_would_do_and_may_be_run_again(capsys):
    call_command("roles", "--sql")
    printed = capsys.readouterr().out
    assert "CREATE ROLE" in printed
    assert 'GRANT SELECT, INSERT ON "economy_posting" TO civitas_readwrite' in printed
    call_command("roles", verbosity=0)
    call_command("roles", verbosity=0)


def test_readwrite_may_not_change_the_ledger():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('civitas_readwrite', 'economy_posting', right_) FROM"
            " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS right_"
        )
        assert [row[0] for row in cursor.fetchall()] == [True, True, False, False, False]


def test_the_statement_behind_the_wall_finds_its_wallet_by_the_index(alice):
    with seen_by(alice.pk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM economy_posting WHERE wallet_id = %s ORDER BY lock_version DESC LIMIT 20",
            [alice.wallet.pk],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "InitPlan" in plan and "Seq Scan on economy_posting" not in plan, plan
