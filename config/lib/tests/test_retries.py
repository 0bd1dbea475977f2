"""Another try when the database was busy; with real locks."""

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from config.lib import retries
from config.lib.refusals import Busy, NotThere, spoken_by_database
from config.lib.retries import MOST_RETRIES, tried_again


class Work:
    """Counts its tries and fails so many times."""

    def __init__(self, *failures):
        self.failures = list(failures)
        self.tries = 0

    def __call__(self):
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)
        return "done"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(retries, "_FIRST_PAUSE", 0.001)


@pytest.mark.django_db(transaction=True)
def test_what_was_busy_is_tried_again():
    work = Work(Busy(), Busy(), Busy())
    assert tried_again(lambda: work())() == "done"
    assert work.tries == 1 + MOST_RETRIES


@pytest.mark.django_db(transaction=True)
def test_after_three_tries_more_the_refusal_stands():
    work = Work(*[Busy() for _ in range(9)])
    with pytest.raises(Busy):
        tried_again(lambda: work())()
    assert work.tries == 1 + MOST_RETRIES


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [NotThere(), IntegrityError("twice"), DatabaseError("broken"), ValueError("odd")])
def test_nothing_else_is_tried_again(error):
    work = Work(error)
    with pytest.raises(type(error)):
        tried_again(lambda: work())()
    assert work.tries == 1


@pytest.mark.django_db(transaction=True)
def test_who_has_waited_long_enough_is_told(monkeypatch):
    monkeypatch.setattr(retries, "_PATIENCE", 0.0)
    work = Work(Busy())
    with pytest.raises(Busy):
        tried_again(lambda: work())()
    assert work.tries == 1


@pytest.mark.django_db(transaction=True)
def test_inside_another_transaction_it_runs_once():
    work = Work(Busy())
    with pytest.raises(Busy), transaction.atomic():
        tried_again(lambda: work())()
    assert work.tries == 1


@pytest.mark.django_db(transaction=True)
def test_a_real_deadlock_ends_well_for_both():
    """Two transactions take two locks crosswise; the database breaks one of them, which then tries again."""
    meet = threading.Barrier(2, timeout=20)
    first_try = threading.local()
    outcomes = []

    def crosswise(one, other):
        with spoken_by_database(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [one])
            if not getattr(first_try, "over", False):
                first_try.over = True
                meet.wait()
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [other])
        return "done"

    def run(one, other, work):
        try:
            outcomes.append(work(one, other))
        except Busy:
            outcomes.append("busy")
        finally:
            connection.close()

    def both(work):
        outcomes.clear()
        threads = [threading.Thread(target=run, args=(*pair, work)) for pair in ((71, 72), (72, 71))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return sorted(outcomes)

    assert both(crosswise) == ["busy", "done"]  # the control: without another try one is told to come back
    assert both(tried_again(crosswise)) == ["done", "done"]
