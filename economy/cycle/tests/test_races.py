"""Weekly runs at once, members who move coins beside one, a run that is killed: real threads, real processes."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal as D

import pytest
from constance.test import override_config
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.wallets.models import Wallet
from config.lib.periods import Period
from economy.cycle.tests.weeks import AFTER, LONG_AGO, WEEK, fill_treasury, hold, was_active
from economy.ledger import operations as ledger
from economy.ledger.models import Transfer
from economy.ledger.queries import fund_balances, violations
from economy.stipend.models import StipendDistribution, StipendRun
from economy.stipend.operations import pay_stipends
from economy.tax.models import RunStatus, TaxCollection, TaxRun
from economy.tax.operations import collect_taxes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def together(*jobs):
    """Start all at the same moment; their results in order."""
    start = threading.Barrier(len(jobs))

    def one(job):
        try:
            start.wait()
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(one, job) for job in jobs]]


@pytest.fixture
def community(transactional_db, join):
    """24 members with 500.00 each, active in the week; 240.00 in the treasury."""
    members = [hold(join(f"member_{number}", at=LONG_AGO), "500.00") for number in range(24)]
    was_active(*members)
    fill_treasury("240.00")
    return members


def test_four_tax_runs_at_once_collect_once(community):
    runs = together(*[lambda: collect_taxes(period=WEEK, end=WEEK.end, at=AFTER, chunk=3)] * 4)
    assert len({run.pk for run in runs}) == 1
    assert all((run.status, run.payers, run.total_tax) == (RunStatus.DONE, 24, D("144.00")) for run in runs)
    assert TaxCollection.objects.count() == 24
    assert set(Wallet.objects.values_list("balance", flat=True)) == {D("494.00")}
    assert violations() == []


def test_four_stipend_runs_at_once_pay_once(community):
    runs = together(*[lambda: pay_stipends(period=WEEK, end=WEEK.end, at=AFTER, chunk=3)] * 4)
    assert len({run.pk for run in runs}) == 1
    assert all((run.status, run.members, run.total_paid) == (RunStatus.DONE, 24, D("120.00")) for run in runs)
    assert set(Wallet.objects.values_list("balance", flat=True)) == {D("505.00")}
    assert fund_balances()["treasury"] == D("120.00")
    assert violations() == []


def test_without_the_row_per_member_the_tax_would_be_taken_twice(community):
    """The control: the same race, with a function that moves coins without asking what is collected already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef('economy_tax_collect(uuid, bigint, bigint, timestamptz)'::regprocedure)"
        )
        guarded = cursor.fetchone()[0]
        careless = guarded.replace("ON CONFLICT (run_id, wallet_id) DO NOTHING", "")
        assert careless != guarded
        cursor.execute("ALTER TABLE economy_taxcollection DROP CONSTRAINT economy_taxcollection_once")
        cursor.execute(careless)
    try:
        together(*[lambda: collect_taxes(period=WEEK, end=WEEK.end, at=AFTER, chunk=24)] * 4)
        assert TaxCollection.objects.count() > 24
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE economy_taxcollection")
            cursor.execute(guarded)
            cursor.execute(
                "ALTER TABLE economy_taxcollection ADD CONSTRAINT economy_taxcollection_once UNIQUE (run_id, wallet_id)"
            )


@override_config(GIFTS_PER_MINUTE=100_000)
def test_members_give_coins_beside_the_tax(community):
    """Gifts in the midst of it: nobody is overdrawn, nothing gets lost, and every base is that of the week."""
    stop = threading.Event()

    def giving(first, second):
        def give():
            count = 0
            while not stop.is_set():
                for giver, receiver in ((first, second), (second, first)):
                    ledger.give(
                        giver=giver.wallet,
                        receiver=receiver.wallet,
                        coins=D("1.00"),
                        memo="",
                        key=None,
                        channel=Transfer.Channel.WEB,
                        at=AFTER + timedelta(milliseconds=count),
                    )
                count += 1
                if count >= 40:
                    break
            return count

        return give

    def collecting():
        run = collect_taxes(period=WEEK, end=WEEK.end, at=AFTER, chunk=2)
        stop.set()
        return run

    run, *gifts = together(collecting, giving(*community[:2]), giving(community[0], community[5]))
    assert all(gifts)
    assert (run.payers, run.total_tax) == (24, D("144.00"))
    assert set(TaxCollection.objects.values_list("base", flat=True)) == {D("500.00")}
    assert violations() == []


