"""Gifts, sales and tips through the product's operations, beside pgbench writing the same rows in bare SQL, beside plain
Django, and gifts beside django-hordak."""

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import community, errands, plain
from benchmarks.crowd import Crowd, crowd
from benchmarks.hordak import Peer, hordak
from benchmarks.options import Options
from benchmarks.place import REFERENCE, execute, pgbench, server, settle_down
from benchmarks.results import RATE, Result, alternate

CLIENTS = (1, 4, 8)
BARE, PLAIN = "bare SQL, pgbench", "plain Django"

Variants = dict[str, Callable[[], float]]


def run(options: Options) -> Iterator[Result]:
    """1, 4 and 8 clients; in each round all variants take their turn."""
    community.populate(options.members)
    for script in ("ledger.sql", "tips.sql", "sales.sql"):
        server().psql(REFERENCE / script)
    # Rows that plain Django locks; ours makes them when it rolls up.
    execute(
        "INSERT INTO economy_fundbalance VALUES ('treasury', 0, now()), ('content', 0, now()) ON CONFLICT DO NOTHING"
    )
    with hordak(options.members, people=max(CLIENTS)) as peer, crowd(max(CLIENTS)) as people:
        for clients in CLIENTS:
            turn = Turn(options, people, peer, clients)
            yield from turn.gifts()
            yield from turn.sales()
            yield from turn.tips()


class Turn:
    """All that is measured with one number of clients."""

    def __init__(self, options: Options, people: Crowd, peer: Peer, clients: int) -> None:
        self._options, self._people, self._peer, self._clients = options, people, peer, clients

    def gifts(self) -> Iterator[Result]:
        found = self._alternate(
            {
                "bare": self._bare("give.pgbench"),
                "ours": self._python(errands.gifts),
                "function": self._bare("our_gift.pgbench"),
                "plain": self._python(plain.plain_gifts),
                "hordak": self._hordak(is_careful=False),
                "careful": self._hordak(is_careful=True),
            }
        )
        yield self._result("gift", BARE, found, 0.6, theirs="bare")
        yield self._result("economy_give alone", BARE, found, None, ours="function", theirs="bare")
        yield self._result("gift", PLAIN, found, 5, theirs="plain")
        yield self._result("gift", "django-hordak, transfer_to", found, 8, theirs="hordak")
        yield self._result("gift", "… with lock and balance check", found, 8, theirs="careful")

    def sales(self) -> Iterator[Result]:
        found = self._alternate(
            {
                "bare": self._bare("sale.pgbench"),
                "ours": self._python(errands.sales),
                "plain": self._python(plain.plain_sales),
            }
        )
        yield self._result("buyer → seller + treasury", BARE, found, 0.6, theirs="bare")
        yield self._result("buyer → seller + treasury", PLAIN, found, 5, theirs="plain")

    def tips(self) -> Iterator[Result]:
        found = self._alternate(
            {
                "bare": self._bare("tip.pgbench", posts=community.posts(self._options.members)),
                "ours": self._python(errands.tips),
                "function": self._bare("our_tip.pgbench", posts=community.posts(self._options.members)),
                "plain": self._python(plain.plain_tips),
            }
        )
        yield self._result("tip", BARE, found, 0.6, theirs="bare")
        yield self._result("social_tip_alone alone", BARE, found, None, ours="function", theirs="bare")
        yield self._result("tip", PLAIN, found, 5, theirs="plain")

    def _result(
        self,
        name: str,
        reference: str,
        found: dict[str, list[float]],
        goal: float | None,
        *,
        theirs: str,
        ours: str = "ours",
    ) -> Result:
        many = "1 client" if self._clients == 1 else f"{self._clients} processes"
        return Result(f"{name}, {many}", reference, RATE, goal, ours=found[ours], theirs=found[theirs])

    def _alternate(self, variants: Variants) -> dict[str, list[float]]:
        return alternate(variants, rounds=self._options.rounds, when_warm=settle_down)

    def _bare(self, script: str, **variables: object) -> Callable[[], float]:
        options = self._options
        return lambda: pgbench(
            REFERENCE / script, clients=self._clients, seconds=options.seconds, members=options.members, **variables
        )

    def _python(self, errand: Any) -> Callable[[], float]:
        options = self._options
        return lambda: self._people.work(errand, options.members, seconds=options.seconds, people=self._clients).rate

    def _hordak(self, *, is_careful: bool) -> Callable[[], float]:
        return lambda: self._peer.work(is_careful=is_careful, seconds=self._options.seconds, people=self._clients)
