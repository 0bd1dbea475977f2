"""Collecting the tax, through the real SQL."""

from datetime import timedelta
from decimal import Decimal as D
from itertools import count
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.lib.runtime import forget
from economy import migrations
from economy.cycle.tests.weeks import AFTER, LONG_AGO, MIDDLE, MONDAY, WEEK, fill_treasury, hold, move, wallet_of
from economy.ledger import operations as ledger
from economy.ledger.models import Lock, Posting, Transfer
from economy.ledger.queries import counterparties, fund_balances, violations
from economy.observatory.models import SystemState
from economy.tax import operations, queries, rules
from economy.tax.models import RunStatus, TaxBracket, TaxCollection, TaxRun


def collect(period=WEEK, at=AFTER, **more):
    return operations.collect_taxes(period=period, end=more.pop("end", period.end), at=at, **more)


def paid(member):
    return TaxCollection.objects.get(wallet__user=member)


@pytest.fixture
def ana(join):
    return join("ana", at=LONG_AGO)


@pytest.fixture
def ben(join):
    return join("ben", at=LONG_AGO)


@pytest.mark.parametrize(
    ("balance", "tax", "bracket", "rate"),
    [
        ("200.00", "0.00", "free", "0.0000"),
        ("500.00", "6.00", "low", "0.0120"),
        ("1200.00", "51.00", "high", "0.0425"),
        ("10000.00", "1181.00", "top", "0.1181"),
    ],
)
def test_worked_examples_held_all_week(ana, balance, tax, bracket, rate):
    hold(ana, balance)
    run = collect()
    row = paid(ana)
    assert (row.base, row.tokens_taxed, row.tax_bracket, row.tax_rate) == (D(balance), D(tax), bracket, D(rate))
    assert (row.balance_before, row.balance_after) == (D(balance), D(balance) - D(tax))
    assert wallet_of(ana).balance == D(balance) - D(tax)
    assert fund_balances()["treasury"] == D(tax)
    assert (run.status, run.total_base, run.total_tax) == (RunStatus.DONE, D(balance), D(tax))
    assert violations() == []


def test_worked_example_of_coins_that_left_in_the_middle(ana):
    hold(ana, "1200.00")
    move(ana, "-1000.00", MIDDLE)
    collect()
    assert (paid(ana).base, paid(ana).tokens_taxed, paid(ana).balance_after) == (D("700.00"), D("16.00"), D("184.00"))


def test_what_moves_after_the_end_changes_nothing(ana):
    hold(ana, "1200.00")
    move(ana, "5000.00", WEEK.end)
    move(ana, "-5500.00", WEEK.end + timedelta(minutes=2))
    collect()
    assert (paid(ana).base, paid(ana).tokens_taxed, paid(ana).balance_before) == (D("1200.00"), D("51.00"), D("700.00"))


def test_the_closing_balance_can_be_the_base(ana):
    hold(ana, "1200.00")
    move(ana, "-1000.00", MIDDLE)
    move(ana, "900.00", WEEK.end)
    with runtime(TAX_BASE="closing"):
        run = collect()
    assert (run.basis, paid(ana).base, paid(ana).tokens_taxed) == ("closing", D("200.00"), D("0.00"))


def test_the_locked_part_is_taxed_but_not_touched(ana):
    hold(ana, "1200.00")
    ledger.hold(wallet=ana.wallet, kind=Lock.Kind.VAULT, coins=D("1170.00"), at=LONG_AGO)
    collect()
    row = paid(ana)
    assert (row.base, row.tokens_taxed, row.tax_rate) == (D("1200.00"), D("30.00"), D("0.0250"))
    assert wallet_of(ana).available == D("0.00")
    assert violations() == []


def test_a_wallet_with_nothing_available_has_its_row_and_pays_nothing(ana):
    hold(ana, "1200.00")
    ledger.hold(wallet=ana.wallet, kind=Lock.Kind.VAULT, coins=D("1200.00"), at=LONG_AGO)
    run = collect()
    assert (paid(ana).tokens_taxed, paid(ana).transfer_id, run.payers) == (D("0.00"), None, 0)


def test_who_had_no_coins_all_week_has_no_row(ana, ben):
    hold(ana, "0.00")
    run = collect()
    assert not TaxCollection.objects.filter(wallet__user=ana).exists()
    assert (run.members, run.payers) == (2, 0)


def test_who_joins_after_the_end_is_not_in_it(ana, join):
    late = hold(join("late", at=WEEK.end), "3000.00", at=WEEK.end)
    run = collect()
    assert not TaxCollection.objects.filter(wallet__user=late).exists()
    assert run.members == 1


