"""`python -m e2e.weekly_cycle` (`make weekly-cycle`): the weekly cycle under the worst that can happen to it.

Two workers and two beats that tick every second, on servers of their own. Both workers are killed with -9 in the middle
of the tax and of the stipend; the queue is emptied; two weeks are run late, with kills again; the clock is set back an
hour over Monday midnight and forward again. Then it is shown, from the postings and not from what the runs say of
themselves, that each member was taxed once and paid once for each week. The last line is the verdict; exit 1 when
anything does not hold.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks import community, place

ROOT = Path(__file__).resolve().parent.parent
WITHIN = 180.0  # seconds in which a week must be complete once workers run again
QUIET = 8.0  # seconds of ticks that must change nothing
_STAGES = {"tax": "economy_taxcollection", "stipend": "economy_stipenddistribution"}


class Place:
    """Two workers and two beats on a database full of members, and the clock they read."""

    def __init__(self, folder: Path, chunk: int) -> None:
        self.folder = folder
        self.clock = folder / "clock"
        self.environment = os.environ | {"CIVITAS_CLOCK": str(self.clock), "CIVITAS_CHUNK": str(chunk)}
        self.workers: list[subprocess.Popen[bytes]] = []
        self.beats: list[subprocess.Popen[bytes]] = []
        self.kills = 0

    def set_clock(self, moment: datetime) -> None:
        draft = self.clock.with_suffix(".new")
        draft.write_text(str((moment - datetime.now(UTC)).total_seconds()))
        draft.replace(self.clock)

    def start_workers(self) -> None:
        self.workers = [
            self._start(
                f"worker{n}", "worker", "--concurrency=2", "--without-gossip", "--without-mingle", f"-n{n}@here"
            )
            for n in (1, 2)
        ]

    def start_beats(self) -> None:
        self.beats = [
            self._start(f"beat{n}", "beat", "--scheduler=django_celery_beat.schedulers:DatabaseScheduler", "--pidfile=")
            for n in (1, 2)
        ]

    def kill_workers(self) -> None:
        """SIGKILL to both workers and their pools at once: nobody says goodbye."""
        _end(self.workers)
        self.kills += len(self.workers)
        self.workers = []

    def stop_beats(self) -> None:
        _end(self.beats)
        self.beats = []

    def stop(self) -> None:
        _end(self.workers + self.beats)

    def _start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "e2e.clocked",
                    "celery",
                    "-A",
                    "config",
                    "--skip-checks",
                    *words,
                    "--loglevel=info",
                ],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    for process in processes:
        process.wait()


def main(arguments: list[str]) -> int:
    """Run all scenes; 0 when each member was taxed and paid exactly once a week."""
    parser = argparse.ArgumentParser(prog="python -m e2e.weekly_cycle", description=__doc__)
    parser.add_argument("--members", type=int, default=20_000, help="members in the community (20,000)")
    parser.add_argument("--chunk", type=int, default=250, help="members per transaction of a run (250)")
    parser.add_argument("--seed", type=int, default=None, help="when the kills fall; drawn and printed when not given")
    given = parser.parse_args(arguments)
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10_000)
    chance = random.Random(seed)
    print(f"{given.members:,} members, chunks of {given.chunk}, seed {seed}", flush=True)
    place.prepare()
    from config.lib.periods import Period

    weeks = [Period.of(datetime.now(UTC) - timedelta(weeks=5))]
    weeks += [weeks[0].next, weeks[0].next.next]
    _fill(given.members, weeks)
    here = Place(Path(os.environ["DATA_DIR"]), given.chunk)
    try:
        _scenes(here, weeks, given.members, chance)
    finally:
        here.stop()
    wrong = _verdict(weeks, given.members)
    print()
    for line in wrong:
        print(f"WRONG  {line}")
    if wrong:
        print("VERDICT: broken.")
        return 1
    print(
        f"VERDICT: holds. {given.members:,} members, {len(weeks)} weeks, {here.kills} workers killed:"
        " each taxed once and paid once per week, and the ledger's invariants hold."
    )
    return 0


def _fill(members: int, weeks: list[Any]) -> None:
    """Members who joined before the first week, hold coins, and do something every week; a treasury that can pay."""
    from django.utils import timezone

    from config.lib import schedules
    from economy.ledger.models import Fund, Transfer, TransferKind
    from economy.ledger.operations import move

    coins = Decimal(1_000 * members)
    begin = weeks[0].start + timedelta(days=1)  # a day into the first week, so that its average is not its closing
    community.begin_anew()
    community.make_months(begin, timezone.now())
    community.fill_members(members, at=begin + community.JOINED_AGO)
    move(
        kind=TransferKind.STAFF_GRANT,
        at=begin,
        wallets=[],
        funds=[(Fund.ISSUANCE, -coins), (Fund.TREASURY, coins)],
        actor=None,
        channel=Transfer.Channel.JOB,
    )
    for week in weeks:
        place.execute(
            "INSERT INTO accounts_useractivity (id, created_at, user_id, day)"
            " SELECT civitas_uuid7(%s), %s, id, %s FROM accounts_user",
            week.start,
            week.start,
            (week.start + timedelta(days=3)).date(),
        )
    schedules.write_missing()
    # The cycle alone, every second: twice, by two beats. What else is scheduled would only be in its way.
    place.execute(
        "UPDATE django_celery_beat_periodictask SET enabled = (name = 'Weekly cycle, if missed'),"
        " expire_seconds = NULL, expires = NULL"
    )
    from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks

    second, _made = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.filter(enabled=True).update(interval=second, crontab=None)
    PeriodicTasks.update_changed()


def _scenes(here: Place, weeks: list[Any], members: int, chance: random.Random) -> None:
    first, second, third = weeks
    on_time = timedelta(minutes=6)

    here.set_clock(first.end - timedelta(minutes=30))
    here.start_workers()
    here.start_beats()
    time.sleep(QUIET)
    _say(f"half an hour before {first.key} ends: {_count('tax', first.key) or 'nothing'} taxed")
    assert _count("tax", first.key) == 0, "a week that is not over was taxed"

    here.set_clock(first.end + on_time)
    _kill_in_the_middle(here, "tax", first.key, members, chance)
    _empty_the_queue()
    _say("the queue is emptied")
    here.start_workers()
    _kill_in_the_middle(here, "stipend", first.key, members, chance)
    here.start_workers()
    _wait(lambda: _is_done(first.key), f"{first.key} complete")

    here.stop_beats()
    _say(f"both beats are away until {third.key} is over: {second.key} is a week late")
    here.set_clock(third.end + on_time)
    here.start_beats()
    _kill_in_the_middle(here, "tax", second.key, members, chance)
    here.start_workers()
    _kill_in_the_middle(here, "stipend", second.key, members, chance)
    assert _count("tax", third.key) == 0, "a later week began before an earlier one was complete"
    here.start_workers()
    _wait(lambda: _is_done(second.key), f"{second.key} complete")
    _kill_in_the_middle(here, "tax", third.key, members, chance)

    here.set_clock(third.end + on_time - timedelta(hours=1))
    here.start_workers()
    before = _count("tax", third.key)
    time.sleep(QUIET)
    _say(f"the clock is set back an hour in mid-run, into {third.key}: {_count('tax', third.key) - before} more taxed")
    here.set_clock(third.end + on_time)
    _wait(lambda: _is_done(third.key), f"{third.key} complete")

    before_all = _postings()
    here.set_clock(third.end + on_time - timedelta(hours=1))
    time.sleep(QUIET)
    here.set_clock(third.end + on_time)
    time.sleep(QUIET)
    _say(f"the clock back an hour and forward again, all done: {_postings() - before_all} more postings")
    assert _postings() == before_all, "a week was run again"


def _kill_in_the_middle(here: Place, stage: str, week: str, members: int, chance: random.Random) -> None:
    """Kill both workers when some of a stage's members are done, not none and not all."""
    share = chance.uniform(0.05, 0.7)
    _wait(lambda: _count(stage, week) >= share * members, "")
    time.sleep(chance.uniform(0, 0.05))
    here.kill_workers()
    done = _count(stage, week)
    _say(f"{week} {stage}: both workers killed -9 at {done:,} of {members:,}")
    if done >= members:
        _say("  (that was at its very end; fewer members per chunk make the middle longer)")


