"""What the database itself refuses, as someone with psql would meet it."""

from decimal import Decimal as D

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from economy.ledger import operations, queries
from economy.ledger.models import Fund, Posting, Transfer, TransferKind


def execute(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.mark.parametrize("table", ["economy_posting", "economy_transfer"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET created_at = now()", "DELETE FROM {}"])
def test_transfers_and_postings_cannot_be_rewritten(alice, table, sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        execute(sql.format(table))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        month = alice.wallet.postings.get().created_at
        execute(sql.format(f"{table}_y{month:%Ym%m}"))
    assert Posting.objects.filter(wallet=alice.wallet).count() == 1


@pytest.mark.parametrize("table", ["economy_posting", "economy_transfer"])
def test_truncate_is_refused_outside_of_tests(alice, table):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        execute("SET LOCAL civitas.is_for_tests = 'no'")
        execute(f"TRUNCATE {table} CASCADE")


def insert_posting(transfer, fund, amount, at, table="economy_posting"):
    execute(
        f"INSERT INTO {table} (id, created_at, transfer_id, fund, kind, amount) "
        "VALUES (civitas_uuid7_beside(%s), %s, %s, %s, 'CORRECTION', %s)",
        transfer,
        at,
        transfer,
        fund,
        amount,
    )


def insert_transfer(at):
    transfer = Transfer(kind=TransferKind.CORRECTION, trigger="test", channel="JOB", created_at=at)
    transfer.save(force_insert=True)
    return transfer.pk


@pytest.mark.django_db(transaction=True)
class TestCommit:
    """Balance is looked at when the transaction commits."""

    def test_an_unbalanced_transfer_is_refused_at_commit(self):
        at = timezone.now()
        with pytest.raises(DatabaseError, match="out of balance"), transaction.atomic():
            insert_posting(insert_transfer(at), Fund.TREASURY, D("5.00"), at)
        assert not Posting.objects.exists()

    def test_an_unbalanced_transfer_written_to_its_month_by_name_is_refused_too(self):
        at = timezone.now()
        with pytest.raises(DatabaseError, match="out of balance"), transaction.atomic():
            insert_posting(insert_transfer(at), Fund.TREASURY, D("5.00"), at, table=f"economy_posting_y{at:%Ym%m}")

    def test_postings_that_balance_only_together_pass(self):
        at = timezone.now()
        with transaction.atomic():
            transfer = insert_transfer(at)
            insert_posting(transfer, Fund.TREASURY, D("5.00"), at)
            insert_posting(transfer, Fund.BURNED, D("-5.00"), at)
        assert Posting.objects.count() == 2

    def test_a_posting_added_to_a_finished_transfer_is_refused(self, join):
        join("alice")
        at = timezone.now()
        finished = Transfer.objects.get()
        with pytest.raises(DatabaseError, match="out of balance"), transaction.atomic():
            insert_posting(finished.pk, Fund.TREASURY, D("1.00"), at)

    def test_a_refused_movement_leaves_no_key_behind(self, join):
        alice, bob = join("alice"), join("bob")
        for _ in range(2):
            with pytest.raises(operations.NotEnoughCoins):
                operations.give(
                    giver=alice.wallet,
                    receiver=bob.wallet,
                    coins=D("100.01"),
                    memo="",
                    key="k",
                    channel=Transfer.Channel.API,
                    at=timezone.now(),
                )
        assert queries.violations() == []


def test_a_balance_below_its_locks_is_refused(alice):
    with pytest.raises(DatabaseError, match="accounts_wallet_covers_locks"), transaction.atomic():
        execute("UPDATE accounts_wallet SET locked_balance = balance + 1")


def test_violations_names_each_broken_invariant(alice):
    execute("UPDATE accounts_wallet SET balance = balance + 1")
    broken = {violation.invariant for violation in queries.violations()}
    assert broken == {3, 5}


def test_violations_sees_locks_that_do_not_add_up(alice):
    execute("UPDATE accounts_wallet SET locked_balance = 1")
    assert [violation.invariant for violation in queries.violations()] == [4]


def test_ids_made_by_sql_are_of_version_7_and_carry_their_time(db):
    from config.lib.ids import first_id_at, time_of

    at = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT civitas_uuid7(%s), civitas_first_id(%s)", [at, at])
        made, first = cursor.fetchone()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert time_of(made) == int(at.timestamp() * 1000)
    assert first == first_id_at(at)
