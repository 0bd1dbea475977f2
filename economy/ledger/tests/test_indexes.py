"""What a movement writes to, and what it spares."""

import pytest
from django.db import connection
from django.utils import timezone

from config.lib import partitions

pytestmark = pytest.mark.django_db


def indexes(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = to_regclass(%s)",
            [table],
        )
        return dict(cursor.fetchall())


@pytest.mark.parametrize("name", ["economy_transfer_cause", "economy_transfer_reverses"])
def test_an_index_built_beside_writers_is_whole_and_comes_with_every_month(name):
    assert indexes("economy_transfer")[name] is True
    partitions.make_months_ahead(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE EXISTS ("
            "  SELECT FROM pg_index x JOIN pg_inherits part ON part.inhrelid = x.indexrelid"
            "  WHERE x.indrelid = i.inhrelid AND part.inhparent = to_regclass(%s) AND x.indisvalid))"
            " FROM pg_inherits i WHERE i.inhparent = to_regclass('economy_transfer')",
            [name],
        )
        months, with_index = cursor.fetchone()
    assert months == with_index > 3


def test_no_index_holds_a_balance():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_index i"
            " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
            " WHERE i.indrelid = 'accounts_wallet'::regclass AND a.attname = ANY (%s)",
            [["balance", "lock_version", "total_earned", "total_spent", "last_activity", "updated_at"]],
        )
        assert cursor.fetchone() == (0,)
