"""What everybody wants at once: one post that all tip, one treasury that all pay into, beside the same spread out."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import community, errands
from benchmarks.crowd import Crowd, crowd
from benchmarks.options import Options
from benchmarks.place import settle_down
from benchmarks.results import RATE, Result, alternate

PEOPLE = 8
HOT = 1  # the post
ROLL_UP_EVERY = 1.0  # seconds


def run(options: Options) -> Iterator[Result]:
    """8 processes; meanwhile the funds are rolled up once a second, or what they are owed would only grow."""
    community.populate(options.members)
    settle_down()
    with crowd(PEOPLE) as people:
        found = alternate(
            {
                "spread": _rate(people, options, errands.tips),
                "hot": _rate(people, options, errands.tips_on_one, HOT),
            },
            rounds=options.rounds,
            when_warm=settle_down,
        )
        name = f"tips on one post, {PEOPLE} processes"
        yield Result(name, "tips on any post", RATE, 0.9, ours=found["hot"], theirs=found["spread"])
        found = alternate(
            {
                "hot": _rate(people, options, errands.sales),
                "spread": _rate(people, options, errands.sales_for_any_fund),
                "three": _rate(people, options, errands.sales_between_three),
            },
            rounds=options.rounds,
            when_warm=settle_down,
        )
        name = f"buyer → seller + treasury, {PEOPLE} processes"
        yield Result(name, "the same, any fund", RATE, 0.9, ours=found["hot"], theirs=found["spread"])
        yield Result(name, "buyer → seller + any member", RATE, 0.9, ours=found["hot"], theirs=found["three"])


def _rate(people: Crowd, options: Options, errand: Any, *given: Any) -> Callable[[], float]:
    def turn() -> float:
        from economy.ledger.operations import roll_up_funds

        people.start(errand, options.members, *given, seconds=options.seconds)
        until = time.monotonic() + options.seconds
        while time.monotonic() + ROLL_UP_EVERY < until:
            time.sleep(ROLL_UP_EVERY)
            roll_up_funds()
        rate = people.wait().rate
        roll_up_funds()
        return rate

    return turn