def test_who_joins_in_the_middle_is_taxed_on_half(join):
    midway = join("midway", at=MIDDLE)
    hold(midway, "1400.00", at=MIDDLE)
    collect()
    assert (paid(midway).base, paid(midway).tokens_taxed) == (D("700.00"), D("16.00"))


def test_the_wallet_keeps_its_totals(ana):
    hold(ana, "1200.00")
    collect()
    wallet = wallet_of(ana)
    assert (wallet.total_tax_paid, wallet.last_tax_collected_at) == (D("51.00"), AFTER)


def test_a_second_run_changes_nothing(ana, ben):
    hold(ana, "1200.00")
    first = collect()
    again = collect(at=AFTER + timedelta(days=3))
    assert (again.pk, again.finished_at, again.total_tax) == (first.pk, AFTER, D("51.00"))
    assert TaxCollection.objects.count() == 2
    assert Transfer.objects.filter(kind="TAX").count() == 1


def test_chunks_come_to_the_same(join):
    members = [hold(join(f"member_{number}", at=LONG_AGO), f"{500 + number}.00") for number in range(7)]
    seen = []
    run = collect(chunk=3, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(3, 7), (6, 7), (7, 7)]
    assert run.total_tax == sum(rules.assess(D(500 + number)).tax for number in range(7))
    assert [paid(member).tokens_taxed for member in members] == [rules.assess(D(500 + n)).tax for n in range(7)]
    assert Transfer.objects.filter(kind="TAX").count() == 3
    assert violations() == []


