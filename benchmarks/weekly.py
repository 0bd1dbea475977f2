"""The weekly tax and stipend through their operations, at growing sizes, beside bare SQL, beside a loop of saves, and what
members wait who give and tip meanwhile."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from statistics import median

from benchmarks import community, errands, plain
from benchmarks.crowd import crowd
from benchmarks.memory import Watch
from benchmarks.options import Options
from benchmarks.place import REFERENCE, execute, server, settle_down
from benchmarks.results import MEMORY, RATE, TIME, Result, alternate

PEOPLE = 2  # who give and tip beside a run
ALONE = 30.0  # seconds in which they do so beside nothing, at most
SAMPLE = 300  # members for whom a loop of saves does the same
FLAT = 1.2
LARGE = 1_000_000  # where a turn takes so long that two count and none is needed to warm up


@dataclass
class Size:
    """What was found at one size of the community: seconds per week, and megabytes of Python and of the database's part."""

    members: int
    seconds: list[float] = field(default_factory=list)
    python: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)

    @property
    def per_member(self) -> list[float]:
        return [seconds / self.members for seconds in self.seconds]


def run(options: Options) -> Iterator[Result]:
    """Each turn runs another week, so all find everybody untaxed, unpaid and about equally rich."""
    found: list[Size] = []
    for members in options.sizes:
        community.populate(members)
        weeks = _weeks(members)
        size, bare = _at_one_size(members, weeks, rounds=min(options.rounds, 2 if members >= LARGE else options.rounds))
        found.append(size)
        name = f"tax and stipend, {members:,} members"
        yield Result(name, "bare SQL in one go, psql", TIME, 1.3, ours=size.seconds, theirs=bare)
    yield from _growth(found[0], found[-1])
    yield _beside_saves(size, weeks)
    yield from _waits(size, weeks, options)


def _at_one_size(members: int, weeks: Iterator[datetime], *, rounds: int) -> tuple[Size, list[float]]:
    size = Size(members)

    def ours() -> float:
        start = next(weeks)
        with Watch() as watch:
            seconds = _timed(_ours, start, members)
        size.python.append(watch.python)
        size.database.append(watch.database)
        return seconds

    found = alternate(
        {"ours": ours, "bare": lambda: _timed(_bare, next(weeks), members)}, rounds=rounds, is_warm=members >= LARGE
    )
    size.seconds = found["ours"]
    return size, found["bare"]


def _weeks(members: int) -> Iterator[datetime]:
    """Starts of weeks to come, with months made for them; in each everybody is active and some tips are settled."""
    from config.lib.periods import Period

    first = Period.of(datetime.now(UTC)).next.start
    for number in count():
        start = first + timedelta(weeks=number)
        community.make_months(start, start + timedelta(weeks=2))
        execute(
            f"""
            INSERT INTO accounts_useractivity (id, created_at, user_id, day)
              SELECT civitas_uuid7(%s), %s, ('{community.MEMBER}' || lpad(n::text, 12, '0'))::uuid, %s::date
                FROM generate_series(1, %s) AS n
            """,
            start,
            start,
            start + timedelta(days=number % 7),
            members,
        )
        _settle_tips(start + timedelta(days=3), members)
        settle_down()
        yield start


def _settle_tips(at: datetime, members: int) -> None:
    """A settled tip on each post, which is what the bonus of a stipend looks at; their coins are not what is measured."""
    execute("ALTER TABLE social_tip DISABLE TRIGGER social_tip_told")
    execute(
        f"""
        INSERT INTO social_tip (id, created_at, updated_at, spender_id, spender_page_id, post_id, recipient_id,
            recipient_page_id, amount, to_creator, to_treasury, burned, transfer_id, can_unlike_until, settled_at)
          SELECT t.id, %s, %s, t.spender, NULL, p.id, p.user_id, p.page_id, 5, 3, 1, 1, t.id, %s, %s
            FROM (
              SELECT civitas_uuid7(%s) AS id, ('{community.POST}' || lpad(n::text, 12, '0'))::uuid AS post,
                  ('{community.MEMBER}' || lpad((2 + (n - 1) * 10 + (random() * 7)::int)::text, 12, '0'))::uuid AS spender
                FROM generate_series(1, %s) AS n
            ) AS t JOIN social_post p ON p.id = t.post
        """,
        at - timedelta(days=1),
        at - timedelta(days=1),
        at,
        at,
        at,
        community.posts(members),
    )
    execute("ALTER TABLE social_tip ENABLE TRIGGER social_tip_told")


