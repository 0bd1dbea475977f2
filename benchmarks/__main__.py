"""`python -m benchmarks [names]`, `make bench ARGS="transfers --quick"`: prints a table of ratios."""

import argparse
import importlib
import os
import platform
import signal
import sys

from benchmarks import place
from benchmarks.options import Options
from benchmarks.results import Result, table

NAMES = ("transfers", "hot", "weekly", "settlement", "queue", "feeds")


def main(arguments: list[str]) -> int:
    """Run what was chosen; 1 when a goal was missed, 2 when something failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}; all when none is given")
    parser.add_argument("--quick", action="store_true", help="small and short: shows that all of it runs, not how fast")
    parser.add_argument("--members", type=int, help="members in the community (100,000; weekly: up to 1,000,000)")
    parser.add_argument("--rounds", type=int, help="rounds (5)")
    parser.add_argument("--seconds", type=float, help="length of one turn of a variant (2)")
    given = parser.parse_args(arguments)
    unknown = set(given.names) - set(NAMES)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; choose from {', '.join(NAMES)}")
    small = given.quick
    members = given.members or (10_000 if small else 100_000)
    options = Options(
        members=members,
        sizes=(members // 10, members) if given.members or small else (10_000, 100_000, 1_000_000),
        rounds=given.rounds or (2 if small else 5),
        seconds=given.seconds or (1 if small else 2),
    )
    results: list[Result] = []
    # Whoever is told to end leaves as at the end of a run, and its servers with it.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(143))
    place.prepare()
    for name in given.names or NAMES:
        results += _run(name, options)
    print(f"\n{_machine()}; {options.members:,} members where not said\n")
    print(table(results))
    return int(any(result.is_met is False for result in results))


def _run(name: str, options: Options) -> list[Result]:
    """One benchmark; each begins with an empty database."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    found = []
    for result in importlib.import_module(f"benchmarks.{name}").run(options):
        print(table([result]).splitlines()[-1], file=sys.stderr, flush=True)
        found.append(result)
    return found


def _machine() -> str:
    version = place.execute("SHOW server_version")[0][0]
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, PostgreSQL {version}, fsync {place.execute('SHOW fsync')[0][0]}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
