from decimal import Decimal as D
from itertools import count

import pytest
from django.db import connection

from economy.cycle.tests.weeks import LONG_AGO, MIDDLE, was_active
from economy.stipend import queries


@pytest.fixture
def member(join):
    """Make a member who joined long ago and was active in the week."""
    numbers = count()

    def make(name=None, at=LONG_AGO, **given):
        made = join(name or f"member_{next(numbers)}", at=at, **given)
        was_active(made)
        return made

    return make


@pytest.fixture
def tips(db, monkeypatch):
    """A table of settled tips such as a higher app would have; call it to add one."""
    monkeypatch.setattr(queries, "_settled_tips", [])
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE tip_of_test (giver uuid, receiver uuid, coins numeric(18,2), settled_at timestamptz)"
        )
    queries.register_settled_tips(
        "SELECT giver, receiver, coins FROM tip_of_test WHERE settled_at >= %(start)s AND settled_at < %(end)s"
    )

    def add(giver, receiver, coins, at=MIDDLE):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO tip_of_test VALUES (%s, %s, %s, %s)", [giver.pk, receiver.pk, D(coins), at])

    yield add
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE tip_of_test")
