"""Paying the stipend, through the real SQL."""

from datetime import timedelta
from decimal import Decimal as D
from itertools import count

import pytest
from django.db import IntegrityError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from economy.cycle.tests.weeks import (
    AFTER,
    LONG_AGO,
    MIDDLE,
    MONDAY,
    WEEK,
    fill_treasury,
    move,
    wallet_of,
    was_active,
)
from economy.ledger.models import Fund, Posting, Transfer
from economy.ledger.queries import fund_balances, violations
from economy.stipend import operations, queries, rules
from economy.stipend.models import StipendDistribution, StipendRun
from economy.tax.models import RunStatus


def pay(period=WEEK, at=AFTER, **more):
    return operations.pay_stipends(period=period, end=more.pop("end", period.end), at=at, **more)


def row(member):
    return StipendDistribution.objects.get(wallet__user=member)


def parts(member):
    found = row(member)
    return found.base_stipend, found.engagement_bonus, found.new_user_bonus


def test_the_worked_example(member):
    members = [member() for _number in range(100)]
    fill_treasury("1000.00")
    run = pay()
    assert (run.treasury_before, run.budget, run.total_wanted) == (D("1000.00"), D("500.00"), D("1000.00"))
    assert (run.members, run.scale, run.total_paid, run.status) == (100, D("0.5"), D("500.00"), RunStatus.DONE)
    assert {row.total_stipend for row in StipendDistribution.objects.all()} == {D("5.00")}
    assert fund_balances()["treasury"] == D("500.00")
    assert wallet_of(members[0]).balance == D("105.00")
    assert violations() == []


def test_a_full_treasury_pays_what_is_wanted(member):
    ana = member()
    fill_treasury("1000.00")
    run = pay()
    assert (run.scale, run.total_paid, fund_balances()["treasury"]) == (D(1), D("10.00"), D("990.00"))
    wallet = wallet_of(ana)
    assert (wallet.total_stipend_received, wallet.last_stipend_received_at) == (D("10.00"), AFTER)
    assert row(ana).paid_at == AFTER


def test_what_rounding_leaves_stays_in_the_treasury(member):
    for _number in range(3):
        member()
    fill_treasury("20.00")
    run = pay()
    assert (run.budget, run.total_paid, fund_balances()["treasury"]) == (D("10.00"), D("9.99"), D("10.01"))
    assert run.scale == D("0.333333333333")


def test_an_empty_treasury_pays_nothing_and_closes_the_week(member):
    ana = member()
    run = pay()
    assert (run.status, run.total_paid) == (RunStatus.DONE, D("0.00"))
    assert (row(ana).total_stipend, row(ana).transfer_id, row(ana).paid_at) == (D("0.00"), None, AFTER)
    assert not Transfer.objects.filter(kind="STIPEND").exists()


def test_nothing_is_minted(member):
    member()
    fill_treasury("1000.00")
    before = fund_balances()["issuance"]
    pay()
    assert fund_balances()["issuance"] == before


@pytest.mark.parametrize("status", ["SUSPENDED", "BANNED", "CLOSED"])
def test_who_may_not_act_gets_nothing(member, status):
    fill_treasury("1000.00")
    member("ana", status=status)
    assert pay().members == 0


def test_without_a_verified_phone_nothing(member):
    fill_treasury("1000.00")
    member("ana", phone_verified_at=None)
    assert pay().members == 0


def test_who_was_not_active_in_the_week_gets_nothing(join):
    fill_treasury("1000.00")
    idle = join("idle", at=LONG_AGO)
    was_active(idle, at=MONDAY - timedelta(seconds=1))
    was_active(idle, at=WEEK.end)
    assert pay().members == 0


@pytest.mark.parametrize("at", [MONDAY, WEEK.end - timedelta(seconds=1)])
def test_one_day_of_the_week_is_enough(join, at):
    fill_treasury("1000.00")
    was_active(join("ana", at=LONG_AGO), at=at)
    assert pay().members == 1


def test_who_joined_after_the_end_gets_nothing(join):
    fill_treasury("1000.00")
    was_active(join("early", at=WEEK.end - timedelta(seconds=1)), join("late", at=WEEK.end))
    run = pay()
    assert (run.members, row_names()) == (1, ["early"])


def row_names():
    return list(StipendDistribution.objects.values_list("wallet__user__pages__username", flat=True))