def _count(stage: str, week: str) -> int:
    paid = " AND d.paid_at IS NOT NULL" if stage == "stipend" else ""
    statement = f"SELECT count(*) FROM {_STAGES[stage]} d JOIN economy_{stage}run r ON r.id = d.run_id WHERE r.period = %s{paid}"  # noqa: S608, E501
    return int(place.execute(statement, week)[0][0])


def _is_done(week: str) -> bool:
    statement = (
        "SELECT count(*) FROM (SELECT 1 FROM economy_taxrun WHERE period = %s AND status = 'DONE'"
        " UNION ALL SELECT 1 FROM economy_stipendrun WHERE period = %s AND status = 'DONE') AS runs"
    )
    return bool(place.execute(statement, week, week)[0][0] == 2)


def _postings() -> int:
    return int(place.execute("SELECT count(*) FROM economy_posting")[0][0])


def _empty_the_queue() -> None:
    import redis
    from django.conf import settings

    address = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://").replace("virtual_host", "db")
    redis.Redis.from_url(address.replace("%2F", "/")).flushdb()


def _wait(is_so: Callable[[], bool], says: str) -> None:
    end = time.monotonic() + WITHIN
    while not is_so():
        if time.monotonic() > end:
            raise SystemExit(f"VERDICT: broken. {says or 'a stage'} was not reached in {WITHIN:.0f} s.")
        time.sleep(0.02)
    if says:
        _say(says)


