"""Reads that name a time look at its months alone; at 1,000,000 postings: `python -m benchmarks.pruning`."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.wallets.models import Wallet
from economy.ledger.models import Posting
from economy.ledger.queries import line_of, statement

pytestmark = pytest.mark.django_db


def months_in(plan: str) -> set[str]:
    return set(re.findall(r"economy_posting_(y\d+m\d+|default)", plan))


def month_of(moment: datetime) -> str:
    return f"y{moment.astimezone(UTC):%Ym%m}"


def test_a_statement_of_this_month_looks_at_this_month_alone(alice, now):
    start = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    rows = statement(wallet=Wallet.objects.get(user=alice), since=start, until=following)
    assert months_in(rows.select_related(None).order_by("-lock_version").explain()) == {month_of(now)}


def test_without_a_time_all_months_are_looked_at(alice):
    assert len(months_in(Posting.objects.filter(wallet=alice.wallet).order_by("-lock_version").explain())) > 1


def test_one_movement_looks_at_its_month_alone(alice, now):
    (line,) = Posting.objects.filter(wallet=alice.wallet)
    with CaptureQueriesContext(connection) as sent:
        assert line_of(alice.wallet, line.transfer_id) == line
    (read,) = [query["sql"] for query in sent if 'FROM "economy_posting"' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {read}")
        assert months_in("\n".join(row[0] for row in cursor.fetchall())) == {month_of(now)}