def test_a_run_that_was_cut_off_goes_on_with_the_missing_ones(join):
    for number in range(6):
        hold(join(f"member_{number}", at=LONG_AGO), "500.00")

    def cut_off(done, total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect(chunk=2, progress=cut_off)
    assert TaxRun.objects.get().status == RunStatus.RUNNING
    before = set(TaxCollection.objects.values_list("pk", flat=True))
    assert len(before) == 4
    run = collect(chunk=2, at=AFTER + timedelta(hours=1))
    assert (run.payers, run.total_tax) == (6, D("36.00"))
    assert before < set(TaxCollection.objects.values_list("pk", flat=True))
    assert violations() == []


@pytest.fixture
def brackets(db):
    """The default brackets as rows."""
    TaxBracket.objects.all().delete()
    TaxBracket.objects.bulk_create(TaxBracket(**vars(bracket)) for bracket in rules.DEFAULT_BRACKETS)


def test_brackets_and_basis_stay_as_they_were_when_the_run_began(ana, ben, brackets):
    hold(ana, "500.00")
    hold(ben, "500.00")

    def change_the_law(done, total):
        TaxBracket.objects.filter(name="low").update(rate=D("1.0000"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect(chunk=1, progress=change_the_law)
    with runtime(TAX_BASE="closing"):
        run = collect()
    assert (run.total_tax, run.basis) == (D("12.00"), "average")


def test_brackets_with_a_gap_are_refused(ana, brackets):
    TaxBracket.objects.filter(name="middle").delete()
    with pytest.raises(operations.BracketsHaveGaps):
        collect()
    assert not TaxRun.objects.exists()


def test_late_weeks_see_their_own_week(ana):
    """Two weeks later both are collected, each from its own balance."""
    hold(ana, "1200.00")
    late = WEEK.next.end + timedelta(minutes=5)
    collect(at=late)
    collect(period=WEEK.next, at=late)
    rows = TaxCollection.objects.order_by("run__period")
    assert [row.base for row in rows] == [D("1200.00"), D("1200.00")]
    assert [row.tokens_taxed for row in rows] == [D("51.00"), D("51.00")]


def test_weeks_in_time_see_the_tax_of_the_one_before(ana):
    hold(ana, "1200.00")
    collect()
    move(ana, "51.00", WEEK.next.start)
    collect(period=WEEK.next, at=WEEK.next.end + timedelta(minutes=5))
    # The tax left five minutes into the week, the new coins came at its very start.
    assert TaxCollection.objects.get(run__period="2026-W47").base == D("1200.02")


@pytest.mark.parametrize("key", ["2026-W53", "2025-W01", "2026-W01"])
def test_weeks_at_the_turn_of_a_year(ana, key):
    period = type(WEEK).parse(key)
    TaxRun.objects.all().delete()
    hold(ana, "500.00")
    type(ana.wallet).objects.update(created_at=period.start - timedelta(days=1))
    run = collect(period=period, at=period.end + timedelta(days=400))
    assert (run.period, run.period_start, run.period_end) == (key, period.start, period.end)


def test_the_tax_of_a_chunk_is_one_transfer_with_a_line_per_payer(ana, ben):
    hold(ana, "1200.00")
    hold(ben, "500.00")
    run = collect()
    transfer = Transfer.objects.get(kind="TAX")
    assert (transfer.reference_type, transfer.reference_id, transfer.channel) == ("tax_run", run.pk, "JOB")
    lines = Posting.objects.filter(transfer=transfer).order_by("amount")
    assert [(line.fund, line.amount) for line in lines] == [
        (None, D("-51.00")),
        (None, D("-6.00")),
        ("treasury", D("57.00")),
    ]


def test_others_who_paid_are_nobodys_counterparty(ana, ben):
    hold(ana, "1200.00")
    hold(ben, "1200.00")
    collect()
    lines = list(Posting.objects.filter(wallet=ana.wallet, kind="TAX"))
    assert len(lines) == 1
    assert counterparties(ana.wallet, lines) == {}


def test_the_state_of_the_economy_says_when(ana):
    collect()
    assert SystemState.objects.get().last_tax_collection_at == AFTER


def test_history_totals_and_forecast(ana, ben):
    hold(ana, "1200.00")
    collect()
    collect(period=WEEK.next, at=WEEK.next.end + timedelta(minutes=5))
    assert [row.run.period for row in queries.collections_of(ana.wallet).order_by("-id")] == ["2026-W47", "2026-W46"]
    assert [run.period for run in queries.weekly_totals()] == ["2026-W46", "2026-W47"]
    assert [run.period for run in queries.weekly_totals(weeks=1)] == ["2026-W47"]
    assert queries.forecast(D("1200.00")).tax == D("51.00")


def test_a_preview_says_what_the_run_then_does(ana, ben):
    hold(ana, "1200.00")
    hold(ben, "700.00")
    seen = queries.preview(period=WEEK, end=WEEK.end, basis="average")
    assert not TaxRun.objects.exists()
    run = collect()
    assert (seen.members, seen.payers, seen.base, seen.tax) == (2, 2, run.total_base, run.total_tax)
    assert queries.preview(period=WEEK, end=WEEK.end, basis="average").members == 0


def test_the_default_brackets_are_in_the_database(db):
    TaxBracket.objects.all().delete()  # a test that commits may have emptied the table
    with connection.cursor() as cursor:
        migration = Path(migrations.__file__).with_name("0003_weekly_cycle.sql").read_text()
        cursor.execute(migration[migration.index("INSERT INTO economy_taxbracket") :])
    rows = [rules.Bracket(row.name, row.lower, row.upper, row.rate) for row in TaxBracket.objects.order_by("lower")]
    assert tuple(rows) == rules.DEFAULT_BRACKETS


_numbers = count()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    opening=st.decimals(D("0"), D("9000"), places=2),
    steps=st.lists(
        st.tuples(st.integers(-86400, 8 * 86400 - 1), st.decimals(D("0.01"), D("3000"), places=2), st.booleans()),
        max_size=8,
    ),
)
def test_sql_and_rules_agree(join, opening, steps):
    """Whatever moves before, within and after the week, the database finds the base and tax that plain Python finds."""
    TaxCollection.objects.all().delete()
    TaxRun.objects.all().delete()
    ana = hold(join(f"ana_{next(_numbers)}", at=LONG_AGO), str(opening))
    balance, movements = opening, []
    for second, coins, comes in sorted(steps):
        amount = coins if comes else -min(coins, balance)
        if amount:
            movements.append((MONDAY + timedelta(seconds=second), amount))
            balance += amount
            move(ana, str(amount), movements[-1][0])
    closing = opening + sum((amount for at, amount in movements if at < WEEK.end), D(0))
    within = [(at, amount) for at, amount in movements if MONDAY <= at < WEEK.end]
    base = rules.average(closing=closing, movements=within, start=MONDAY, end=WEEK.end)
    collect(at=AFTER + timedelta(days=3))
    row = TaxCollection.objects.filter(wallet=ana.wallet).first()
    if base == 0:
        assert row is None
        return
    expected = rules.assess(base)
    assert (row.base, row.tax_bracket) == (base, expected.bracket)
    assert row.tokens_taxed == min(expected.tax, balance)


class runtime:  # noqa: N801 - reads like a word of the test
    """Run a block with other runtime settings."""

    def __init__(self, **figures):
        self.figures = figures

    def __enter__(self):
        from constance import config

        self.before = {name: getattr(config, name) for name in self.figures}
        self._set(self.figures)

    def __exit__(self, *error):
        self._set(self.before)

    def _set(self, figures):
        from constance import config

        for name, value in figures.items():
            setattr(config, name, value)
        forget()


def test_the_treasury_gets_what_the_members_gave(join):
    fill_treasury("3.00")
    for number in range(5):
        hold(join(f"member_{number}", at=LONG_AGO), f"{1000 * (number + 1)}.37")
    run = collect(chunk=2)
    assert fund_balances()["treasury"] == D("3.00") + run.total_tax
    assert violations() == []