def _say(line: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S}  {line}", flush=True)


_ONCE = """
    SELECT count(*) FROM accounts_wallet w
      LEFT JOIN (
        SELECT p.wallet_id, count(*) AS times, sum(p.amount) AS coins FROM economy_posting p
          JOIN economy_transfer t ON t.id = p.transfer_id
          WHERE p.kind = %s AND p.wallet_id IS NOT NULL AND t.reference_id = %s GROUP BY p.wallet_id
      ) AS moved ON moved.wallet_id = w.id
      LEFT JOIN {table} d ON d.wallet_id = w.id AND d.run_id = %s
      WHERE d.id IS NULL OR coalesce(moved.times, 0) <> (d.{coins} > 0)::int
        OR coalesce(moved.coins, 0) <> {sign}d.{coins}
"""


def _verdict(weeks: list[Any], members: int) -> list[str]:
    """What is wrong, in words; nothing when all is right."""
    from economy.ledger.queries import violations
    from economy.tax.rules import assess

    wrong = []
    for week in weeks:
        for stage, kind, coins, sign in (
            ("tax", "TAX", "tokens_taxed", "-"),
            ("stipend", "STIPEND", "total_stipend", ""),
        ):
            runs = place.execute(f"SELECT id FROM economy_{stage}run WHERE period = %s AND status = 'DONE'", week.key)  # noqa: S608
            if len(runs) != 1:
                wrong.append(f"{week.key} has {len(runs)} complete runs of the {stage}")
                continue
            (run,) = runs[0]
            rows = _count(stage, week.key)
            bad = place.execute(_ONCE.format(table=_STAGES[stage], coins=coins, sign=sign), kind, run, run)[0][0]
            print(f"{week.key}  {stage:8}{rows:>9,} members, {bad} of them not exactly once")
            if bad or rows != members:
                wrong.append(f"{week.key} {stage}: {bad} members not exactly once, {rows} rows for {members} members")
        figures = place.execute(
            "SELECT d.base, d.balance_before, d.tokens_taxed FROM economy_taxcollection d"
            " JOIN economy_taxrun r ON r.id = d.run_id WHERE r.period = %s",
            week.key,
        )
        off = sum(assess(base).tax != taxed for base, _before, taxed in figures)
        if off:
            wrong.append(f"{week.key}: {off} members paid another tax than the brackets say")
    kinds = place.execute(
        "SELECT kind, count(DISTINCT reference_id) FROM economy_transfer WHERE kind IN ('TAX', 'STIPEND') GROUP BY kind"
    )
    if any(runs != len(weeks) for _kind, runs in kinds):
        wrong.append(f"transfers of other runs: {kinds}")
    return wrong + [f"{one.says}: {one.row}" for one in violations()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