@pytest.mark.parametrize(
    ("joined", "bonus"),
    [
        (WEEK.end - timedelta(hours=1), "5.00"),
        (MONDAY, "5.00"),
        (MONDAY - timedelta(seconds=1), "4.00"),
        (MONDAY - timedelta(days=10), "3.00"),
        (MONDAY - timedelta(days=21), "2.00"),
        (MONDAY - timedelta(days=21, seconds=1), "0.00"),
    ],
)
def test_new_members_get_a_bonus_for_four_weeks(member, joined, bonus):
    fill_treasury("1000.00")
    newcomer = member(at=joined)
    pay()
    assert parts(newcomer) == (D("10.00"), D("0.00"), D(bonus))
    assert rules.new_member_bonus(joined=joined, end=WEEK.end, first=D("5.00")) == D(bonus)


def test_the_engagement_bonus_is_a_tenth_of_the_settled_tips(member, tips):
    fill_treasury("1000.00")
    ana, ben, cleo = member("ana"), member("ben"), member("cleo")
    tips(ben, ana, "6.00")
    tips(cleo, ana, "1.25")
    pay()
    assert parts(ana) == (D("10.00"), D("0.72"), D("0.00"))
    assert (row(ana).tokens_earned_last_week, row(ana).total_stipend) == (D("7.25"), D("10.72"))
    assert parts(ben) == (D("10.00"), D("0.00"), D("0.00"))


def test_only_tips_settled_in_the_week_count(member, tips):
    fill_treasury("1000.00")
    ana, ben = member("ana"), member("ben")
    tips(ben, ana, "6.00", at=MONDAY - timedelta(seconds=1))
    tips(ben, ana, "6.00", at=WEEK.end)
    tips(ben, ana, "2.00", at=MONDAY)
    pay()
    assert row(ana).tokens_earned_last_week == D("2.00")


def test_a_pair_counts_up_to_10_and_all_together_up_to_5_coins_of_bonus(member, tips):
    fill_treasury("1000.00")
    ana, ben = member("ana"), member("ben")
    tips(ben, ana, "60.00")
    for _number in range(6):
        tips(member(), ana, "9.00")
    pay()
    assert row(ana).tokens_earned_last_week == D("64.00")
    assert parts(ana) == (D("10.00"), D("5.00"), D("0.00"))


def test_mutual_tips_cancel_out(member, tips):
    fill_treasury("1000.00")
    ana, ben = member("ana"), member("ben")
    tips(ana, ben, "8.00")
    tips(ben, ana, "6.00")
    pay()
    assert (parts(ana)[1], parts(ben)[1]) == (D("0.00"), D("0.20"))


def test_several_sources_add_up(member, tips):
    fill_treasury("1000.00")
    ana, ben = member("ana"), member("ben")
    tips(ben, ana, "3.00")
    queries.register_settled_tips(
        "SELECT giver, receiver, coins FROM tip_of_test WHERE settled_at BETWEEN %(start)s AND %(end)s"
    )
    pay()
    assert row(ana).tokens_earned_last_week == D("6.00")


def test_every_component_is_scaled_and_rounded_down(member, tips):
    ana, ben = member("ana", at=MONDAY), member("ben")
    tips(ben, ana, "3.33")
    fill_treasury("20.00")
    run = pay()
    # Wanted 10.00 + 0.33 + 5.00 and 10.00; budget 10.00 of 25.33.
    assert (run.total_wanted, parts(ana), parts(ben)) == (
        D("25.33"),
        (D("3.94"), D("0.13"), D("1.97")),
        (D("3.94"), D("0.00"), D("0.00")),
    )
    assert (row(ana).wanted_base, row(ana).wanted_engagement, row(ana).wanted_new_member) == (
        D("10.00"),
        D("0.33"),
        D("5.00"),
    )
    assert run.total_paid == D("9.98")


def test_a_second_run_changes_nothing(member):
    ana = member()
    fill_treasury("1000.00")
    first = pay()
    again = pay(at=AFTER + timedelta(days=5))
    assert (again.pk, again.finished_at) == (first.pk, AFTER)
    assert wallet_of(ana).balance == D("110.00")


