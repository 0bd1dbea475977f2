"""`manage.py cycle run`, with the real stages."""

from datetime import UTC, datetime
from decimal import Decimal as D
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from economy.cycle.tests.weeks import AFTER, LONG_AGO, WEEK, hold, was_active
from economy.stipend.models import StipendRun
from economy.tax.models import TaxRun

ONLY = "tax,stipend"


@pytest.fixture
def monday():
    """The clock stands at Monday 00:05 after 2026-W46."""
    with time_machine.travel(AFTER, tick=False):
        yield AFTER


@pytest.fixture
def ana(join, monday):
    """A member since the week itself, with 1,400.00 from Monday on, active."""
    ana = hold(join("ana", at=WEEK.start), "1400.00", at=WEEK.start)
    was_active(ana)
    return ana


def run(*arguments):
    out = StringIO()
    call_command("cycle", "run", *arguments, stdout=out)
    return out.getvalue()


def refused(*arguments):
    with pytest.raises(CommandError) as error:
        run(*arguments)
    return str(error.value), error.value.returncode


def rows_of_all_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = [name for (name,) in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(
                f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{table}\" t"
            )
            counts[table] = cursor.fetchone()
        return counts


def test_the_last_full_week_runs_with_its_totals(ana):
    said = run("--only", ONLY)
    assert "2026-W46 tax: 1 of 1" in said
    assert "tax" in said and "71.00" in said
    assert TaxRun.objects.get().total_tax == D("71.00")
    # Half of 71.00 is more than enough for one member in her first week.
    assert StipendRun.objects.get().total_paid == D("15.00")


def test_missed_weeks_come_first(join, monday):
    join("ana", at=LONG_AGO)
    said = run("--only", "tax")
    assert list(TaxRun.objects.order_by("created_at", "period").values_list("period", flat=True)) == [
        f"2026-W{number}" for number in range(36, 47)
    ]
    assert said.index("2026-W36") < said.index("2026-W46")


def test_a_second_time_it_says_that_it_was_done(ana):
    run("--only", ONLY)
    before = rows_of_all_tables()
    said = run("--only", ONLY)
    assert said.count("was done before") == 2
    assert rows_of_all_tables() == before


def test_one_week_by_its_name(join, monday):
    join("ana", at=LONG_AGO)
    run("--period", "2026-W40", "--only", "tax")
    assert TaxRun.objects.get().period == "2026-W40"


def test_a_dry_run_says_what_the_run_then_does_and_writes_nothing(ana):
    before = rows_of_all_tables()
    said = run("--dry-run", "--only", ONLY)
    assert rows_of_all_tables() == before
    assert "Nothing was written" in said
    planned = [line.rsplit("  ", 1)[0] for line in said.splitlines() if line.startswith("2026-W46  ")]
    done = [line.rsplit("  ", 1)[0] for line in run("--only", ONLY).splitlines() if line.startswith("2026-W46  ")]
    assert [line.split() for line in planned] == [line.split() for line in done]


def test_a_dry_run_after_the_run_has_nothing_left(ana):
    run("--only", ONLY)
    assert run("--dry-run", "--only", ONLY).count("nothing left to do") == 2


@pytest.mark.parametrize("period", ["2026-W54", "2025-W53", "W47", "last"])
def test_a_period_that_is_none_is_refused(ana, period):
    said, code = refused("--period", period)
    assert period in said and code == 2


def test_an_unknown_stage_is_refused(ana):
    said, code = refused("--only", "tax,rain")
    assert "rain" in said and "stipend" in said and code == 2
    assert not TaxRun.objects.exists()


def test_a_week_that_is_not_over_is_refused(ana):
    said, code = refused("--period", "2026-W47")
    assert "2026-11-23 00:00 UTC" in said and code == 1


def test_a_week_before_anyone_joined_is_refused(ana):
    said, code = refused("--period", "2026-W45")
    assert "before the first member joined" in said and code == 1


def test_early_is_for_debug_only(ana, settings):
    said, code = refused("--period", "2026-W47", "--early")
    assert "DEBUG" in said and code == 2
    settings.DEBUG = True
    run("--period", "2026-W47", "--early", "--only", "tax")
    assert TaxRun.objects.get().period_end == AFTER


def test_early_without_a_week_takes_the_present_one_after_what_is_due(ana, settings):
    settings.DEBUG = True
    run("--early", "--only", "tax")
    assert sorted(TaxRun.objects.values_list("period", flat=True)) == ["2026-W46", "2026-W47"]


def test_an_empty_community_has_nothing_to_run(db, monday):
    assert "nobody had joined" in run()


def test_the_first_week_of_a_community_is_not_due_before_it_ends(join):
    with time_machine.travel(datetime(2026, 11, 12, tzinfo=UTC), tick=False):
        join("ana", at=WEEK.start)
        assert "nobody had joined" in run()