def _timed(week: Callable[[datetime], None], start: datetime, members: int) -> float:
    begin = time.perf_counter()
    week(start)
    passed = time.perf_counter() - begin
    at = start + timedelta(weeks=1, minutes=5)
    for table in ("economy_taxcollection", "economy_stipenddistribution"):
        (rows,) = execute(f"SELECT count(*) FROM {table} WHERE created_at = %s", at)[0]
        if rows != members:
            raise RuntimeError(f"{rows} of {members} members are in {table}")
    return passed


def _ours(start: datetime) -> None:
    from config.lib.periods import Period
    from economy.stipend.operations import pay_stipends
    from economy.tax.operations import collect_taxes

    end = start + timedelta(weeks=1)
    at = end + timedelta(minutes=5)
    collect_taxes(period=Period(start), end=end, at=at)
    pay_stipends(period=Period(start), end=end, at=at)


def _bare(start: datetime) -> None:
    from config.lib.periods import Period

    end = start + timedelta(weeks=1)
    week = {"start": start.isoformat(), "end": end.isoformat(), "at": (end + timedelta(minutes=5)).isoformat()}
    server().psql(REFERENCE / "weekly_bare.sql", period=Period(start).key, **week)


def _beside_saves(size: Size, weeks: Iterator[datetime]) -> Result:
    """Members per second; the loop's are measured on a few, others each time."""
    save = plain.plain_week(next(weeks))
    rates = []
    for turn in range(len(size.seconds)):
        begin = time.perf_counter()
        for number in range(turn * SAMPLE + 1, (turn + 1) * SAMPLE + 1):
            save(community.numbered(community.WALLET, number))
        rates.append(SAMPLE / (time.perf_counter() - begin))
    ours = [size.members / seconds for seconds in size.seconds]
    return Result(f"tax and stipend, {size.members:,} members", "a loop of saves", RATE, 100, ours=ours, theirs=rates)


def _waits(size: Size, weeks: Iterator[datetime], options: Options) -> Iterator[Result]:
    """The longest of all waits while a week is run, and with nothing beside it: both hold the noise of the machine."""
    beside, alone = [], []
    about = 1.5 * median(size.seconds)
    with crowd(PEOPLE) as people:
        for _ in range(1 if size.members >= LARGE else min(options.rounds, 3)):
            start = next(weeks)
            alone.append(people.work(errands.gifts_or_tips, size.members, seconds=min(about, ALONE)).longest)
            people.start(errands.gifts_or_tips, size.members, seconds=about)
            _timed(_ours, start, size.members)
            beside.append(people.wait().longest)
    name = f"longest gift or tip beside a week of {size.members:,}"
    yield Result(name, "beside nothing", TIME, 0.2, of_ours=True, ours=beside, theirs=alone)


def _growth(small: Size, large: Size) -> Iterator[Result]:
    """The last rounds of both: a community so large that it has few of them is compared with as many of the small one."""
    beside = f"{small.members:,} members"
    rounds = len(large.seconds)
    name = f"a week per member, {large.members:,}"
    yield Result(name, beside, TIME, FLAT, ours=large.per_member, theirs=small.per_member[-rounds:])
    for name, ours, theirs in (
        ("memory of Python", large.python, small.python),
        ("memory of its connection", large.database, small.database),
    ):
        turns = min(len(ours), len(theirs))
        name = f"{name}, {large.members:,}"
        yield Result(name, beside, MEMORY, FLAT, ours=ours[-turns:], theirs=theirs[-turns:])