_CHILD = """
import sys, time
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.core.management import call_command
from django.db import transaction
from economy.stipend import operations as stipend
from economy.tax import operations as tax
stipend.CHUNK = tax.CHUNK = 4

def stopped_in_the_third(chunk):
    calls = []
    def one(*given, **named):
        calls.append(1)
        with transaction.atomic():
            done = chunk(*given, **named)
            if len(calls) == 3:
                print("in the middle", flush=True)
                time.sleep(60)
            return done
    return one

if sys.argv[2] == "tax":
    tax._collect = stopped_in_the_third(tax._collect)
if sys.argv[2] == "stipend":
    stipend._pay = stopped_in_the_third(stipend._pay)
call_command("cycle", "run", "--only", "tax,stipend")
"""


def child(stage=""):
    """The command in a process of its own, on the database of this test."""
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, connection.settings_dict["NAME"], stage],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def killed_in(stage):
    """Run the command and kill it in the third chunk of a stage, when its coins have moved and are not committed."""
    process = child(stage)
    said = []
    for text in process.stdout:
        said.append(text)
        if text == "in the middle\n":
            break
    else:
        pytest.fail("".join(said))
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    process.stdout.close()
    assert any(f"{stage}: 8 of 24" in text for text in said)


def finished():
    process = child()
    said, _nothing = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return said


@pytest.fixture
def last_week(transactional_db, join):
    """24 members of long ago with 500.00 each, active in the week that has just ended by the real clock."""
    week = Period.last_full(timezone.now())
    joined = week.start - timedelta(hours=1)
    members = [hold(join(f"member_{number}", at=joined), "500.00", at=joined) for number in range(24)]
    was_active(*members, at=week.start)
    fill_treasury("240.00", at=joined)
    # The week before has ended with their first hour: it is not what is tested here.
    for run in (TaxRun, StipendRun):
        extra = {"treasury_before": 0, "budget": 0} if run is StipendRun else {}
        run.objects.create(
            period=week.previous.key,
            status=RunStatus.DONE,
            period_start=week.previous.start,
            period_end=week.previous.end,
            **extra,
        )
    return members


def test_a_tax_run_killed_in_the_middle_is_finished_by_the_next(last_week):
    killed_in("tax")
    collected = TaxCollection.objects.count()
    assert collected == 8
    assert fund_balances()["treasury"] == D("240.00") + D("6.00") * collected
    said = finished()
    assert "tax: 16 of 16" in said
    assert TaxCollection.objects.count() == 24
    assert set(TaxCollection.objects.values_list("tokens_taxed", flat=True)) == {D("6.00")}
    assert StipendDistribution.objects.filter(paid_at__isnull=False).count() == 24
    assert violations() == []


def test_a_stipend_run_killed_in_the_middle_is_finished_by_the_next(last_week):
    collect_taxes(period=(week := Period.last_full(timezone.now())), end=week.end, at=timezone.now())
    killed_in("stipend")
    assert StipendDistribution.objects.filter(paid_at__isnull=False).count() == 8
    run = StipendRun.objects.get(period=week.key)
    assert (run.status, run.budget) == (RunStatus.RUNNING, D("192.00"))
    said = finished()
    assert "stipend: 24 of 24" in said
    run.refresh_from_db()
    # 384.00 in the treasury: 192.00 for 24 members who want 10.00 (and 4.00, being new).
    assert (run.status, run.members, run.total_wanted) == (RunStatus.DONE, 24, D("336.00"))
    assert set(StipendDistribution.objects.values_list("base_stipend", "new_user_bonus")) == {(D("5.71"), D("2.28"))}
    assert run.total_paid == D("191.76") <= run.budget
    assert violations() == []
