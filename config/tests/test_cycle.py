"""Which weeks are due, and in which order stages run: with stages that only write down what they were asked."""

from datetime import UTC, datetime, timedelta

import pytest

from config.lib import cycle
from config.lib.periods import Period

BEGAN = datetime(2026, 10, 28, 12, tzinfo=UTC)  # in 2026-W44
AT = datetime(2026, 11, 16, 0, 5, tzinfo=UTC)  # W46 has just ended


class Noting:
    """A stage that remembers its runs."""

    def __init__(self, name, order, log):
        self.name, self.order, self.log = name, order, log
        self.done = set()

    def is_done(self, period):
        return period.key in self.done

    def run(self, *, period, end, at, progress):
        progress(self.name, 1, 1)
        self.log.append((period.key, self.name, end))
        self.done.add(period.key)
        return {"runs": 1}

    def preview(self, *, period, end, at):
        return {"runs": 0}


@pytest.fixture
def log(monkeypatch):
    monkeypatch.setattr(cycle, "_stages", {})
    monkeypatch.setattr(cycle, "_beginning", lambda: BEGAN)
    log = []
    for name, order in (("stipend", 30), ("decay", 10), ("tax", 20)):
        cycle.add_stage(Noting(name, order, log))
    return log


def keys(periods):
    return [period.key for period in periods]


def week(key):
    return Period.parse(key)


def test_stages_go_in_their_order(log):
    assert cycle.stage_names() == ["decay", "tax", "stipend"]
    assert [stage.name for stage in cycle.chosen(["stipend", "decay"])] == ["decay", "stipend"]


def test_missed_weeks_are_due_since_the_community_began(log):
    assert keys(cycle.due_periods(AT)) == ["2026-W44", "2026-W45", "2026-W46"]


def test_nothing_is_due_before_anyone_joined(log, monkeypatch):
    monkeypatch.setattr(cycle, "_beginning", lambda: None)
    assert cycle.due_periods(AT) == []
    assert not cycle.has_begun(week("2026-W46"))


def test_a_week_is_due_while_one_stage_is_missing(log):
    cycle.run(periods=cycle.due_periods(AT), at=AT, only=["decay", "tax"])
    assert keys(cycle.due_periods(AT)) == ["2026-W44", "2026-W45", "2026-W46"]
    assert cycle.due_periods(AT, ["tax"]) == []
    cycle.run(periods=[week("2026-W45")], at=AT)
    assert keys(cycle.due_periods(AT)) == ["2026-W44", "2026-W46"]


def test_weeks_run_in_order_and_all_stages_of_one_before_the_next(log):
    cycle.run(periods=reversed(cycle.due_periods(AT)), at=AT)
    assert [entry[:2] for entry in log] == [
        (key, stage) for key in ("2026-W44", "2026-W45", "2026-W46") for stage in ("decay", "tax", "stipend")
    ]
    assert cycle.due_periods(AT) == []


def test_a_week_runs_to_its_own_end_however_late(log):
    cycle.run(periods=[week("2026-W45")], at=AT, only=["tax"])
    assert log == [("2026-W45", "tax", week("2026-W45").end)]


def test_a_stage_that_fails_stops_later_weeks(log, monkeypatch):
    def fail(**given):
        raise RuntimeError

    monkeypatch.setattr(cycle._stages["tax"], "run", fail)
    with pytest.raises(RuntimeError):
        cycle.run(periods=cycle.due_periods(AT), at=AT)
    assert [entry[:2] for entry in log] == [("2026-W44", "decay")]


def test_a_week_that_is_not_over_is_refused_before_anything_is_done(log):
    with pytest.raises(cycle.WeekNotOver) as refusal:
        cycle.run(periods=[week("2026-W46"), week("2026-W47")], at=AT)
    assert "2026-W47 ends on 2026-11-23 00:00 UTC" in str(refusal.value)
    assert log == []


def test_early_takes_now_as_the_end(log):
    cycle.run(periods=[week("2026-W47")], at=AT, only=["tax"], early=True)
    assert log == [("2026-W47", "tax", AT)]


def test_early_does_not_reach_into_weeks_to_come(log):
    for at in (week("2026-W48").start, AT):
        with pytest.raises(cycle.WeekNotOver):
            cycle.run(periods=[week("2026-W48")], at=at, early=True)


def test_a_week_before_the_beginning_is_refused(log):
    with pytest.raises(cycle.NothingToRun):
        cycle.run(periods=[week("2026-W43")], at=AT)


def test_an_unknown_stage_is_refused(log):
    with pytest.raises(cycle.UnknownStage) as refusal:
        cycle.run(periods=[week("2026-W46")], at=AT, only=["tax", "rain"])
    assert "rain" in str(refusal.value) and "decay, tax, stipend" in str(refusal.value)


def test_a_dry_run_only_asks(log):
    outcomes = cycle.run(periods=[week("2026-W46")], at=AT, dry_run=True)
    assert log == []
    assert [outcome.totals for outcome in outcomes] == [{"runs": 0}] * 3


def test_outcomes_say_what_had_been_done_before(log):
    cycle.run(periods=[week("2026-W46")], at=AT, only=["tax"])
    outcomes = cycle.run(periods=[week("2026-W46")], at=AT)
    assert [(outcome.stage, outcome.was_done) for outcome in outcomes] == [
        ("decay", False),
        ("tax", True),
        ("stipend", False),
    ]


def test_progress_names_the_week_and_the_stage(log):
    seen = []
    cycle.run(periods=[week("2026-W46")], at=AT, only=["tax"], progress=lambda *told: seen.append(told))
    assert seen == [(week("2026-W46"), "tax", 1, 1)]


def test_a_clock_that_is_set_back_an_hour_runs_nothing_again(log):
    cycle.run(periods=cycle.due_periods(AT), at=AT)
    before_midnight = AT - timedelta(hours=1)
    assert cycle.due_periods(before_midnight) == []
    assert cycle.due_periods(AT) == []


def test_a_clock_three_weeks_ahead_runs_the_weeks_between_once(log):
    ahead = AT + timedelta(days=21)
    cycle.run(periods=cycle.due_periods(ahead), at=ahead)
    assert [entry[0] for entry in log if entry[1] == "tax"] == [f"2026-W{number}" for number in range(44, 50)]
    for later in (AT, AT + timedelta(days=7), ahead):
        assert cycle.due_periods(later) == []


def test_a_year_of_53_weeks_and_its_end(log):
    at = datetime(2027, 1, 11, 0, 5, tzinfo=UTC)
    assert keys(cycle.due_periods(at))[-4:] == ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]