def test_a_run_that_was_cut_off_pays_the_missing_ones_by_its_own_budget(member):
    for _number in range(6):
        member()
    fill_treasury("60.00")

    def cut_off(done, total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pay(chunk=2, progress=cut_off)
    assert StipendDistribution.objects.filter(paid_at=None).count() == 2
    fill_treasury("5000.00")
    member("newcomer")
    seen = []
    run = pay(chunk=2, at=AFTER + timedelta(hours=1), progress=lambda *figures: seen.append(figures))
    assert (run.budget, run.total_paid, run.members) == (D("30.00"), D("30.00"), 6)
    assert seen == [(6, 6)]
    assert violations() == []


def test_a_treasury_that_was_emptied_meanwhile_is_not_overdrawn(member, join):
    members = [member() for _number in range(4)]
    fill_treasury("80.00")
    rich = join("rich", at=LONG_AGO)

    def empty_the_treasury(done, total):
        if done == 2:
            move(rich, "59.00", AFTER, fund=Fund.TREASURY)

    with pytest.raises(operations.TreasuryShort) as refusal:
        pay(chunk=2, progress=empty_the_treasury)
    assert (refusal.value.facts["needed"], refusal.value.facts["available"]) == ("20.00", "1.00")
    assert StipendRun.objects.get().status == RunStatus.RUNNING
    fill_treasury("19.00")
    assert pay(chunk=2).total_paid == D("40.00")
    assert {wallet_of(member).balance for member in members} == {D("110.00")}


def test_the_database_refuses_a_run_above_its_budget(member):
    member()
    fill_treasury("1000.00")
    run = pay()
    with pytest.raises(IntegrityError, match="economy_stipendrun_within_budget"):
        StipendRun.objects.filter(pk=run.pk).update(total_paid=D("500.01"))


def test_early_weeks_count_the_days_so_far(member, join):
    fill_treasury("1000.00")
    later = join("later", at=MIDDLE + timedelta(hours=1))
    was_active(later, at=MIDDLE + timedelta(hours=1))
    ana = member()
    run = pay(end=MIDDLE, at=MIDDLE)
    assert (run.period_end, row_names()) == (MIDDLE, [ana.primary_page.username])


def test_a_chunk_is_one_transfer_with_a_line_per_member(member):
    for _number in range(3):
        member()
    fill_treasury("1000.00")
    run = pay()
    transfer = Transfer.objects.get(kind="STIPEND")
    assert (transfer.reference_type, transfer.reference_id) == ("stipend_run", run.pk)
    assert Posting.objects.get(transfer=transfer, fund="treasury").amount == D("-30.00")
    assert Posting.objects.filter(transfer=transfer, wallet__isnull=False).count() == 3


_rounds = count()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    given_tips=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.decimals(D("0.01"), D("20"), places=2)).filter(
            lambda tip: tip[0] != tip[1]
        ),
        max_size=12,
    ),
    treasury=st.decimals(D("0"), D("150"), places=2),
)
def test_sql_and_rules_agree(member, tips, given_tips, treasury):
    """Whoever tips whom and whatever the treasury holds, the database pays what plain Python finds."""
    turn = next(_rounds)
    StipendDistribution.objects.all().delete()
    StipendRun.objects.all().delete()
    empty = fund_balances()["treasury"]
    hold_treasury = D(treasury) - empty
    if hold_treasury:
        fill_treasury(str(hold_treasury))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tip_of_test")
        cursor.execute("DELETE FROM accounts_useractivity")
    people = [member(f"m{turn}_{number}") for number in range(4)]
    for giver, receiver, coins in given_tips:
        tips(people[giver], people[receiver], str(coins))
    run = pay(chunk=3)
    counts = rules.counted(given_tips, pair_max=D("10.00"))
    wanted = [
        rules.Wanted(
            D("10.00"), rules.engagement_bonus(counts.get(number, D(0)), share=D("0.10"), most=D("5.00")), D("0.00")
        )
        for number in range(4)
    ]
    total = sum(one.total for one in wanted)
    budget = rules.budget(D(treasury), share=D("0.50"))
    assert (run.total_wanted, run.budget, run.scale) == (total, budget, rules.scale(budget=budget, wanted=total))
    for person, one in zip(people, wanted, strict=True):
        found = row(person)
        assert found.base_stipend == rules.scaled(one.base, budget=budget, wanted=total)
        assert found.engagement_bonus == rules.scaled(one.engagement, budget=budget, wanted=total)
    assert run.total_paid <= budget
