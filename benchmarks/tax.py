"""The weekly tax through `economy.tax.operations.collect_taxes`, beside the same SQL and bare SQL by psql, week by week."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from benchmarks.community import make_months
from benchmarks.options import Options
from benchmarks.place import REFERENCE, execute, server, settle_down
from benchmarks.results import TIME, Result, alternate


def run(options: Options) -> Iterator[Result]:
    """Every turn collects the tax of another week, so all variants find everybody untaxed and about equally rich."""
    weeks = _weeks(turns=3 * (options.rounds + 1))
    found = alternate(
        {
            "ours": lambda: _timed(_ours, next(weeks)),
            "same": lambda: _timed(_by_psql("tax_same.sql"), next(weeks)),
            "bare": lambda: _timed(_by_psql("tax_bare.sql"), next(weeks)),
        },
        rounds=options.rounds,
    )
    name = f"tax, {options.members:,} members"
    yield Result(name, "the same SQL, psql", TIME, ours=found["ours"], theirs=found["same"])
    yield Result(name, "bare SQL in one go, psql", TIME, 1.3, ours=found["ours"], theirs=found["bare"])


def _weeks(*, turns: int) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Start, end and clock of weeks to come, each collected five minutes after its end, with the months made for them."""
    from config.lib.periods import Period

    first = Period.of(datetime.now(UTC)).next
    make_months(first.start, first.start + timedelta(weeks=turns + 1))
    for number in count():
        start = first.start + timedelta(weeks=number)
        yield start, start + timedelta(weeks=1), start + timedelta(weeks=1, minutes=5)


def _timed(collect: Callable[[datetime, datetime, datetime], None], week: tuple[datetime, datetime, datetime]) -> float:
    settle_down()
    begin = time.perf_counter()
    collect(*week)
    passed = time.perf_counter() - begin
    (rows,) = execute("SELECT count(*) FROM economy_taxcollection WHERE created_at = %s", week[2])[0]
    (members,) = execute("SELECT count(*) FROM accounts_wallet")[0]
    if rows != members:
        raise RuntimeError(f"{rows} of {members} members were taxed")
    return passed


def _ours(start: datetime, end: datetime, at: datetime) -> None:
    from config.lib.periods import Period
    from economy.tax.operations import collect_taxes

    collect_taxes(period=Period(start), end=end, at=at)


def _by_psql(script: str) -> Callable[[datetime, datetime, datetime], None]:
    from config.lib.periods import Period
    from economy.tax.operations import CHUNK

    def collect(start: datetime, end: datetime, at: datetime) -> None:
        week = {"start": start.isoformat(), "end": end.isoformat(), "at": at.isoformat()}
        server().psql(REFERENCE / script, period=Period(start).key, chunk=CHUNK, **week)

    return collect
